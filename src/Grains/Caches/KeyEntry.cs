using System.Collections.Concurrent;
using BlindGrain.Engine.Execution;
using BlindGrain.Engine.Tfhe.Keys;
using BlindGrain.Engine.Tfhe.Parameters;

namespace BlindGrain.Grains.Caches;

/// <summary>A key in the cache with the work spaces that threads have made for it. The counters belong to the cache's lock.</summary>
internal sealed class KeyEntry(KeyName name, KeyNeeds needs)
{
    private readonly ConcurrentBag<LookupEvaluator> _evaluators = [];

    public KeyName Name { get; } = name;

    /// <summary>What is expanded: what a model needs, of all that the key set is for.</summary>
    public KeyNeeds Needs { get; } = needs;

    /// <summary>The memory that the entry counts for: the parameters' estimate, then the key's own figure.</summary>
    public long Bytes { get; set; } = needs.ExpandedBytes;

    /// <summary>Those who use it; the load counts as one.</summary>
    public int Leases { get; set; }

    /// <summary>It is no longer in the index and goes with its last lease.</summary>
    public bool Evicted { get; set; }

    /// <summary>A timestamp of the cache's clock.</summary>
    public long LastUse { get; set; }

    /// <summary>How long the load took.</summary>
    public TimeSpan LoadTime { get; set; }

    /// <summary>Ends when the load does.</summary>
    public Task Ready { get; set; } = Task.CompletedTask;

    /// <summary>The key, once it is loaded.</summary>
    public ServerKey? Key { get; set; }

    /// <summary>Runs <paramref name="work"/> with a work space that no other thread uses meanwhile.</summary>
    public T Evaluate<T>(Func<LookupEvaluator, T> work)
    {
        if (!_evaluators.TryTake(out LookupEvaluator? evaluator))
        {
            evaluator = new LookupEvaluator(Key ?? throw new InvalidOperationException("A lease is awaited before it is used."));
        }

        try
        {
            return work(evaluator);
        }
        finally
        {
            _evaluators.Add(evaluator);
        }
    }

    /// <summary>Frees work spaces and key; nobody uses them any more.</summary>
    public void Free()
    {
        while (_evaluators.TryTake(out LookupEvaluator? evaluator))
        {
            evaluator.Dispose();
        }

        Key?.Dispose();
    }
}
