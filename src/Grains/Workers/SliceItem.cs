using BlindGrain.Engine.Execution;
using BlindGrain.Engine.Tfhe.Ciphertexts;
using BlindGrain.Grains.Caches;
using BlindGrain.Grains.Scheduling;

namespace BlindGrain.Grains.Workers;

/// <summary>A slice whose key is loaded. Its rotations may be taken by several threads, and together with other slices' of the same key set.</summary>
internal sealed class SliceItem : WorkItem, IDisposable
{
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource<LweBatch> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly KeyLease _lease;
    private readonly LookupRun _run;
    private readonly LookupWork _work;
    private readonly LweBatch _results;
    private int _left;
    private long _ticks;

    /// <summary>Who needs the key: the slice's owner, and passes that are being computed.</summary>
    private int _users = 1;

    /// <summary>Makes a slice ready to be taken.</summary>
    /// <param name="tenant">Whose it is.</param>
    /// <param name="job">The job.</param>
    /// <param name="lease">The key, loaded; the slice's from now on.</param>
    /// <param name="run">The rotations and what they read, checked against the model.</param>
    public SliceItem(string tenant, string job, KeyLease lease, LookupRun run)
        : base(tenant, job)
    {
        (_lease, _run, _left) = (lease, run, run.Ciphertexts.Count);
        _work = run.Model.Work(run.Step);
        _results = new LweBatch(_work.Parameters.BigDimension, _work.OutputsOf(run.FirstRotation, run.Ciphertexts.Count));
        LookupPass = LookupPass.Of(run.Model, run.Step);
        Pass = (lease.Key, LookupPass);
    }

    /// <summary>The results, once every rotation is done.</summary>
    public Task<LweBatch> Completion => _completion.Task;

    /// <summary>What the rotations cost by.</summary>
    public LookupPass LookupPass { get; }

    /// <summary>What slices must share to be computed together: the key and the kind of rotation.</summary>
    public object Pass { get; }

    /// <summary>The number of rotations.</summary>
    public int Rotations => _run.Ciphertexts.Count;

    /// <summary>Whether a thread has taken any of it.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>What its rotations took of the threads so far.</summary>
    public TimeSpan Computed => TimeSpan.FromTicks(Interlocked.Read(ref _ticks));

    public override void Cancel() => _completion.TrySetCanceled(CancellationToken.None);

    /// <summary>Gives the key back, once no pass uses it any more.</summary>
    public void Dispose() => Release();

    /// <summary>Computes shares of one pass on the calling thread; never throws.</summary>
    public static void Run(IReadOnlyList<Share<WorkItem>> shares, TimeProvider time)
    {
        // What was cancelled since it was taken is not worth its part of the pass.
        var wanted = shares.Select(s => (Item: (SliceItem)s.Item, s.First, s.Count)).Where(s => s.Item.TryRetain()).ToList();
        if (wanted.Count == 0)
        {
            return;
        }

        long begun = time.GetTimestamp();
        try
        {
            LookupRun[] runs = [.. wanted.Select(s => s.Item.Part(s.First, s.Count))];
            LweBatch[] results = wanted[0].Item._lease.Evaluate(e => e.Apply(runs));
            TimeSpan each = time.GetElapsedTime(begun) / wanted.Sum(s => s.Count);
            for (int i = 0; i < results.Length; i++)
            {
                wanted[i].Item.Take(wanted[i].First, wanted[i].Count, results[i], each);
            }
        }
        catch (Exception e)
        {
            wanted.ForEach(s => s.Item._completion.TrySetException(e));
        }
        finally
        {
            wanted.ForEach(s => s.Item.Release());
        }
    }

    private bool TryRetain()
    {
        lock (_gate)
        {
            bool wanted = _users > 0 && !_completion.Task.IsCompleted;
            _users += wanted ? 1 : 0;
            HasBegun |= wanted;
            return wanted;
        }
    }

    private void Release()
    {
        lock (_gate)
        {
            if (--_users > 0)
            {
                return;
            }
        }

        _lease.Dispose();
    }

    private LookupRun Part(int first, int count) => count == _run.Ciphertexts.Count
        ? _run
        : _run with { FirstRotation = _run.FirstRotation + first, Ciphertexts = _run.Ciphertexts.Slice(first, count) };

    private void Take(int first, int count, LweBatch part, TimeSpan each)
    {
        _results.Put(_work.OutputsOf(_run.FirstRotation, first), part);
        _ = Interlocked.Add(ref _ticks, (each * count).Ticks);
        if (Interlocked.Add(ref _left, -count) == 0)
        {
            _ = _completion.TrySetResult(_results);
        }
    }
}
