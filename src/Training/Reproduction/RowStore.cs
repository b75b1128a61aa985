using System.Text.Json;
using BlindGrain.Training.Commands;
using BlindGrain.Training.Export;

namespace BlindGrain.Training.Reproduction;

/// <summary>Keeps what is done of each row in a file of its own, so that a report that was cut off goes on where it was.</summary>
/// <param name="folder">The folder; null keeps nothing.</param>
internal sealed class RowStore(string? folder)
{
    /// <summary>What is done of a row: nothing where its file is not there, or was made with other settings.</summary>
    /// <exception cref="IOException">The file cannot be read, or is none of ours.</exception>
    public KeptRow Load(RowDefinition row)
    {
        var nothing = new KeptRow(row.Settings, [], [], 0);
        if (folder is null || !File.Exists(PathOf(row)))
        {
            return nothing;
        }

        try
        {
            KeptRow? kept = JsonSerializer.Deserialize<KeptRow>(File.ReadAllBytes(PathOf(row)), ReproduceCommand.Json);
            return kept?.Settings == row.Settings ? kept : nothing;
        }
        catch (JsonException e)
        {
            throw new IOException($"{PathOf(row)} does not hold a row of the report ({e.Message}). Delete it, or give --resume another folder.", e);
        }
    }

    /// <summary>Keeps what is done of a row.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(RowDefinition row, KeptRow kept)
    {
        if (folder is not null)
        {
            WholeFile.Write(PathOf(row), JsonSerializer.SerializeToUtf8Bytes(kept, ReproduceCommand.Json));
        }
    }

    private string PathOf(RowDefinition row) => Path.Combine(folder!, $"{row.Id}.json");
}
