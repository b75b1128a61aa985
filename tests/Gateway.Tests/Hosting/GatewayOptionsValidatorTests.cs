using BlindGrain.Gateway.Hosting;
using BlindGrain.Gateway.Security;

namespace BlindGrain.Gateway.Tests.Hosting;

public class GatewayOptionsValidatorTests
{
    [Fact]
    public void Settings_that_work_pass() => Assert.True(Validate(_ => { }).Succeeded);

    [Fact]
    public void Settings_that_cannot_work_are_named()
    {
        Fails("Gateway:ApiKeys ", o => o.ApiKeys.Clear());
        Fails("Gateway:ApiKeys:0:Tenant", o => o.ApiKeys[0].Tenant = "a/b");
        Fails("Gateway:ApiKeys:0:Sha256", o => o.ApiKeys[0].Sha256 = ApiKey.Generate());
        Fails("Gateway:ApiKeys:0:Role", o => o.ApiKeys[0].Role = "root");
        Fails("Gateway:CredentialRefresh", o => o.CredentialRefresh = TimeSpan.Zero);
        Fails("Gateway:Audit:File", o => o.Audit.File = Path.Combine(Path.GetTempPath(), "no such folder", "audit.jsonl"));
        Fails("Gateway:MaxModelBytes", o => o.MaxModelBytes = 0);
        Fails("Gateway:MaxKeySetBytes", o => o.MaxKeySetBytes = -1);
        Fails("Gateway:MaxChunkBytes", o => o.MaxChunkBytes = long.MaxValue);
        Fails("Gateway:MaxInferenceBytes", o => o.MaxInferenceBytes = 1);
        Fails("Gateway:MaxWait", o => o.MaxWait = TimeSpan.FromHours(1));
        Fails("Gateway:PollInterval", o => o.PollInterval = TimeSpan.Zero);
        Fails("Gateway:ShutdownTimeout", o => o.ShutdownTimeout = TimeSpan.Zero);
    }

    private static void Fails(string setting, Action<GatewayOptions> change) => Assert.Contains(setting, Validate(change).FailureMessage, StringComparison.Ordinal);

    private static Microsoft.Extensions.Options.ValidateOptionsResult Validate(Action<GatewayOptions> change)
    {
        var options = new GatewayOptions { ApiKeys = { new ApiKeyOptions { Tenant = "t", Sha256 = ApiKey.Hash("k") } } };
        change(options);
        return new GatewayOptionsValidator().Validate(null, options);
    }
}
