using System.Diagnostics;
using System.Text;

namespace BlindGrain.Cli.Tests.Running;

/// <summary>A server process that runs until disposed; its output is collected as it comes.</summary>
internal sealed class Server : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _error = new();
    private readonly Task _reading;

    public Server(Process process)
    {
        _process = process;
        _reading = Collect(process.StandardError);
    }

    /// <summary>Standard error so far.</summary>
    public string Error
    {
        get
        {
            lock (_error)
            {
                return _error.ToString();
            }
        }
    }

    /// <summary>The bytes of memory that the process occupies.</summary>
    public long ResidentBytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>Lines of standard output up to and including the first that holds <paramref name="text"/>; later ones go to <see cref="Error"/>.</summary>
    public Task<string> ReadOutputUntil(string text) => ReadOutput(line => line.Contains(text, StringComparison.Ordinal), text);

    /// <summary>As <see cref="ReadOutputUntil"/>, up to a line that is <paramref name="text"/>.</summary>
    public Task<string> ReadOutputUntilLine(string text) => ReadOutput(line => line == text, text);

    private async Task<string> ReadOutput(Predicate<string> isLast, string text)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        var lines = new StringBuilder();
        while (true)
        {
            string? line = await _process.StandardOutput.ReadLineAsync(patience.Token);
            Assert.True(line is not null, $"The process ended before it said '{text}'. It said: {lines} {Error}");
            _ = lines.AppendLine(line);
            if (isLast(line))
            {
                _ = Collect(_process.StandardOutput);
                return lines.ToString();
            }
        }
    }

    /// <summary>Sends the process a signal, such as STOP or CONT.</summary>
    public async Task SignalAsync(string signal)
    {
        using Process kill = Process.Start("kill", [$"-{signal}", $"{_process.Id}"]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Has the process, all its threads and those to come, run on one core only.</summary>
    public async Task PinAsync(int core)
    {
        using Process taskset = Process.Start(new ProcessStartInfo("taskset", ["-a", "-p", "-c", $"{core}", $"{_process.Id}"]) { RedirectStandardOutput = true })!;
        await taskset.WaitForExitAsync();
        Assert.Equal(0, taskset.ExitCode);
    }

    /// <summary>Ends the process as Ctrl-C or a service manager does, and yields its exit code.</summary>
    public async Task<int> StopAsync()
    {
        await SignalAsync("TERM");
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        await _reading;
        _process.Dispose();
    }

    private async Task Collect(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            lock (_error)
            {
                _ = _error.AppendLine(line);
            }
        }
    }
}
