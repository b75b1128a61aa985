using BlindGrain.Grains.Scheduling;

namespace BlindGrain.ScaleModel;

/// <summary>
/// A job's walk and its dispatcher. What is decided, how large slices are, where they go, how many a silo gets, who is left alone, is decided by the cluster's own
/// classes; this only carries it out in simulated time, as <c>SliceDispatcher</c> does in real time. Nothing fails here, so nothing is hedged or sent again but for busy answers.
/// </summary>
internal sealed class SimulatedJob(ScaleSimulation cluster, int keySet, SimulatedSilo home)
{
    private readonly SiloLoads<SimulatedSilo> _loads = new(Math.Max(2, 2 * cluster.Scenario.Threads), cluster.Time);
    private readonly SliceSize _sizes = new(cluster.Scenario.SliceDuration);
    private readonly Queue<int> _again = new();
    private readonly string _tenant = $"t{keySet}";
    private readonly double _arrived = cluster.Time.Now;
    private int _layer;
    private int _uncut;
    private int _left;
    private int _flying;
    private int _tick;

    private Scenario Scenario => cluster.Scenario;

    private bool HasWaiting => _uncut > 0 || _again.Count > 0;

    /// <summary>Reads the input once the job has a place on its silo, then walks.</summary>
    public void Start() => home.Enter(() => cluster.Storage.Transfer(Scenario.CiphertextBytes, home.Incoming, BeginLayer));

    private void BeginLayer() => home.Add(new SimulatedWork(_tenant, 1, Scenario.LinearMilliseconds, null, () =>
    {
        _left = _uncut = Scenario.Layers[_layer];
        Launch();
    }));

    private void Launch()
    {
        if (!HasWaiting)
        {
            return;
        }

        SimulatedSilo[] homes = cluster.Homes(keySet);
        int worth = _sizes.Silos(Scenario.Layers[_layer], Scenario.RotationMilliseconds, Scenario.Threads, homes.Length);
        while (HasWaiting && _loads.TryTake(homes, worth, out SimulatedSilo? silo, out bool spill))
        {
            if (!_again.TryDequeue(out int count))
            {
                count = _sizes.Next(_uncut, Scenario.CiphertextBytes, Scenario.RotationMilliseconds, Scenario.Threads * worth, Scenario.PassCapacity);
                _uncut -= count;
            }

            _flying++;
            Send(home, silo!, count * Scenario.CiphertextBytes, () => Execute(silo!, count, spill));
        }

        if (HasWaiting)
        {
            // Where no answer comes before, the next look is at the dispatcher's tick.
            int tick = ++_tick;
            cluster.Time.After(_flying == 0 ? 20 : 250, () =>
            {
                if (tick == _tick)
                {
                    Launch();
                }
            });
        }
    }

    /// <summary>A message from one silo to another: written, carried, read. Within a silo it is only handed over.</summary>
    private void Send(SimulatedSilo from, SimulatedSilo to, double bytes, Action arrived)
    {
        double written = from.Messages.Serve(cluster.Time.Now, Scenario.MessageMilliseconds);
        if (from == to)
        {
            cluster.Time.At(written, arrived);
            return;
        }

        cluster.Time.At(written, () =>
        {
            double transfer = bytes / Scenario.NetworkBytesPerSecond * 1000;
            double sent = from.Outgoing.Serve(cluster.Time.Now, transfer);
            cluster.Time.At(sent + Scenario.LatencyMilliseconds, () =>
            {
                double received = to.Incoming.Serve(cluster.Time.Now - transfer, transfer);
                cluster.Time.At(to.Messages.Serve(received, Scenario.MessageMilliseconds), arrived);
            });
        });
    }

    private void Execute(SimulatedSilo silo, int count, bool spill)
    {
        IDisposable? place = silo.Admission.TryEnter(_tenant);
        if (place is null)
        {
            Busy(silo, count, Math.Clamp(silo.Backlog(_tenant) / 2, 20, 500));
            return;
        }

        bool has = silo.Keys.TryAcquire(keySet, mayDisplace: !spill, () => silo.Add(new SimulatedWork(_tenant, count, Scenario.RotationMilliseconds, cluster.PassOf(keySet), () =>
        {
            silo.Keys.Release(keySet);
            place.Dispose();
            Send(silo, home, count * Scenario.CiphertextBytes, () => Land(silo, count));
        })));
        if (!has)
        {
            place.Dispose();
            Busy(silo, count, 1000);
        }
    }

    private void Busy(SimulatedSilo silo, int count, double milliseconds) => Send(silo, home, 100, () =>
    {
        cluster.Turned();
        _flying--;
        _loads.Busy(silo, TimeSpan.FromMilliseconds(milliseconds));
        _again.Enqueue(count);
        Look();
    });

    private void Land(SimulatedSilo silo, int count)
    {
        _flying--;
        _loads.Done(silo);
        cluster.Did(count);
        if ((_left -= count) > 0)
        {
            Look();
            return;
        }

        // The layer's values and the job's state.
        cluster.Storage.Transfer(Scenario.Layers[_layer] * (double)Scenario.CiphertextBytes, home.Outgoing, () =>
            cluster.Storage.Transfer(1000, home.Outgoing, () =>
            {
                if (++_layer < Scenario.Layers.Count)
                {
                    BeginLayer();
                }
                else
                {
                    home.Leave();
                    cluster.Ended(cluster.Time.Now - _arrived);
                }
            }));
    }

    /// <summary>A turn of the dispatcher's loop: it looks at every silo.</summary>
    private void Look() => cluster.Time.At(home.Messages.Serve(cluster.Time.Now, Scenario.LookMicrosecondsPerSilo * Scenario.Silos / 1000), Launch);
}
