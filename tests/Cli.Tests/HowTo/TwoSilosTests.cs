using System.Text.Json;
using BlindGrain.Cli.Tests.Running;

namespace BlindGrain.Cli.Tests.HowTo;

/// <summary>docs/how-to/two-silos.md, as written there: two silo processes and a gateway process run the same job.</summary>
public sealed class TwoSilosTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Slices_of_one_job_are_computed_on_both_silos()
    {
        int[] ports = [.. Enumerable.Range(0, 5).Select(_ => Programs.FreePort())];
        string data = $"--Storage:Folder={_folder.File("data")}", address = $"http://127.0.0.1:{ports[4]}";
        await using var first = new Server(Programs.Start("Silo", "BlindGrain.Silo", [$"--Silo:SiloPort={ports[0]}", $"--Silo:GatewayPort={ports[1]}", data]));
        _ = await first.ReadOutputUntil("takes clients at");
        await using var second = new Server(Programs.Start(
            "Silo", "BlindGrain.Silo", [$"--Silo:SiloPort={ports[2]}", $"--Silo:GatewayPort={ports[3]}", $"--Silo:PrimarySilo=127.0.0.1:{ports[0]}", data]));
        _ = await second.ReadOutputUntil("takes clients at");
        await using var gateway = new Server(Programs.Start(
            "Gateway", "BlindGrain.Gateway", [$"--Gateway:Cluster=127.0.0.1:{ports[1]},127.0.0.1:{ports[3]}", data, "--urls", address]));
        string apiKey = (await gateway.ReadOutputUntil("API key")).Trim().Split(' ')[^1];
        await UntilReady(address);

        string model = _folder.File("checkerboard.bgc"), keys = _folder.File("keys");
        _ = await Programs.JsonAsync(["compile", Programs.Checkerboard, "-o", model]);
        _ = await Programs.JsonAsync(["push", model, "--name", "checkerboard", "--server", address], apiKey);
        _ = await Programs.JsonAsync(["keygen", "--model", model, "--keys", keys]);
        JsonElement predicted = await Programs.JsonAsync(
            ["predict", "--model", "checkerboard", "--input", Programs.CheckerboardPoints, "--count", "3", "--keys", keys, "--server", address], apiKey);

        // The first job may end before the second silo has expanded the keys; a later one finds both ready.
        string[] silos = [$"127.0.0.1:{ports[0]}", $"127.0.0.1:{ports[2]}"];
        Assert.Contains(predicted.GetProperty("predictions").EnumerateArray(), prediction =>
        {
            JsonElement slices = prediction.GetProperty("slicesBySilo");
            return silos.All(silo => slices.TryGetProperty(silo, out JsonElement count) && count.GetInt32() > 0);
        });
    }

    public void Dispose() => _folder.Dispose();

    private static async Task UntilReady(string address)
    {
        using var http = new HttpClient();
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (true)
        {
            try
            {
                using HttpResponseMessage answer = await http.GetAsync(new Uri($"{address}/v2/health/ready"), patience.Token);
                if (answer.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            await Task.Delay(100, patience.Token);
        }
    }
}
