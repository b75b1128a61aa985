using BlindGrain.Grains.Scheduling;
using BlindGrain.Grains.Workers;

namespace BlindGrain.ScaleModel;

/// <summary>One silo: worker threads behind the cluster's own fair queue and admission, a key cache, a network card, a core that carries messages, and places for jobs.</summary>
internal sealed class SimulatedSilo
{
    private readonly Scenario _scenario;
    private readonly SimulatedTime _time;
    private readonly FairQueue<SimulatedWork> _queue = new(_ => 1, TimeSpan.FromSeconds(2).TotalMilliseconds);
    private readonly Queue<Action> _waitingJobs = new();
    private int _idle;
    private int _jobs;

    public SimulatedSilo(int index, Scenario scenario, SimulatedTime time, SimulatedStorage storage)
    {
        (Index, _scenario, _time, _idle) = (index, scenario, time, scenario.Threads);
        Name = $"S10.{index >> 16}.{(index >> 8) & 255}.{index & 255}:11111@{index}";
        Admission = new Admission(scenario.Slices, Math.Max(8, 4 * scenario.Threads));
        Keys = new SimulatedKeyCache(scenario, time, storage, this);
    }

    public int Index { get; }

    /// <summary>What rendezvous hashing knows it by.</summary>
    public string Name { get; }

    public Admission Admission { get; }

    public SimulatedKeyCache Keys { get; }

    public SerialResource Outgoing { get; } = new();

    public SerialResource Incoming { get; } = new();

    public SerialResource Messages { get; } = new();

    /// <summary>The milliseconds for which threads computed.</summary>
    public double Computed { get; private set; }

    /// <summary>The waiting work of a tenant, in milliseconds of one thread.</summary>
    public double Backlog(string tenant) => _queue.Backlog(tenant);

    /// <summary>Queues work, as a worker's pool does.</summary>
    public void Add(SimulatedWork work)
    {
        _queue.Add(work, new WorkTerms(work.Tenant, 0, null, work.Units, work.UnitMilliseconds, work.Pass, work.Pass is null ? 1 : _scenario.PassCapacity));
        Work();
    }

    /// <summary>Has a job begin when there is a place for it.</summary>
    public void Enter(Action begin)
    {
        if (_jobs < _scenario.RunningJobs)
        {
            _jobs++;
            begin();
        }
        else
        {
            _waitingJobs.Enqueue(begin);
        }
    }

    /// <summary>A job has ended.</summary>
    public void Leave()
    {
        if (_waitingJobs.TryDequeue(out Action? next))
        {
            next();
        }
        else
        {
            _jobs--;
        }
    }

    private void Work()
    {
        while (_idle > 0 && _queue.TryTake(_idle, _scenario.Threads) is { } turn)
        {
            _idle--;
            double milliseconds = turn.Shares.Sum(s => s.Count * s.Item.UnitMilliseconds);
            _time.After(milliseconds, () =>
            {
                Computed += milliseconds;
                _queue.Settle(turn, milliseconds);
                _idle++;
                foreach (Share<SimulatedWork> share in turn.Shares)
                {
                    share.Item.Did(share.Count);
                }

                Work();
            });
        }
    }
}
