using System.Threading.Channels;
using BlindGrain.Grains.Interfaces;
using BlindGrain.Grains.Workers;

namespace BlindGrain.Grains.Jobs;

/// <summary>What a dispatcher hears: a slice's answer, a worker's word on what it holds, or that time passes.</summary>
internal abstract record Report
{
    /// <summary>A slice's answer; an exception is one too.</summary>
    public sealed record Answer(Flight Flight, SliceResult? Result, Exception? Failure) : Report;

    /// <summary>What a worker held; null where it did not say.</summary>
    public sealed record Holding(SiloAddress Silo, SliceName[]? Slices, long Asked) : Report;

    /// <summary>Time passes.</summary>
    public sealed record Tick : Report;
}

/// <summary>One walk's calls on workers. Nothing here fails or is waited for: whatever comes of a call comes as a <see cref="Report"/>.</summary>
internal sealed class SliceSender(SliceOwner owner, IWorkers workers, TimeProvider time)
{
    private readonly Channel<Report> _reports = Channel.CreateUnbounded<Report>();

    public SliceOwner Owner => owner;

    public ChannelReader<Report> Reports => _reports.Reader;

    /// <summary>Reports that time passes, again and again until disposed.</summary>
    public ITimer Tick(TimeSpan every) => time.CreateTimer(_ => _reports.Writer.TryWrite(new Report.Tick()), null, every, every);

    public void Send(Flight flight, SliceRequest request) => _ = SendAsync(flight, request);

    public void AskHeld(SiloAddress silo) => _ = AskHeldAsync(silo);

    /// <summary>Tells a worker that slices are no longer wanted.</summary>
    /// <param name="silo">The worker's silo.</param>
    /// <param name="slices">The slices; null for all.</param>
    /// <returns>Null, or why the worker was not told.</returns>
    public async Task<Exception?> CancelAsync(SiloAddress silo, SliceName[]? slices)
    {
        try
        {
            await workers.On(silo).Cancel(owner, slices);
            return null;
        }
        catch (Exception e)
        {
            return e;
        }
    }

    private async Task SendAsync(Flight flight, SliceRequest request)
    {
        try
        {
            Report(new Report.Answer(flight, await workers.On(flight.Silo).Execute(request), null));
        }
        catch (Exception e)
        {
            Report(new Report.Answer(flight, null, e));
        }
    }

    private async Task AskHeldAsync(SiloAddress silo)
    {
        long asked = time.GetTimestamp();
        try
        {
            Report(new Report.Holding(silo, await workers.On(silo).Held(owner), asked));
        }
        catch (Exception)
        {
            // It was not heard of: that is all there is to know.
            Report(new Report.Holding(silo, null, asked));
        }
    }

    private void Report(Report report) => _ = _reports.Writer.TryWrite(report);
}
