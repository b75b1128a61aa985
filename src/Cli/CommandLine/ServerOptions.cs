using System.CommandLine;
using BlindGrain.Client;

namespace BlindGrain.Cli.CommandLine;

/// <summary>The options that name a server and the key to it.</summary>
internal sealed class ServerOptions
{
    /// <summary>The environment variable that the API key is taken from.</summary>
    public const string ApiKeyVariable = "BLINDGRAIN_API_KEY";

    private readonly Option<Uri> _server = new("--server")
    {
        Description = "The gateway's address, such as http://127.0.0.1:8080.",
        HelpName = "URL",
        Required = true,
        CustomParser = result =>
        {
            string text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
            if (Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps))
            {
                return uri;
            }

            result.AddError($"'{text}' is no value of --server: write an address such as http://127.0.0.1:8080.");
            return null;
        },
    };

    private readonly Option<string?> _apiKey = new("--api-key")
    {
        Description = $"The API key, which 'blindgrain serve' prints at its first start. Better kept in the environment variable {ApiKeyVariable}: a command line shows in the list of processes.",
        HelpName = "KEY",
    };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_server);
        command.Options.Add(_apiKey);
    }

    /// <summary>A client of the server that was named.</summary>
    /// <exception cref="CommandException">No API key was given.</exception>
    public BlindGrainClient Connect(ParseResult result)
    {
        string? key = result.GetValue(_apiKey) ?? Environment.GetEnvironmentVariable(ApiKeyVariable);
        return string.IsNullOrWhiteSpace(key)
            ? throw CommandException.BadInput($"The server needs an API key: set {ApiKeyVariable} or give --api-key.")
            : new BlindGrainClient(result.GetRequiredValue(_server), key);
    }
}
