namespace BlindGrain.Gateway;

/// <summary>Entry point.</summary>
internal static class Program
{
    private static void Main()
    {
    }
}
