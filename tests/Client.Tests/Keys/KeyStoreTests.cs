using BlindGrain.Client.Keys;
using BlindGrain.Engine.Tfhe.Keys;
using BlindGrain.Engine.Tfhe.Parameters;

namespace BlindGrain.Client.Tests.Keys;

public sealed class KeyStoreTests : IDisposable
{
    private static readonly ParameterSet s_parameters = ParameterCatalog.All[0];
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"blindgrain-keystore-{Guid.NewGuid():N}");

    [Fact]
    public void A_key_is_made_once_and_found_again()
    {
        var store = new KeyStore(_folder);
        Assert.Null(store.Find(s_parameters));
        StoredKey made = store.FindOrCreate(s_parameters);
        StoredKey found = new KeyStore(_folder).FindOrCreate(s_parameters);
        Assert.Equal(made.KeySet, found.KeySet);
        Assert.Equal(Bytes(made.Key), Bytes(found.Key));
        Assert.NotEqual(made.KeySet, store.FindOrCreate(ParameterCatalog.All[1]).KeySet);
    }

    [Fact]
    public void A_key_for_more_parameters_serves_those_that_it_has()
    {
        var store = new KeyStore(_folder);
        ParameterSet[] sets = [.. ParameterCatalog.All.Take(4)];
        StoredKey three = store.FindOrCreate(new ParameterSuite(sets[..3])), two = store.FindOrCreate(new ParameterSuite(sets[1], sets[3]));
        Assert.Equal(three.KeySet, store.FindOrCreate(sets[0]).KeySet);
        Assert.Equal(three.KeySet, store.Find(new ParameterSuite(sets[0], sets[2]))?.KeySet);

        // Of several that serve, the one with the fewest sets; and no key is two.
        Assert.Equal(two.KeySet, store.Find(sets[1])?.KeySet);
        Assert.Null(store.Find(new ParameterSuite(sets[0], sets[3])));
        Assert.Equal(2, Directory.EnumerateFiles(_folder, "*.bgkey").Count());

        // A key of just these sets comes first where there is one.
        using (FileStream file = File.Create(Path.Combine(_folder, $"{sets[1].Id}.bgkey")))
        {
            file.Write(new byte[16]);
            ClientKey.Generate(sets[1]).Write(file);
        }

        Assert.Equal(new string('0', 32), store.Find(sets[1])?.KeySet);
    }

    [Fact]
    public void Only_the_owner_can_read_it()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no such modes.");
            return;
        }

        var store = new KeyStore(_folder);
        _ = store.FindOrCreate(s_parameters);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(store.PathOf(s_parameters)));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_folder));
    }

    [Fact]
    public async Task Many_at_once_get_the_same_key_and_leave_one_file()
    {
        for (int trial = 0; trial < 50; trial++)
        {
            string folder = Path.Combine(_folder, $"{trial}");
            StoredKey[] keys = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => new KeyStore(folder).FindOrCreate(s_parameters))));
            _ = Assert.Single(keys.Select(k => k.KeySet).Distinct());
            Assert.Equal(new KeyStore(folder).PathOf(s_parameters), Assert.Single(Directory.EnumerateFiles(folder), f => Path.GetFileName(f) != ".lock"));
        }
    }

    [Fact]
    public void A_damaged_or_exchanged_file_is_refused_and_never_replaced()
    {
        var store = new KeyStore(_folder);
        _ = store.FindOrCreate(s_parameters);
        string path = store.PathOf(s_parameters);
        byte[] whole = File.ReadAllBytes(path);
        foreach (byte[] damaged in new[] { [], whole[..10], whole[..^1], [.. whole.Select((b, i) => i == whole.Length / 2 ? (byte)(b ^ 1) : b)] })
        {
            File.WriteAllBytes(path, damaged);
            _ = Assert.Throws<FormatException>(() => store.FindOrCreate(s_parameters));
            Assert.Equal(damaged, File.ReadAllBytes(path));
        }

        File.WriteAllBytes(store.PathOf(ParameterCatalog.All[1]), whole);
        FormatException e = Assert.Throws<FormatException>(() => store.Find(ParameterCatalog.All[1]));
        Assert.Contains(s_parameters.Id, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stored_key_prints_no_secret() => Assert.DoesNotContain("Big", new KeyStore(_folder).FindOrCreate(s_parameters).ToString(), StringComparison.Ordinal);

    public void Dispose()
    {
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private static byte[] Bytes(ClientKey key)
    {
        using var stream = new MemoryStream();
        key.Write(stream);
        return stream.ToArray();
    }
}
