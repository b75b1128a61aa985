using System.Diagnostics;
using BlindGrain.Cli.Tests.Running;

namespace BlindGrain.Clustering.Tests.Running;

/// <summary>A real server on loopback, with a temporary folder and a password; skips the test where it is not installed.</summary>
internal abstract class BackendProcess : IAsyncDisposable
{
    /// <summary>What nobody may find in a log.</summary>
    public const string Password = "not-for-the-log-7c1f";

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);
    private Process? _process;

    public int Port { get; } = Programs.FreePort();

    public abstract string ConnectionString { get; }

    /// <summary>Settings that make silos and gateways use this server.</summary>
    public abstract string[] Settings { get; }

    protected TemporaryFolder Folder { get; } = new();

    public static async Task<BackendProcess> StartAsync(string kind)
    {
        BackendProcess server = kind == "Redis" ? new RedisProcess() : new PostgreSqlProcess();
        try
        {
            await server.PrepareAsync();
            await server.StartAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the server, again too: what it kept is there.</summary>
    public async Task StartAsync()
    {
        ProcessStartInfo start = StartInfo();
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.Exited += (_, _) => ready.TrySetException(new InvalidOperationException($"{start.FileName} ended before it was ready."));
        _process.OutputDataReceived += (_, e) => Look(e.Data);
        _process.ErrorDataReceived += (_, e) => Look(e.Data);
        _ = _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await ready.Task.WaitAsync(s_patience);

        void Look(string? line)
        {
            if (line?.Contains("ready to accept connections", StringComparison.OrdinalIgnoreCase) == true)
            {
                _ = ready.TrySetResult();
            }
        }
    }

    /// <summary>Kills the server as if its machine died.</summary>
    public async Task KillAsync()
    {
        _process!.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await KillAsync();
        }

        Folder.Dispose();
    }

    /// <summary>What is needed before the first start; skips the test where the server is not installed.</summary>
    protected abstract Task PrepareAsync();

    protected abstract ProcessStartInfo StartInfo();

    /// <summary>A program on the path or in one of some folders; null where it is in none.</summary>
    protected static string? Find(string program, params IEnumerable<string> folders) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Concat(folders)
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(File.Exists);

    protected static async Task RunAsync(ProcessStartInfo start)
    {
        start.RedirectStandardError = true;
        start.RedirectStandardOutput = true;
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{start.FileName}: {await output} {await error}");
    }
}
