using System.Text.Json;
using BlindGrain.Cli.Tests.Running;

namespace BlindGrain.Cli.Tests.Commands;

/// <summary>serve, push, keygen and predict in processes of their own.</summary>
public sealed class ServerCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task A_model_is_pushed_and_predicts_over_a_restart()
    {
        string model = _folder.File("m.bgc"), keys = _folder.File("keys");
        _ = await Programs.JsonAsync(["compile", Programs.Checkerboard, "-o", model]);
        JsonElement first;
        string apiKey;
        await using (Server server = Serve())
        {
            (string address, string? key) = await Announcement(server);
            apiKey = key!;
            JsonElement pushed = await Programs.JsonAsync(["push", model, "--server", address, "--name", "squares", "--version", "7"], apiKey);
            Assert.Equal("squares", pushed.GetProperty("model").GetString());
            Assert.Equal("7", pushed.GetProperty("version").GetString());

            first = await Predict(address, apiKey, keys);
            Assert.True(first.GetProperty("keysUploaded").GetBoolean());
            Assert.Equal(0, await server.StopAsync());
        }

        await using (Server server = Serve())
        {
            (string address, string? key) = await Announcement(server);
            Assert.Null(key);
            JsonElement second = await Predict(address, apiKey, keys);
            Assert.False(second.GetProperty("keysUploaded").GetBoolean());
            Assert.Equal(Classes(first), Classes(second));

            Finished wrongKey = await Programs.RunAsync(["push", model, "--server", address], "bg_wrong");
            Assert.Equal(3, wrongKey.ExitCode);
            Assert.Contains("API key", wrongKey.Error, StringComparison.Ordinal);
            Finished noModel = await Programs.RunAsync(["predict", "--server", address, "--model", "circles", "--input", "0.1,0.2", "--keys", keys], apiKey);
            Assert.Equal(3, noModel.ExitCode);
            Assert.Contains("circles", noModel.Error, StringComparison.Ordinal);
            Finished wrongLength = await Programs.RunAsync(["predict", "--server", address, "--model", "squares", "--input", "0.1,0.2,0.3", "--keys", keys], apiKey);
            Assert.Equal(2, wrongLength.ExitCode);
            string[] predict = ["predict", "--server", address, "--model", "squares", "--input", "0.1,0.2", "--keys", keys];
            Finished late = await Programs.RunAsync([.. predict, "--timeout", "0.001"], apiKey);
            Assert.Equal(3, late.ExitCode);
            Assert.Contains("had 0.001 s", late.Error, StringComparison.Ordinal);
            Assert.Equal(0, (await Programs.RunAsync([.. predict, "--timeout", "600", "--priority", "1"], apiKey)).ExitCode);
        }
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_an_error_of_its_own()
    {
        Finished finished = await Programs.RunAsync(["predict", "--server", $"http://127.0.0.1:{Programs.FreePort()}", "--model", "m", "--input", "0.1,0.2"], "bg_any");
        Assert.Equal(3, finished.ExitCode);
        Assert.Contains("cannot be reached", finished.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_in_use_is_told_in_one_line_and_leaves_no_key_that_nobody_saw()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        string folder = _folder.File("data");
        Finished finished = await Programs.RunAsync(["serve", "--data", folder, "--urls", $"http://{listener.LocalEndpoint}"]);
        Assert.Equal(3, finished.ExitCode);
        Assert.Contains("cannot start", finished.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", finished.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(folder, "api-keys.json")));
    }

    [Theory]
    [InlineData("--priority", "10", "take 1")]
    [InlineData("--timeout", "0", "take 0.001")]
    [InlineData("--timeout", "nan", "--timeout")]
    public async Task Wishes_that_cannot_be_met_are_refused_before_anything_is_sent(string option, string value, string message)
    {
        Finished finished = await Programs.RunAsync(["predict", "--server", "http://127.0.0.1:1", "--model", "m", "--input", "0.1,0.2", option, value], "bg_any");
        Assert.Equal(2, finished.ExitCode);
        Assert.Contains(message, finished.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_api_key_is_asked_for()
    {
        Finished finished = await Programs.RunAsync(["predict", "--server", "http://127.0.0.1:1", "--model", "m", "--input", "0.1,0.2"]);
        Assert.Equal(2, finished.ExitCode);
        Assert.Contains("BLINDGRAIN_API_KEY", finished.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keygen_makes_a_private_key_once()
    {
        string model = _folder.File("m.bgc"), keys = _folder.File("keys");
        _ = await Programs.JsonAsync(["compile", Programs.Checkerboard, "-o", model]);
        JsonElement first = await Programs.JsonAsync(["keygen", "--model", model, "--keys", keys]);
        JsonElement second = await Programs.JsonAsync(["keygen", "--model", model, "--keys", keys]);

        Assert.True(first.GetProperty("created").GetBoolean());
        Assert.False(second.GetProperty("created").GetBoolean());
        Assert.Equal(first.GetProperty("keySet").GetString(), second.GetProperty("keySet").GetString());
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(first.GetProperty("file").GetString()!));
        }
    }

    public void Dispose() => _folder.Dispose();

    private static int[] Classes(JsonElement predictions) => [.. predictions.GetProperty("predictions").EnumerateArray().Select(p => p.GetProperty("class").GetInt32())];

    private static Task<JsonElement> Predict(string address, string apiKey, string keys) =>
        Programs.JsonAsync(["predict", "--server", address, "--model", "squares", "--input", Programs.CheckerboardPoints, "--count", "2", "--keys", keys], apiKey);

    private static async Task<(string Address, string? ApiKey)> Announcement(Server server)
    {
        // The object ends with a brace in the first column.
        using var json = JsonDocument.Parse(await server.ReadOutputUntilLine("}"));
        return (json.RootElement.GetProperty("address").GetString()!, json.RootElement.GetProperty("apiKey").GetString());
    }

    private Server Serve() => new(Programs.Start("Cli", "blindgrain", ["serve", "--urls", "http://127.0.0.1:0", "--data", _folder.File("data"), "--json"]));
}
