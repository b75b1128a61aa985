namespace BlindGrain.ScaleModel;

/// <summary>Units of work that threads can share: a slice's rotations, or one linear step.</summary>
/// <param name="Tenant">Whose it is.</param>
/// <param name="Units">The units.</param>
/// <param name="UnitMilliseconds">What each takes of a thread.</param>
/// <param name="Pass">What units must have in common to be computed together; null where there is nothing to share.</param>
/// <param name="Done">Called when all are done.</param>
internal sealed record SimulatedWork(string Tenant, int Units, double UnitMilliseconds, object? Pass, Action Done)
{
    private int _left = Units;

    public void Did(int units)
    {
        if ((_left -= units) == 0)
        {
            Done();
        }
    }
}
