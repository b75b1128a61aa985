using System.Net;
using System.Text.Json;
using BlindGrain.Gateway.Cluster;
using BlindGrain.Gateway.Tests.Fixtures;
using BlindGrain.Grains.Interfaces;

namespace BlindGrain.Gateway.Tests.Cluster;

public class ClusterTests(TestServer server)
{
    [Fact]
    public async Task Every_silo_tells_its_load_and_nothing_of_tenants()
    {
        (await server.Alice.Put("/v2/models/secretmodel/versions/1", TestModel.Shared.File)).Expect(HttpStatusCode.Created);
        (await server.Alice.UploadKeySet("secretkeys", TestModel.Shared.KeyFile)).Expect(HttpStatusCode.OK);
        (await server.Alice.Infer("secretmodel", "secretkeys", TestModel.Shared.Encrypt(0, 1, -1, 0), ("Prefer", "wait=30"))).Expect(HttpStatusCode.OK);

        Answer answer = (await server.Bob.Get("/v2/cluster")).Expect(HttpStatusCode.OK);
        JsonElement silo = Assert.Single(answer.Json.GetProperty("silos").EnumerateArray());
        Assert.True(silo.GetProperty("answers").GetBoolean());
        Assert.Equal(1, silo.GetProperty("threads").GetInt32());
        Assert.InRange(silo.GetProperty("key_cache_used").GetDouble(), 0.05, 1);
        Assert.Equal(1, answer.Json.GetProperty("threads").GetInt32());
        foreach (string text in new[] { "secret", "alice", "bob" })
        {
            Assert.DoesNotContain(text, answer.Text, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public async Task The_load_is_for_those_who_have_a_key() => _ = (await server.Nobody.Get("/v2/cluster")).ExpectProblem(HttpStatusCode.Unauthorized, "unauthorized");

    [Fact]
    public void Silos_add_up_interval_by_interval_and_one_that_is_silent_is_named()
    {
        var document = ClusterDocument.From(
        [
            new SiloLoad { Silo = "a", Answers = true, Threads = 2, KeyCacheLimitBytes = 100, KeyCacheBytes = 1, PendingBootstraps = 1000, Bootstraps = [500, 1000, 50], LastInterval = 10 },
            new SiloLoad { Silo = "b", Answers = true, Threads = 3, KeyCacheLimitBytes = 100, Bootstraps = [1000], LastInterval = 9 },
            new SiloLoad { Silo = "c" },
        ]);
        Assert.Equal([100, 400, 10], document.Throughput.BootstrapsPerSecond);
        Assert.Equal(DateTimeOffset.MinValue + (11 * SiloLoad.Interval), document.Throughput.Ended);
        Assert.Equal((5, 1000), (document.Threads, document.PendingBootstraps));
        Assert.Equal([true, true, false], document.Silos.Select(s => s.Answers));
        Assert.Equal([0.05, 0, null], document.Silos.Select(s => s.KeyCacheUsed));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.9, 0)]
    [InlineData(1, 1)]
    [InlineData(147, 140)]
    [InlineData(150, 160)]
    [InlineData(192, 200)]
    [InlineData(1_000_000, 1_000_000)]
    public void Amounts_are_rounded_to_twenty_steps_a_decade(double exact, double told) => Assert.Equal(told, CoarseFigures.Amount(exact));

    [Fact]
    public void Neighbouring_amounts_are_told_alike() => Assert.Equal(20, Enumerable.Range(1000, 9000).Select(v => CoarseFigures.Amount(v)).Distinct().Count() - 1);
}
