using System.Text.Json;
using BlindGrain.Gateway.Hosting;

namespace BlindGrain.Gateway.Security;

/// <summary>A file of key hashes by tenant, readable by its owner only.</summary>
public static class ApiKeyFile
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Reads the file, or makes one with a fresh key of tenant "default" where there is none: an administrator's, since somebody must be able to issue others.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The credentials, and the fresh key where one was made: show it once, it is stored nowhere.</returns>
    /// <exception cref="InvalidDataException">The file is no list of tenants and hashes.</exception>
    public static (IReadOnlyList<ApiKeyOptions> Credentials, string? NewKey) LoadOrCreate(string path)
    {
        if (File.Exists(path))
        {
            return (Read(path), null);
        }

        string key = ApiKey.Generate();
        ApiKeyOptions[] credentials = [new ApiKeyOptions { Tenant = "default", Sha256 = ApiKey.Hash(key), Role = Roles.Admin }];
        _ = Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var file = new FileStream(path, options))
        {
            JsonSerializer.Serialize(file, credentials, s_json);
        }

        return (credentials, key);
    }

    private static ApiKeyOptions[] Read(string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            return JsonSerializer.Deserialize<ApiKeyOptions[]>(file, s_json) ?? throw new InvalidDataException($"{path} is empty; it must be a JSON list of {{\"tenant\", \"sha256\", \"role\"}}.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{path} is no JSON list of {{\"tenant\", \"sha256\", \"role\"}}: {e.Message}", e);
        }
    }
}
