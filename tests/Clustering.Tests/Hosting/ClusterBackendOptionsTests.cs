using BlindGrain.Clustering.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace BlindGrain.Clustering.Tests.Hosting;

public class ClusterBackendOptionsTests
{
    [Theory]
    [InlineData("Cluster:Backend is 'Zookeeper'; take Development, Redis, PostgreSql", "Backend=Zookeeper")]
    [InlineData("Cluster:Backend is '7'", "Backend=7")]
    [InlineData("Cluster:ConnectionString is empty; backend Redis needs one such as 'redis.example:6379", "Backend=Redis")]
    [InlineData("Cluster:ConnectionString is empty; backend PostgreSql needs one such as 'Host=", "Backend=postgresql")]
    [InlineData("Cluster:ConnectionString is none that backend Redis understands", "Backend=Redis", "ConnectionString=h:1,hunter2=x")]
    [InlineData("Cluster:ConnectionString is none that backend PostgreSql understands", "Backend=PostgreSql", "ConnectionString=Host=h;Password=a;hunter2=x")]
    [InlineData("Cluster:ConnectionString is none that backend PostgreSql understands", "Backend=PostgreSql", "ConnectionString=Username=hunter2")]
    [InlineData("are both set; take one", "Backend=Redis", "ConnectionString=h:1", "ConnectionStringFile=/some/file")]
    [InlineData("Cluster:ConnectionStringFile cannot be read", "Backend=Redis", "ConnectionStringFile=/no/such/file")]
    [InlineData("Cluster:Schema is 'a;b'", "Schema=a;b")]
    [InlineData("Cluster:StartTimeout is -00:00:01; take 00:00:00 to 00:10:00", "StartTimeout=-00:00:01")]
    [InlineData("Cluster:StartTimeout", "StartTimeout=soon")]
    public void Settings_that_cannot_work_are_named_and_secrets_are_not(string message, params string[] settings)
    {
        OptionsValidationException e = Assert.Throws<OptionsValidationException>(() => Add(settings));
        string failures = string.Join('\n', e.Failures);
        Assert.Contains(message, failures, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", e.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_configured_is_the_first_silos_memory() => Assert.Equal(ClusterBackend.Development, Add().Backend);

    [Fact]
    public void A_connection_string_may_lie_in_a_file()
    {
        string file = Path.GetTempFileName();
        try
        {
            OptionsValidationException e = Assert.Throws<OptionsValidationException>(() => Add("Backend=Redis", $"ConnectionStringFile={file}"));
            Assert.Contains("which is empty", e.Message, StringComparison.Ordinal);
            File.WriteAllText(file, "127.0.0.1:6379,password=x\n");
            Assert.Equal("127.0.0.1:6379,password=x", Add("Backend=Redis", $"ConnectionStringFile={file}").ReadConnectionString());
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static ClusterBackendOptions Add(params string[] settings)
    {
        IConfiguration configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(s => s.Split('=', 2)).Select(s => KeyValuePair.Create($"Cluster:{s[0]}", (string?)s[1])))
            .Build();
        return new ServiceCollection().AddBlindGrainClusterBackend(configuration, isSilo: true);
    }
}
