namespace BlindGrain.Engine.Tfhe.Bootstrapping;

/// <summary>A yes or no that the JIT compiler knows, so that it makes a loop for each.</summary>
internal interface IChoice
{
    /// <summary>Which.</summary>
    static abstract bool Value { get; }
}

/// <summary>Yes.</summary>
internal readonly struct Yes : IChoice
{
    public static bool Value => true;
}

/// <summary>No.</summary>
internal readonly struct No : IChoice
{
    public static bool Value => false;
}
