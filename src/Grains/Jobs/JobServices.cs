using BlindGrain.Engine.Execution;
using BlindGrain.Grains.Caches;
using BlindGrain.Grains.Diagnostics;
using BlindGrain.Grains.Hosting;
using BlindGrain.Grains.Scheduling;
using BlindGrain.Grains.Workers;
using BlindGrain.Storage;
using Microsoft.Extensions.Options;

namespace BlindGrain.Grains.Jobs;

/// <summary>What a job's walk needs of its silo.</summary>
internal sealed record JobServices(
    IBlobStore Blobs, IWorkers Workers, WorkerPool Pool, ModelCache Models, JobGate Gate, CostBook<LookupPass> Costs, IOptions<WorkerOptions> Options, TimeProvider Time, GrainsMetrics Metrics);
