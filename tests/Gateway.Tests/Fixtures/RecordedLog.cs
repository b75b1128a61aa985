using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace BlindGrain.Gateway.Tests.Fixtures;

/// <summary>Keeps all that is logged.</summary>
public sealed class RecordedLog : ILoggerProvider
{
    private readonly ConcurrentQueue<Entry> _entries = new();

    public Entry[] All => [.. _entries];

    public Entry[] Of(string category) => [.. _entries.Where(e => e.Category == category)];

    public ILogger CreateLogger(string categoryName) => new Recorder(categoryName, _entries);

    public void Dispose()
    {
    }

    /// <summary>One message.</summary>
    public sealed record Entry(string Category, int Id, LogLevel Level, string Text);

    private sealed class Recorder(string category, ConcurrentQueue<Entry> entries) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            entries.Enqueue(new Entry(category, eventId.Id, logLevel, $"{formatter(state, exception)} {exception}"));
    }
}
