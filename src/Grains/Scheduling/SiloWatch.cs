namespace BlindGrain.Grains.Scheduling;

/// <summary>
/// Which silos are heard of while they have work. A silo that answers nothing for a while, not even the question what it holds, is silent: hung, stopped or
/// cut off, long before membership says so. Who watches and was itself stopped blames nobody. Not thread-safe.
/// </summary>
/// <param name="silentAfter">How long a silo may be unheard of.</param>
/// <param name="time">The clock.</param>
internal sealed class SiloWatch<TSilo>(TimeSpan silentAfter, TimeProvider time)
    where TSilo : notnull
{
    private readonly Dictionary<TSilo, Heard> _silos = [];
    private readonly TimeSpan _interval = silentAfter / 3;
    private long _looked = time.GetTimestamp();

    /// <summary>To be called a few times in each interval, before the others.</summary>
    public void Look()
    {
        if (time.GetElapsedTime(_looked) > _interval)
        {
            // These clocks stood still, or this thread did: the answers may be waiting behind it.
            foreach (Heard heard in _silos.Values)
            {
                heard.At = time.GetTimestamp();
            }
        }

        _looked = time.GetTimestamp();
    }

    /// <summary>Work is sent to a silo: from now on it is to be heard of.</summary>
    public void Sent(TSilo silo, bool isFirst)
    {
        if (!_silos.TryGetValue(silo, out Heard? heard))
        {
            _silos.Add(silo, heard = new Heard { At = time.GetTimestamp() });
        }
        else if (isFirst && !heard.Asked)
        {
            heard.At = time.GetTimestamp();
        }
    }

    /// <summary>A silo answered, whatever it said.</summary>
    public void Answered(TSilo silo)
    {
        if (_silos.TryGetValue(silo, out Heard? heard))
        {
            heard.At = time.GetTimestamp();
        }
    }

    /// <summary>Whether it is time to ask a silo that has work what it holds; then it counts as asked until <see cref="Told"/>.</summary>
    public bool TryAsk(TSilo silo)
    {
        if (!_silos.TryGetValue(silo, out Heard? heard) || heard.Asked || time.GetElapsedTime(heard.At) < _interval)
        {
            return false;
        }

        heard.Asked = true;
        return true;
    }

    /// <summary>The question was answered, or failed.</summary>
    public void Told(TSilo silo)
    {
        if (_silos.TryGetValue(silo, out Heard? heard))
        {
            heard.Asked = false;
        }
    }

    /// <summary>Whether a silo with work has not been heard of for too long.</summary>
    public bool IsSilent(TSilo silo) => _silos.TryGetValue(silo, out Heard? heard) && heard.Asked && time.GetElapsedTime(heard.At) > silentAfter;

    private sealed class Heard
    {
        public long At { get; set; }

        public bool Asked { get; set; }
    }
}
