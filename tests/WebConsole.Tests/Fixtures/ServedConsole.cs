using System.Text.Json;
using BlindGrain.Cli.Tests.Running;
using BlindGrain.Client;
using BlindGrain.Client.Keys;
using BlindGrain.Engine.Execution;

namespace BlindGrain.WebConsole.Tests.Fixtures;

/// <summary>A server as a user starts it, <c>blindgrain serve</c>, with one model and one key set.</summary>
public sealed class ServedConsole : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private Server? _server;
    private Task<Prediction>? _first;

    public string Address { get; private set; } = "";

    /// <summary>Where the server says that the console is.</summary>
    public string Console { get; private set; } = "";

    public string ApiKey { get; private set; } = "";

    public BlindGrainClient Client { get; private set; } = null!;

    /// <summary>The model "digits", version 1, with a key set on the server.</summary>
    public BlindGrainSession Session { get; private set; } = null!;

    /// <summary>A job that has succeeded; one is enough for all who only look at it.</summary>
    public Task<Prediction> FirstPrediction => _first ??= Session.PredictAsync(SampleNetwork.Input);

    public async ValueTask InitializeAsync()
    {
        _server = new Server(Programs.Start("Cli", "blindgrain", ["serve", "--urls", "http://127.0.0.1:0", "--data", _folder.File("data"), "--threads", "1", "--json"]));
        using (var said = JsonDocument.Parse(await _server.ReadOutputUntilLine("}")))
        {
            Address = said.RootElement.GetProperty("address").GetString()!;
            Console = said.RootElement.GetProperty("console").GetString()!;
            ApiKey = said.RootElement.GetProperty("apiKey").GetString()!;
        }

        Client = new BlindGrainClient(new Uri(Address), ApiKey);
        CompiledModel model = SampleNetwork.Create();
        _ = await Client.PushModelAsync("digits", "1", SampleNetwork.FileOf(model));
        StoredKey key = new KeyStore(_folder.File("keys")).FindOrCreate(model.Parameters);
        Session = new BlindGrainSession(Client, "digits", "1", model, key.Key, key.KeySet);
        _ = await Session.EnsureKeySetAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _folder.Dispose();
    }
}
