using System.Collections.Concurrent;
using System.Net;
using BlindGrain.Grains.Interfaces;
using BlindGrain.Grains.Workers;

namespace BlindGrain.Grains.Tests.Jobs;

/// <summary>Workers that answer as told, and remember what they were asked.</summary>
/// <param name="silos">How many there are; silo i has port i + 1.</param>
/// <param name="answer">The answer of a silo to its caller's n-th call, counted over all silos.</param>
internal sealed class FakeWorkers(int silos, Func<int, SliceRequest, int, Task<SliceResult>> answer) : IWorkers
{
    private readonly List<SiloAddress> _silos = [.. Enumerable.Range(0, silos).Select(i => SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 1 + i), 1))];
    private readonly List<SiloAddress> _leaving = [];
    private readonly ConcurrentDictionary<int, TaskCompletionSource> _asked = new();
    private int _calls;

    /// <summary>What a silo holds; null where it does not even answer that.</summary>
    public Func<int, SliceName[]?> Holds { get; set; } = _ => null;

    public ConcurrentQueue<(int Silo, SliceRequest Request)> Requests { get; } = new();

    /// <summary>Silo, job, and the slices or nothing for all.</summary>
    public ConcurrentQueue<(int Silo, string Job, SliceName? Slice)> Cancelled { get; } = new();

    public IReadOnlyCollection<SiloAddress> Active => Copy(_silos);

    public IReadOnlyCollection<SiloAddress> Leaving => Copy(_leaving);

    public IWorkerService On(SiloAddress silo) => new FakeWorker(this, silo.Endpoint.Port - 1);

    public Task Asked(int silo) => AskedSource(silo).Task.WaitAsync(TimeSpan.FromSeconds(60));

    public void Lose(int silo)
    {
        lock (_silos)
        {
            _ = _silos.RemoveAll(s => s.Endpoint.Port == silo + 1);
        }
    }

    public void Leave(int silo)
    {
        lock (_silos)
        {
            _leaving.Add(_silos.Single(s => s.Endpoint.Port == silo + 1));
            _ = _silos.RemoveAll(s => s.Endpoint.Port == silo + 1);
        }
    }

    public void Return(int silo)
    {
        lock (_silos)
        {
            _silos.Add(SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 1 + silo), 1));
        }
    }

    private SiloAddress[] Copy(List<SiloAddress> list)
    {
        lock (_silos)
        {
            return [.. list];
        }
    }

    private TaskCompletionSource AskedSource(int silo) => _asked.GetOrAdd(silo, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));

    private sealed class FakeWorker(FakeWorkers workers, int silo) : IWorkerService
    {
        public async Task<SliceResult> Execute(SliceRequest request)
        {
            int call = Interlocked.Increment(ref workers._calls);
            workers.Requests.Enqueue((silo, request));
            _ = workers.AskedSource(silo).TrySetResult();
            return await workers.Answer(silo, request, call);
        }

        public Task<SliceName[]> Held(SliceOwner owner) => workers.Holds(silo) is { } held ? Task.FromResult(held) : new TaskCompletionSource<SliceName[]>().Task;

        public Task Cancel(SliceOwner owner, SliceName[]? slices)
        {
            foreach (SliceName? slice in slices?.Select(s => (SliceName?)s) ?? [null])
            {
                workers.Cancelled.Enqueue((silo, $"{owner.Tenant}/{owner.Job}", slice));
            }

            return Task.CompletedTask;
        }

        public Task Evict(string tenant, string keySet) => Task.CompletedTask;
    }

    private Task<SliceResult> Answer(int silo, SliceRequest request, int call) => answer(silo, request, call);
}
