namespace BlindGrain.Grains.Workers;

/// <summary>Bounds what a worker holds, in all and a tenant, so that memory is bounded and one tenant cannot take every place. Thread-safe.</summary>
internal sealed class Admission(int total, int perTenant)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _tenants = new(StringComparer.Ordinal);
    private int _held;

    /// <summary>A place, to be disposed, or null where there is none.</summary>
    /// <param name="tenant">Whose slice it is.</param>
    /// <param name="isUrgent">Whether it is more urgent than most: half as many places again are kept for such slices, so that the others cannot shut them out.</param>
    public IDisposable? TryEnter(string tenant, bool isUrgent = false)
    {
        lock (_gate)
        {
            int held = _tenants.GetValueOrDefault(tenant);
            if (_held >= total || held >= (isUrgent ? perTenant + ((perTenant + 1) / 2) : perTenant))
            {
                return null;
            }

            _held++;
            _tenants[tenant] = held + 1;
            return new Place(this, tenant);
        }
    }

    private void Leave(string tenant)
    {
        lock (_gate)
        {
            _held--;
            if (--_tenants[tenant] == 0)
            {
                _ = _tenants.Remove(tenant);
            }
        }
    }

    private sealed class Place(Admission admission, string tenant) : IDisposable
    {
        private bool _left;

        public void Dispose()
        {
            if (!Interlocked.Exchange(ref _left, true))
            {
                admission.Leave(tenant);
            }
        }
    }
}
