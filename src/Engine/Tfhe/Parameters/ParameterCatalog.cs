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
        // n, k, N, ν, bootstrap β and l, key switch β and l.
        (int SmallDimension, int GlweDimension, int Size, int Log2Extension, int Beta, int Levels, int KeyswitchBeta, int KeyswitchLevels)[] rows =
        [
            (758, 3, 512, 0, 17, 1, 3, 4),
            (742, 4, 512, 0, 23, 1, 4, 3),
            (783, 4, 512, 0, 23, 1, 4, 3),
            (845, 4, 512, 0, 23, 1, 5, 3),
            (797, 2, 1024, 0, 23, 1, 4, 3),
            (835, 2, 1024, 0, 23, 1, 5, 3),
            (819, 2, 1024, 0, 23, 1, 3, 5),
            (864, 2, 1024, 0, 23, 1, 5, 3),
            (800, 1, 2048, 0, 23, 1, 3, 5),
            (834, 1, 2048, 0, 23, 1, 3, 5),
            (909, 1, 2048, 0, 23, 1, 3, 6),
            (918, 1, 2048, 0, 23, 1, 4, 4),
            (842, 1, 2048, 1, 23, 1, 3, 5),
            (831, 1, 2048, 0, 15, 2, 3, 5),
            (922, 1, 2048, 1, 23, 1, 4, 4),
            (839, 1, 2048, 1, 15, 2, 3, 5),
            (885, 1, 2048, 1, 15, 2, 3, 5),
            (870, 1, 2048, 2, 23, 1, 2, 8),
            (855, 1, 2048, 2, 15, 2, 2, 8),
            (892, 1, 2048, 2, 15, 2, 2, 9),
            (897, 1, 2048, 3, 15, 2, 2, 9),
            (936, 1, 2048, 3, 15, 2, 2, 9),
            (940, 1, 2048, 4, 15, 2, 2, 9),
            (980, 1, 2048, 4, 15, 2, 2, 10),
            (981, 1, 2048, 5, 15, 2, 2, 10),
            (1020, 1, 2048, 5, 15, 2, 2, 11),
        ];
        return [.. rows
            .Select(r => new ParameterSet(
                new LweDimension(r.SmallDimension),
                new GlweDimension(r.GlweDimension),
                new PolynomialSize(r.Size),
                new Decomposition(r.Beta, r.Levels),
                new Decomposition(r.KeyswitchBeta, r.KeyswitchLevels),
                r.Log2Extension))
            .OrderBy(p => p.Cost)];
    }
}
