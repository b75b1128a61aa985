using OpenTelemetry;
using OpenTelemetry.Logs;

namespace BlindGrain.Management.Telemetry;

/// <summary>Gives exported log records the number of their message, which is what alerts and searches can rely on: texts change.</summary>
internal sealed class EventIds : BaseProcessor<LogRecord>
{
    /// <summary>The attribute.</summary>
    public const string Attribute = "event.id";

    public override void OnEnd(LogRecord data)
    {
        if (data.EventId.Id != 0)
        {
            data.Attributes = [.. data.Attributes ?? [], new(Attribute, data.EventId.Id)];
        }
    }
}
