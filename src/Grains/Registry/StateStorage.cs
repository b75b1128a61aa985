namespace BlindGrain.Grains.Registry;

/// <summary>Stores grains' states so that memory never claims what the store does not hold.</summary>
internal static class StateStorage
{
    /// <summary>
    /// Stores a state. An activation whose write failed is dropped: it cannot tell whether the store has the new state or the old one,
    /// and would answer a repeated call from its memory, as done.
    /// </summary>
    public static async Task StoreAsync<T>(this IGrainBase grain, IPersistentState<T> state)
    {
        try
        {
            await state.WriteStateAsync();
        }
        catch
        {
            grain.DeactivateOnIdle();
            throw;
        }
    }
}
