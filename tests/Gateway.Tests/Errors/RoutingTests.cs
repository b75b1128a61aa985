using System.Net;
using System.Text.Json;
using BlindGrain.Gateway.Tests.Fixtures;

namespace BlindGrain.Gateway.Tests.Errors;

public class RoutingTests(TestServer server)
{
    [Theory]
    [InlineData("/")]
    [InlineData("/v1")]
    [InlineData("/v2/model")]
    [InlineData("/v2/models/a/b")]
    [InlineData("/v2/jobs/a/b/c")]
    public async Task Unknown_routes_give_problem_documents(string path) =>
        _ = (await server.Alice.Get(path)).ExpectProblem(HttpStatusCode.NotFound, "not_found");

    [Theory]
    [InlineData("DELETE", "/v2/models", "GET")]
    [InlineData("POST", "/v2/keysets/a", "DELETE")]
    [InlineData("GET", "/v2/models/a/infer", "POST")]
    [InlineData("PATCH", "/v2/jobs/a", "GET")]
    public async Task Wrong_methods_give_problem_documents_that_name_the_right_ones(string method, string path, string right)
    {
        Answer refused = (await server.Alice.Send(new HttpMethod(method), path, null)).ExpectProblem(HttpStatusCode.MethodNotAllowed, "method_not_allowed");
        Assert.Contains(right, refused.Headers["Allow"], StringComparison.Ordinal);
        Assert.Contains(right, refused.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_OpenAPI_document_names_every_route()
    {
        JsonElement paths = (await server.Alice.Get("/openapi/v1.json")).Expect(HttpStatusCode.OK).Json.GetProperty("paths");
        foreach (string path in new[] { "/v2", "/v2/models/{model}/infer", "/v2/keysets/{id}/chunks", "/v2/keysets/{id}/commit", "/v2/jobs/{id}/events", "/v2/jobs/{id}/result", "/v2/models/{model}/versions/{version}/circuit", "/v2/cluster" })
        {
            Assert.True(paths.TryGetProperty(path, out _), path);
        }
    }
}
