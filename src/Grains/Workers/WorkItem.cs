namespace BlindGrain.Grains.Workers;

/// <summary>A piece of work of one job: exactly one of the two actions is called, once, on any thread.</summary>
internal sealed record WorkItem(string Tenant, string Job, Action Run, Action Cancel);
