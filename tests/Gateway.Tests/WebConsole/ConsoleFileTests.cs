using System.Net;
using BlindGrain.Gateway.Tests.Fixtures;

namespace BlindGrain.Gateway.Tests.WebConsole;

/// <summary>The console's files: open to everybody, since the key is asked for by the page, and under a strict policy.</summary>
public class ConsoleFileTests(TestServer server)
{
    [Theory]
    [InlineData("/console/", "text/html")]
    [InlineData("/console/index.html", "text/html")]
    [InlineData("/console/console.js", "text/javascript")]
    [InlineData("/console/console.css", "text/css")]
    [InlineData("/console/icon.svg", "image/svg+xml")]
    public async Task Files_come_with_their_policy_and_are_not_sent_twice(string path, string type)
    {
        Answer file = (await server.Alice.Get(path)).Expect(HttpStatusCode.OK);
        Assert.Equal(type, file.Headers["Content-Type"].Split(';')[0]);
        Assert.NotEmpty(file.Body);
        string policy = file.Headers["Content-Security-Policy"];
        foreach (string rule in new[] { "default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "form-action 'none'", "base-uri 'none'", "require-trusted-types-for 'script'" })
        {
            Assert.Contains(rule, policy.Split("; "));
        }

        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", file.Headers["X-Content-Type-Options"]);
        Assert.Equal("no-referrer", file.Headers["Referrer-Policy"]);
        Assert.Equal("DENY", file.Headers["X-Frame-Options"]);

        Answer again = (await server.Nobody.Get(path, ("If-None-Match", file.Headers["ETag"]))).Expect(HttpStatusCode.NotModified);
        Assert.Empty(again.Body);
    }

    [Fact]
    public async Task The_folder_without_its_slash_leads_to_the_page()
    {
        using var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = server.Address };
        using HttpResponseMessage moved = await http.GetAsync(new Uri("/console", UriKind.Relative));
        Assert.Equal(HttpStatusCode.Found, moved.StatusCode);
        Assert.Equal("console/", moved.Headers.Location!.OriginalString);
    }

    [Theory]
    [InlineData("/console/none.js")]
    [InlineData("/console/%2e%2e/appsettings.json")]
    public async Task Nothing_else_lies_there(string path) => _ = (await server.Alice.Get(path)).ExpectProblem(HttpStatusCode.NotFound, "not_found");

    [Fact]
    public async Task A_gateway_may_have_no_console_and_tell_tenants_nothing_of_the_cluster()
    {
        await using var bare = new TestServer { Settings = new Dictionary<string, string?> { ["Console:Enabled"] = "false", ["Console:ShowCluster"] = "false" } };
        await bare.InitializeAsync();
        _ = (await bare.Alice.Get("/console/")).ExpectProblem(HttpStatusCode.NotFound, "not_found");
        _ = (await bare.Alice.Get("/v2/cluster")).ExpectProblem(HttpStatusCode.NotFound, "not_found");
    }
}
