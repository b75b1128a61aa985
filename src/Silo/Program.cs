namespace BlindGrain.Silo;

/// <summary>Host of the grains.</summary>
internal static class Program
{
    private static void Main()
    {
    }
}
