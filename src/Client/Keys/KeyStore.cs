using BlindGrain.Engine.Tfhe.Keys;
using BlindGrain.Engine.Tfhe.Parameters;

namespace BlindGrain.Client.Keys;

/// <summary>
/// Client keys on disk: one for each parameter suite, readable by their owner only, each with the id of the key set that was made
/// from it. Files are written whole or not at all.
/// </summary>
public sealed class KeyStore
{
    private const string Extension = ".bgkey";
    private const string LockFile = ".lock";
    private const int LockAttempts = 1500;
    private static readonly TimeSpan s_lockPause = TimeSpan.FromMilliseconds(20);
    private readonly string _folder;

    /// <summary>Opens a folder, made where it does not exist.</summary>
    public KeyStore(string folder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        _folder = Path.GetFullPath(folder);
        if (OperatingSystem.IsWindows())
        {
            _ = Directory.CreateDirectory(_folder);
        }
        else
        {
            _ = Directory.CreateDirectory(_folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    /// <summary>The folder "~/.blindgrain/keys" of the user.</summary>
    public static string DefaultFolder => Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".blindgrain", "keys");

    /// <summary>The file of the key that serves the parameters; where there is none, the file that <see cref="FindOrCreate"/> would write.</summary>
    public string PathOf(ParameterSuite parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        string own = Path.Combine(_folder, parameters.Id + Extension);
        return File.Exists(own) ? own : Wider(parameters) ?? own;
    }

    /// <summary>The key that serves the parameters, or null where there is none: the one for just these, else one that has others too.</summary>
    /// <exception cref="FormatException">The file is no client key, or one for other parameters.</exception>
    public StoredKey? Find(ParameterSuite parameters)
    {
        string path = PathOf(parameters);
        if (!File.Exists(path))
        {
            return null;
        }

        using FileStream file = File.OpenRead(path);
        using var reader = new BinaryReader(file);
        Span<byte> id = stackalloc byte[16];
        if (file.ReadAtLeast(id, id.Length, throwOnEndOfStream: false) < id.Length)
        {
            throw new FormatException($"{path} is no stored key: it is cut short.");
        }

        ClientKey key = ClientKey.Read(file);
        return key.Parameters.Id + Extension == Path.GetFileName(path)
            ? new StoredKey(key, new Guid(id).ToString("N"))
            : throw new FormatException($"{path} holds a key for {key.Parameters.Id}.");
    }

    /// <summary>The key that serves the parameters, drawn and stored where there is none.</summary>
    /// <exception cref="FormatException">As <see cref="Find"/>.</exception>
    /// <exception cref="IOException">The folder cannot be written, or another process has been making a key there for half a minute.</exception>
    public StoredKey FindOrCreate(ParameterSuite parameters)
    {
        if (Find(parameters) is { } present)
        {
            return present;
        }

        // A move that must not overwrite looks first and moves then on some systems, so two processes could both think that they were first.
        using FileStream alone = Lock();
        if (Find(parameters) is { } first)
        {
            return first;
        }

        ClientKey key = ClientKey.Generate(parameters);
        var id = Guid.NewGuid();
        string path = PathOf(parameters), temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        try
        {
            using (var file = new FileStream(temporary, options))
            {
                file.Write(id.ToByteArray());
                key.Write(file);
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: false);
        }
        finally
        {
            File.Delete(temporary);
        }

        return new StoredKey(key, id.ToString("N"));
    }

    /// <summary>The file of a key for more parameters, the one with the fewest.</summary>
    private string? Wider(ParameterSuite parameters) => Directory.EnumerateFiles(_folder, '*' + Extension)
        .Where(f => ParameterSuite.Serves(Path.GetFileNameWithoutExtension(f), parameters.Id))
        .OrderBy(f => f.Length)
        .ThenBy(f => f, StringComparer.Ordinal)
        .FirstOrDefault();

    /// <summary>Waits until no other process makes a key here; the system lets go of the lock of a process that dies.</summary>
    private FileStream Lock()
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return new FileStream(Path.Combine(_folder, LockFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (attempt < LockAttempts)
            {
                Thread.Sleep(s_lockPause);
            }
        }
    }
}

/// <summary>A client key and the id of the key set on servers that its evaluation keys have.</summary>
/// <param name="Key">The secret key.</param>
/// <param name="KeySet">The key set's id.</param>
public sealed record StoredKey(ClientKey Key, string KeySet);
