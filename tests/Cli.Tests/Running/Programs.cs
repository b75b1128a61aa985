using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using BlindGrain.Tests;

namespace BlindGrain.Cli.Tests.Running;

/// <summary>Runs the built programs as processes, as a user does.</summary>
internal static class Programs
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);

    /// <summary>The sample network.</summary>
    public static string Checkerboard => Path.Combine(SharedData.RepositoryRoot, "samples", "checkerboard.onnx");

    /// <summary>Its test points.</summary>
    public static string CheckerboardPoints => Path.Combine(SharedData.RepositoryRoot, "samples", "checkerboard.points.csv");

    /// <summary>Runs <c>blindgrain</c> to its end.</summary>
    public static async Task<Finished> RunAsync(IEnumerable<string> arguments, string? apiKey = null)
    {
        using Process process = Start("Cli", "blindgrain", arguments, apiKey);
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        using var patience = new CancellationTokenSource(s_patience);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"blindgrain {string.Join(' ', arguments)} did not end. Standard error: {await error}");
        }

        return new Finished(process.ExitCode, await output, await error);
    }

    /// <summary>Runs <c>blindgrain</c> with --json, expects success, and yields the one object.</summary>
    public static async Task<JsonElement> JsonAsync(IEnumerable<string> arguments, string? apiKey = null)
    {
        Finished finished = await RunAsync([.. arguments, "--json"], apiKey);
        Assert.True(finished.ExitCode == 0, $"exit code {finished.ExitCode}: {finished.Error}");
        return finished.Json;
    }

    /// <summary>Starts a program of the repository.</summary>
    /// <param name="project">Its folder under src.</param>
    /// <param name="assembly">Its assembly.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="apiKey">What BLINDGRAIN_API_KEY is set to.</param>
    public static Process Start(string project, string assembly, IEnumerable<string> arguments, string? apiKey = null)
    {
        string[] output = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory).Split(Path.DirectorySeparatorChar);
        string program = Path.Combine(SharedData.RepositoryRoot, "src", project, "bin", output[^2], output[^1], $"{assembly}.dll");
        var start = new ProcessStartInfo("dotnet", [program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
        };
        _ = start.Environment.Remove("BLINDGRAIN_API_KEY");
        if (apiKey is not null)
        {
            start.Environment["BLINDGRAIN_API_KEY"] = apiKey;
        }

        Process process = Process.Start(start)!;
        process.StandardInput.Close();
        return process;
    }

    /// <summary>A port that nobody listened on a moment ago.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

/// <summary>A process that has ended.</summary>
internal sealed record Finished(int ExitCode, string Output, string Error)
{
    /// <summary>Standard output as one JSON object and nothing else.</summary>
    public JsonElement Json
    {
        get
        {
            using var document = JsonDocument.Parse(Output);
            Assert.Equal(JsonValueKind.Object, document.RootElement.ValueKind);
            return document.RootElement.Clone();
        }
    }
}
