using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using BlindGrain.Gateway.Tests.Fixtures;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace BlindGrain.Gateway.Tests.Security;

/// <summary>Tokens of an issuer that runs here: it serves its discovery document and keys over HTTP and signs.</summary>
public sealed class OidcTests(TestServer server) : IDisposable
{
    private readonly RSA _rsa = RSA.Create(2048);

    [Fact]
    public async Task A_token_of_the_issuer_is_its_tenants_and_has_its_role()
    {
        await using WebApplication issuer = await StartIssuer();
        string address = issuer.Urls.Single();
        await using TestGateway gateway = await TestGateway.StartAsync(server, Settings(("Authority", address), ("RequireHttps", "false"), ("Roles:platform-team", "admin"), ("Roles:data-science", "model_owner")));
        using Rest owner = Ask(gateway, Token(address));
        JsonElement caller = (await owner.Get("/v2/credential")).Expect(HttpStatusCode.OK).Json;
        Assert.Equal(("tokens", "oidc-someone@example", "model_owner"), (caller.GetProperty("tenant").GetString(), caller.GetProperty("credential").GetString(), caller.GetProperty("role").GetString()));
        (await owner.Put("/v2/models/m/versions/1", TestModel.Shared.File)).Expect(HttpStatusCode.Created);
        using Rest client = Ask(gateway, Token(address, roles: ["something else"]));
        _ = (await client.Delete("/v2/models/m/versions/1")).ExpectProblem(HttpStatusCode.Forbidden, "forbidden");
        using Rest admin = Ask(gateway, Token(address, roles: ["data-science", "platform-team"]));
        (await admin.Get("/v2/admin/tenants")).Expect(HttpStatusCode.OK);

        // API keys work beside them.
        using Rest key = Ask(gateway, server.AliceKey);
        (await key.Get("/v2/models")).Expect(HttpStatusCode.OK);

        // A disabled tenant is shut out, however its people prove who they are.
        (await admin.PutJson("/v2/admin/tenants/shut", new { disabled = true })).Expect(HttpStatusCode.Created);
        using Rest shut = Ask(gateway, Token(address, tenant: "shut"));
        _ = (await shut.Get("/v2/models")).ExpectProblem(HttpStatusCode.Forbidden, "tenant_disabled");
    }

    [Fact]
    public async Task Tokens_that_are_not_the_issuers_or_not_for_here_are_refused_with_the_reason()
    {
        await using WebApplication issuer = await StartIssuer();
        string address = issuer.Urls.Single();
        await using TestGateway gateway = await TestGateway.StartAsync(server, Settings(("Authority", address), ("RequireHttps", "false")));
        using var otherKey = RSA.Create(2048);
        string good = Token(address);
        string[] parts = good.Split('.');
        string unsigned = $"{Base64UrlEncoder.Encode("""{"alg":"none"}""")}.{parts[1]}.";
        foreach ((string token, string reason) in new[]
        {
            (Token(address, lifetime: TimeSpan.FromMinutes(-5)), "expired"),
            (Token(address, audience: "another"), "audience"),
            (Token("http://elsewhere.example"), "issuer"),
            (Token(address, key: otherKey), "signature"),
            ($"{parts[0]}.{Base64UrlEncoder.Encode(Base64UrlEncoder.Decode(parts[1]).Replace("tokens", "victim", StringComparison.Ordinal))}.{parts[2]}", "signature"),
            (Token(address, tenant: "a/b"), "tenant"),
            (Token(address, tenant: null), "tenant"),
            (unsigned, ""),
            ("a.b.c", ""),
        })
        {
            using Rest rest = Ask(gateway, token);
            Answer refused = (await rest.Get("/v2/models")).ExpectProblem(HttpStatusCode.Unauthorized, "unauthorized");
            Assert.Contains(reason, refused.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
        }

        // A secret shared with nobody: the public key taken for an HMAC key.
        using Rest confused = Ask(gateway, Token(address, credentials: new SigningCredentials(new SymmetricSecurityKey(_rsa.ExportSubjectPublicKeyInfo()), SecurityAlgorithms.HmacSha256)));
        _ = (await confused.Get("/v2/models")).ExpectProblem(HttpStatusCode.Unauthorized, "unauthorized");
    }

    [Fact]
    public async Task The_issuers_keys_can_come_from_a_file()
    {
        string file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, Keys(), TestContext.Current.CancellationToken);
        await using TestGateway gateway = await TestGateway.StartAsync(server, Settings(("KeysFile", file), ("Issuer", "https://issuer.example")));
        using Rest rest = Ask(gateway, Token("https://issuer.example", roles: ["admin"]));
        Assert.Equal("admin", (await rest.Get("/v2/credential")).Expect(HttpStatusCode.OK).Json.GetProperty("role").GetString());
        using Rest other = Ask(gateway, Token("https://other.example"));
        _ = (await other.Get("/v2/credential")).ExpectProblem(HttpStatusCode.Unauthorized, "unauthorized");
        File.Delete(file);
    }

    [Theory]
    [InlineData("Audience", "Audience", "")]
    [InlineData("https", "Authority", "http://issuer.example")]
    [InlineData("Roles:x", "Roles:x", "root")]
    [InlineData("KeysFile", "KeysFile", "no-such-file.json")]
    public async Task Settings_that_cannot_work_stop_the_start_and_are_named(string named, string setting, string value)
    {
        OptionsValidationException refused = await Assert.ThrowsAsync<OptionsValidationException>(() => TestGateway.StartAsync(server, Settings(("Authority", "https://issuer.example"), (setting, value))));
        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _rsa.Dispose();

    private static Rest Ask(TestGateway gateway, string token) => new(gateway.Address, token);

    private static Dictionary<string, string?> Settings(params (string Name, string Value)[] settings)
    {
        var all = new Dictionary<string, string?> { ["Gateway:Oidc:Audience"] = "blindgrain" };
        foreach ((string name, string value) in settings)
        {
            all[$"Gateway:Oidc:{name}"] = value;
        }

        return all;
    }

    private string Keys()
    {
        JsonWebKey key = JsonWebKeyConverter.ConvertFromRSASecurityKey(new RsaSecurityKey(_rsa.ExportParameters(false)) { KeyId = "k1" });
        return JsonSerializer.Serialize(new { keys = new[] { new { kty = "RSA", use = "sig", kid = "k1", n = key.N, e = key.E } } });
    }

    private string Token(
        string issuer, string? tenant = "tokens", string[]? roles = null, string audience = "blindgrain", TimeSpan? lifetime = null, RSA? key = null, SigningCredentials? credentials = null)
    {
        var claims = new Dictionary<string, object> { ["sub"] = "someone@example", ["roles"] = roles ?? ["data-science"] };
        if (tenant is not null)
        {
            claims["tenant"] = tenant;
        }

        DateTime end = DateTime.UtcNow + (lifetime ?? TimeSpan.FromMinutes(5));
        return new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = issuer,
            Audience = audience,
            Claims = claims,
            NotBefore = end.AddMinutes(-10),
            IssuedAt = end.AddMinutes(-10),
            Expires = end,
            SigningCredentials = credentials ?? new SigningCredentials(new RsaSecurityKey(key ?? _rsa) { KeyId = "k1" }, SecurityAlgorithms.RsaSha256),
        });
    }

    private async Task<WebApplication> StartIssuer()
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder();
        _ = builder.WebHost.UseUrls("http://127.0.0.1:0");
        _ = builder.Logging.ClearProviders();
        WebApplication issuer = builder.Build();
        _ = issuer.MapGet("/.well-known/openid-configuration", (HttpContext context) =>
        {
            string own = $"http://{context.Request.Host}";
            return Results.Json(new { issuer = own, jwks_uri = $"{own}/keys" });
        });
        _ = issuer.MapGet("/keys", () => Results.Text(Keys(), "application/json"));
        await issuer.StartAsync();
        return issuer;
    }
}
