namespace BlindGrain.Cli;

/// <summary>Entry point.</summary>
internal static class Program
{
    private static void Main()
    {
    }
}
