using BlindGrain.Grains.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BlindGrain.Grains.Workers;

/// <summary>Says when memory is short, so that work is turned away before the kernel ends the process. Thread-safe.</summary>
internal sealed class MemoryGuard(IOptions<WorkerOptions> options, TimeProvider time, ILogger<MemoryGuard> logger, Func<MemoryReading>? read = null)
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(250);
    private readonly Lock _gate = new();
    private readonly Func<MemoryReading> _read = read ?? MemoryReading.Now;
    private long _looked = -1;
    private bool _short;

    /// <summary>Whether more than <see cref="WorkerOptions.MemoryPercent"/> of the memory is in use; as of a quarter of a second ago at most.</summary>
    public bool IsShort
    {
        get
        {
            if (options.Value.MemoryPercent >= 100)
            {
                return false;
            }

            lock (_gate)
            {
                if (_looked < 0 || time.GetElapsedTime(_looked) >= s_interval)
                {
                    _looked = time.GetTimestamp();
                    Look();
                }

                return _short;
            }
        }
    }

    private void Look()
    {
        MemoryReading now = _read();
        bool before = _short;
        _short = now.Limit > 0 && now.Used > now.Limit / 100 * options.Value.MemoryPercent;
        if (_short && !before)
        {
            GrainsLog.MemoryShort(logger, now.Used >> 20, now.Limit >> 20);
        }
    }
}
