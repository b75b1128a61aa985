namespace BlindGrain.Engine.Tfhe.Parameters;

/// <summary>The time of one unit of work for one ciphertext, nanoseconds.</summary>
/// <param name="Alone">Where the ciphertext has a pass over the keys to itself, on one thread of an idle machine.</param>
/// <param name="Batched">Where a full batch shares the pass, likewise.</param>
/// <param name="AloneBusy">As <paramref name="Alone"/> while every thread does the same: caches and memory are shared.</param>
/// <param name="BatchedBusy">As <paramref name="Batched"/>, likewise.</param>
public sealed record UnitTime(double Alone, double Batched, double AloneBusy, double BatchedBusy)
{
    /// <summary>
    /// The time in a batch of <paramref name="count"/> where a full one has <paramref name="full"/>: the pass over the keys is shared, the
    /// rest is each ciphertext's own, so time = own + shared/count through both measured points.
    /// </summary>
    public double At(int count, int full, bool busy)
    {
        (double alone, double batched) = busy ? (AloneBusy, BatchedBusy) : (Alone, Batched);
        if (full <= 1 || count >= full)
        {
            return full <= 1 ? alone : batched;
        }

        double shared = (alone - batched) / (1 - (1.0 / full));
        return alone - (shared * (1 - (1.0 / count)));
    }
}
