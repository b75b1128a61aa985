using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace BlindGrain.Storage.Tests.AzureBlobs;

/// <summary>
/// One Azurite on loopback for all tests of the process: what BLINDGRAIN_AZURITE names (the file azurite-blob), else
/// node_modules/.bin/azurite-blob in the repository's root, else azurite-blob on the path.
/// </summary>
public sealed class AzuriteServer : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly int _port = FreePort();
    private Process? _process;

    /// <summary>The connection string, or null where Azurite is not installed.</summary>
    public string? ConnectionString { get; private set; }

    /// <summary>Skips the test where Azurite is not installed.</summary>
    public void SkipWhereMissing() => Assert.SkipWhen(ConnectionString is null, "Azurite is not installed: npm install azurite@3.35.0, or name azurite-blob in BLINDGRAIN_AZURITE.");

    public async ValueTask InitializeAsync()
    {
        if (Find() is not null)
        {
            await StartAsync();

            // The account and key that Azurite documents for everyone.
            ConnectionString = $"DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;BlobEndpoint=http://127.0.0.1:{_port}/devstoreaccount1;";
        }
    }

    /// <summary>Starts it, again too: what it kept is there.</summary>
    public async Task StartAsync()
    {
        var start = new ProcessStartInfo(Find()!) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (string argument in new[] { "--skipApiVersionCheck", "--disableTelemetry", "--silent", "--blobHost", "127.0.0.1", "--blobPort", $"{_port}", "--location", _folder.Path })
        {
            start.ArgumentList.Add(argument);
        }

        _process = Process.Start(start)!;
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginErrorReadLine();
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        string? line;
        do
        {
            line = await _process.StandardOutput.ReadLineAsync(patience.Token) ?? throw new InvalidOperationException("Azurite ended before it listened.");
        }
        while (!line.Contains("successfully listen", StringComparison.OrdinalIgnoreCase));

        // Read on, so that it never waits for a full pipe.
        _ = _process.StandardOutput.ReadToEndAsync(CancellationToken.None);
    }

    /// <summary>Ends it in order, so that what it holds is written.</summary>
    public async Task StopAsync()
    {
        using (Process stop = Process.Start("kill", ["-TERM", $"{_process!.Id}"]))
        {
            await stop.WaitForExitAsync();
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
            _process.Dispose();
        }

        _folder.Dispose();
    }

    private static string? Find() => new[] { Environment.GetEnvironmentVariable("BLINDGRAIN_AZURITE"), Path.Combine(BlindGrain.Tests.SharedData.RepositoryRoot, "node_modules/.bin/azurite-blob") }
        .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, "azurite-blob")))
        .FirstOrDefault(File.Exists);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
