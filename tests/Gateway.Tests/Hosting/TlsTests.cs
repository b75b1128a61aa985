using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using BlindGrain.Gateway.Tests.Fixtures;

namespace BlindGrain.Gateway.Tests.Hosting;

/// <summary>TLS as the documentation sets it up: Kestrel's own settings.</summary>
public sealed class TlsTests(TestServer server) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("blindgrain-tls-").FullName;

    [Theory]
    [InlineData("2.0")]
    [InlineData("1.1")]
    public async Task A_gateway_with_a_certificate_speaks_http_2_and_1_1_over_tls(string version)
    {
        using X509Certificate2 certificate = WriteCertificate();
        await using TestGateway gateway = await TestGateway.StartAsync(server, new Dictionary<string, string?>
        {
            ["Kestrel:Endpoints:Https:Url"] = "https://127.0.0.1:0",
            ["Kestrel:Endpoints:Https:Certificate:Path"] = Path.Combine(_folder, "tls.crt"),
            ["Kestrel:Endpoints:Https:Certificate:KeyPath"] = Path.Combine(_folder, "tls.key"),
        });
        Assert.Equal(("https", 1), (gateway.Address.Scheme, gateway.Urls.Count));
        using var handler = new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.GetCertHashString() == certificate.GetCertHashString() },
        };
        using var http = new HttpClient(handler);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(gateway.Address, "/v2/models")) { Version = new Version(version), VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        request.Headers.Authorization = new("Bearer", server.AliceKey);
        using HttpResponseMessage response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode.OK, new Version(version)), (response.StatusCode, response.Version));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private X509Certificate2 WriteCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1));
        File.WriteAllText(Path.Combine(_folder, "tls.crt"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(_folder, "tls.key"), key.ExportPkcs8PrivateKeyPem());
        return certificate;
    }
}
