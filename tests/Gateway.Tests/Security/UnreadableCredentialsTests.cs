using System.Net;
using BlindGrain.Gateway.Security;
using BlindGrain.Gateway.Tests.Fixtures;

namespace BlindGrain.Gateway.Tests.Security;

public class UnreadableCredentialsTests
{
    [Fact]
    public async Task A_key_that_cannot_be_looked_up_is_not_called_wrong_while_the_silos_are_away()
    {
        var server = new TestServer();
        await server.InitializeAsync();
        await using TestGateway gateway = await TestGateway.StartAsync(server);
        using var issued = new Rest(gateway.Address, ApiKey.Generate(ApiKey.NewId()));
        _ = (await issued.Get("/v2/credential")).ExpectProblem(HttpStatusCode.Unauthorized, "unauthorized");
        await server.DisposeAsync();

        // Those who wait in line do not each wait for the cluster anew.
        Answer[] answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => issued.Get("/v2/credential")));
        Assert.All(answers, a => Assert.Equal("1", a.ExpectProblem(HttpStatusCode.ServiceUnavailable, "cluster_unavailable").Headers["Retry-After"]));

        // What settings or the key itself tell needs no cluster.
        using var set = new Rest(gateway.Address, server.AliceKey);
        _ = (await set.Get("/v2/credential")).Expect(HttpStatusCode.OK);
        using var stranger = new Rest(gateway.Address, ApiKey.Generate());
        _ = (await stranger.Get("/v2/credential")).ExpectProblem(HttpStatusCode.Unauthorized, "unauthorized");
    }

    [Fact]
    public async Task Nor_while_what_the_cluster_keeps_of_credentials_cannot_be_read()
    {
        await using var server = new TestServer();

        string state = Path.Combine(server.Folder, "blobs", "grains", "access", "state", "access.json~");
        _ = Directory.CreateDirectory(Path.GetDirectoryName(state)!);
        await File.WriteAllTextAsync(state, "{", TestContext.Current.CancellationToken);
        await server.InitializeAsync();
        using var issued = new Rest(server.Address, ApiKey.Generate(ApiKey.NewId()));
        Answer refused = (await issued.Get("/v2/credential")).Expect(HttpStatusCode.ServiceUnavailable);
        Assert.Equal("1", refused.Headers["Retry-After"]);
        (await server.Alice.Get("/v2/credential")).Expect(HttpStatusCode.OK);
        File.Delete(state);
        while ((await issued.Get("/v2/credential")).Status == HttpStatusCode.ServiceUnavailable)
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        _ = (await issued.Get("/v2/credential")).ExpectProblem(HttpStatusCode.Unauthorized, "unauthorized");
    }
}
