using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using BlindGrain.Gateway.Tests.Fixtures;
using BlindGrain.Tests;

namespace BlindGrain.Gateway.Tests.Documents;

public partial class OpenApiTests(TestServer server)
{
    private const string Update = "BLINDGRAIN_UPDATE_SNAPSHOTS";

    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public async Task The_document_is_what_was_reviewed()
    {
        JsonElement document = (await server.Nobody.Get("/openapi/v1.json")).Expect(HttpStatusCode.OK).Json;
        Assert.StartsWith("3.1.", document.GetProperty("openapi").GetString(), StringComparison.Ordinal);
        string text = JsonSerializer.Serialize(document, s_indented).ReplaceLineEndings("\n") + "\n";
        string path = Path.Combine(SharedData.RepositoryRoot, "docs", "openapi.json");
        if (Environment.GetEnvironmentVariable(Update) == "1")
        {
            await File.WriteAllTextAsync(path, text, TestContext.Current.CancellationToken);
        }

        string reviewed = (await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken)).ReplaceLineEndings("\n");
        Assert.True(
            reviewed == text,
            $"The REST surface differs from docs/openapi.json. Where that is meant, run this test with {Update}=1 in the environment, look at the diff of that file as a client would, and commit it. "
            + $"First difference: {FirstDifference(reviewed, text)}");
    }

    [Fact]
    public async Task Every_operation_has_a_name_a_summary_and_says_what_a_problem_looks_like()
    {
        JsonElement document = (await server.Nobody.Get("/openapi/v1.json")).Json;
        var operations = document.GetProperty("paths").EnumerateObject().SelectMany(p => p.Value.EnumerateObject()).ToList();
        Assert.True(operations.Count > 25);
        Assert.All(operations, o =>
        {
            Assert.Matches("^[a-z_]+$", o.Value.GetProperty("operationId").GetString());
            Assert.NotEmpty(o.Value.GetProperty("summary").GetString()!);
            Assert.True(o.Value.GetProperty("responses").GetProperty("default").GetProperty("content").TryGetProperty("application/problem+json", out _));
        });
    }

    [Fact]
    public async Task The_page_comes_from_here_alone()
    {
        Answer page = (await server.Nobody.Get("/reference/")).Expect(HttpStatusCode.OK);
        string policy = page.Headers["Content-Security-Policy"];
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("http", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("*", policy, StringComparison.Ordinal);
        string[] loaded = [.. Loaded().Matches(page.Text).Select(m => m.Groups[1].Value)];
        Assert.NotEmpty(loaded);
        Assert.All(loaded, address => Assert.False(address.StartsWith("//", StringComparison.Ordinal) || address.Contains("://", StringComparison.Ordinal), $"The page loads {address}."));
        Assert.DoesNotContain("cdn.", page.Text, StringComparison.Ordinal);

        // What it loads is here, and whole.
        foreach (string address in loaded.Where(a => a.EndsWith(".js", StringComparison.Ordinal)))
        {
            Answer script = (await server.Nobody.Get(new Uri(new Uri(server.Address, "/reference/"), address).PathAndQuery)).Expect(HttpStatusCode.OK);
            Assert.Contains("javascript", script.Headers["Content-Type"], StringComparison.Ordinal);
        }
    }

    private static string FirstDifference(string reviewed, string text)
    {
        string[] a = reviewed.Split('\n'), b = text.Split('\n');
        int line = Enumerable.Range(0, Math.Min(a.Length, b.Length)).FirstOrDefault(i => a[i] != b[i], Math.Min(a.Length, b.Length));
        return $"line {line + 1}: reviewed '{a.ElementAtOrDefault(line)?.Trim()}', now '{b.ElementAtOrDefault(line)?.Trim()}'";
    }

    [GeneratedRegex("""<(?:script|link|img|iframe)[^>]*?(?:src|href)="([^"]+)""")]
    private static partial Regex Loaded();
}
