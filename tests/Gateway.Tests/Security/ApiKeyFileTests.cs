using BlindGrain.Gateway.Hosting;
using BlindGrain.Gateway.Security;

namespace BlindGrain.Gateway.Tests.Security;

public sealed class ApiKeyFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("blindgrain-keys-").FullName;

    [Fact]
    public void A_key_is_made_once_and_only_its_hash_is_kept()
    {
        string path = Path.Combine(_folder, "made", "api-keys.json");
        (IReadOnlyList<ApiKeyOptions> credentials, string? key) = ApiKeyFile.LoadOrCreate(path);
        Assert.NotNull(key);
        Assert.Equal(ApiKey.Hash(key), Assert.Single(credentials).Sha256);
        Assert.DoesNotContain(key, File.ReadAllText(path), StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        }

        (IReadOnlyList<ApiKeyOptions> again, string? none) = ApiKeyFile.LoadOrCreate(path);
        Assert.Null(none);
        Assert.Equal(credentials[0].Sha256, Assert.Single(again).Sha256);
        Assert.Equal(("default", "admin"), (again[0].Tenant, again[0].Role));
    }

    [Fact]
    public void A_file_of_before_there_were_roles_gives_those_that_its_keys_had()
    {
        string path = Path.Combine(_folder, "api-keys.json");
        File.WriteAllText(path, """[{"tenant": "t", "sha256": "00"}]""");
        Assert.Equal("model_owner", Assert.Single(ApiKeyFile.LoadOrCreate(path).Credentials).Role);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[1]")]
    public void A_file_of_something_else_is_refused_by_name(string content)
    {
        string path = Path.Combine(_folder, "api-keys.json");
        File.WriteAllText(path, content);
        Assert.Contains(path, Assert.Throws<InvalidDataException>(() => ApiKeyFile.LoadOrCreate(path)).Message, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
