namespace BlindGrain.Engine.Tfhe.Parameters;

/// <summary>
/// The parameter sets that models choose from: few, so that one key set serves many models. Each is the cheapest set found by
/// an optimizer over the 132-bit curve for some phase noise at the look-up, from 2^-7 to 2^-14 of the torus, and some squared
/// 2-norm of the linear map before it.
/// </summary>
public static class ParameterCatalog
{
    /// <summary>All sets, cheapest first.</summary>
    public static IReadOnlyList<ParameterSet> All { get; } = Build();

    /// <summary>The set of this id, or null where the catalogue has none.</summary>
    public static ParameterSet? Find(string id) => All.FirstOrDefault(p => p.Id == id);

    private static ParameterSet[] Build()
    {
        // n, k, N, bootstrap β and l, key switch β and l.
        (int SmallDimension, int GlweDimension, int Size, int Beta, int Levels, int KeyswitchBeta, int KeyswitchLevels)[] rows =
        [
            (758, 3, 512, 17, 1, 3, 4),
            (742, 4, 512, 23, 1, 4, 3),
            (783, 4, 512, 23, 1, 4, 3),
            (845, 4, 512, 23, 1, 5, 3),
            (797, 2, 1024, 23, 1, 4, 3),
            (835, 2, 1024, 23, 1, 5, 3),
            (819, 2, 1024, 23, 1, 3, 5),
            (864, 2, 1024, 23, 1, 5, 3),
            (800, 1, 2048, 23, 1, 3, 5),
            (834, 1, 2048, 23, 1, 3, 5),
            (909, 1, 2048, 23, 1, 3, 6),
            (918, 1, 2048, 23, 1, 4, 4),
            (831, 1, 2048, 15, 2, 3, 5),
            (867, 1, 2048, 15, 2, 2, 8),
            (898, 1, 4096, 23, 1, 4, 4),
            (924, 1, 4096, 23, 1, 4, 4),
            (960, 1, 4096, 23, 1, 3, 6),
            (941, 1, 4096, 15, 2, 3, 6),
            (976, 1, 8192, 23, 1, 3, 6),
            (923, 1, 8192, 15, 2, 3, 6),
            (964, 1, 8192, 15, 2, 3, 6),
            (1036, 1, 8192, 15, 2, 3, 7),
            (993, 1, 16384, 15, 2, 3, 6),
            (1063, 1, 16384, 15, 2, 4, 5),
            (1067, 1, 32768, 15, 2, 4, 5),
            (1083, 1, 32768, 15, 2, 4, 5),
            (1104, 1, 32768, 15, 2, 3, 7),
            (1150, 1, 65536, 14, 2, 3, 7),
        ];
        return [.. rows
            .Select(r => new ParameterSet(
                new LweDimension(r.SmallDimension),
                new GlweDimension(r.GlweDimension),
                new PolynomialSize(r.Size),
                new Decomposition(r.Beta, r.Levels),
                new Decomposition(r.KeyswitchBeta, r.KeyswitchLevels)))
            .OrderBy(p => p.Cost)];
    }
}
