using BlindGrain.Grains.Interfaces;

namespace BlindGrain.Grains.Registry;

/// <summary>The ids in a grain's key. Everything that a grain reads or writes is named by its own key's tenant.</summary>
internal static class GrainName
{
    /// <summary>Splits a key.</summary>
    /// <exception cref="ArgumentException">It has another number of parts, or one is no id.</exception>
    public static string[] Parts(IAddressable grain, int count)
    {
        string key = grain.GetPrimaryKeyString();
        string[] parts = GrainKeys.Split(key);
        return parts.Length == count && parts.All(GrainKeys.IsId)
            ? parts
            : throw new ArgumentException($"'{key}' is no key of this grain: it takes {count} ids, separated by '/', each {GrainKeys.IdForm}.");
    }
}
