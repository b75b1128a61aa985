using System.Net;
using BlindGrain.Client;
using BlindGrain.Gateway.Tests.Fixtures;

namespace BlindGrain.Gateway.Tests.Limits;

public class RequestLimitTests
{
    [Fact]
    public async Task A_tenant_that_asks_too_often_is_told_when_to_go_on_and_others_are_served()
    {
        await using var server = new TestServer { Settings = new Dictionary<string, string?> { ["Gateway:RequestsPerSecond"] = "1", ["Gateway:RequestBurst"] = "3" } };
        await server.InitializeAsync();
        Answer[] answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => server.Alice.Get("/v2/models")));
        Answer[] refused = [.. answers.Where(a => a.Status == HttpStatusCode.TooManyRequests)];
        Assert.True(answers.Count(a => a.Status == HttpStatusCode.OK) >= 3);
        Assert.NotEmpty(refused);
        Assert.All(refused, a => Assert.InRange(int.Parse(a.ExpectProblem(HttpStatusCode.TooManyRequests, "rate_limited").Headers["Retry-After"], null), 1, 60));

        // Another tenant has a bucket of its own, those without a credential have one too, and health is not limited.
        _ = (await server.Bob.Get("/v2/models")).Expect(HttpStatusCode.OK);
        Answer[] unknown = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => server.Nobody.Get("/v2/models")));
        Assert.Contains(unknown, a => a.Status == HttpStatusCode.Unauthorized);
        Assert.Contains(unknown, a => a.Status == HttpStatusCode.TooManyRequests);
        Assert.All(await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => server.Nobody.Get("/v2/health/live"))), a => a.Expect(HttpStatusCode.OK));

        // The client library waits as it is told, and fails nothing.
        using var client = new BlindGrainClient(server.Address, server.AliceKey);
        _ = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => client.ListModelsAsync(TestContext.Current.CancellationToken)));
    }
}
