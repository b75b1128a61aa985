using System.CommandLine;
using BlindGrain.Cli.CommandLine;
using BlindGrain.Cli.Hosting;
using Spectre.Console;

namespace BlindGrain.Cli.Commands;

/// <summary><c>serve</c>: gateway and silo in one process.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var urls = new Option<string>("--urls")
        {
            Description = "Where to listen, several with semicolons between them; port 0 takes a free one.",
            HelpName = "URL",
            DefaultValueFactory = _ => "http://127.0.0.1:8080",
        };
        var data = new Option<string>("--data")
        {
            Description = "The folder for models, keys, jobs and the hashes of API keys; made where it does not exist.",
            HelpName = "FOLDER",
            DefaultValueFactory = _ => "data",
        };
        var threads = new Option<int?>("--threads")
        {
            Description = "Threads that compute on ciphertexts; one less than the cores by default, so that requests are answered promptly.",
            HelpName = "N",
        };
        threads.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && (!int.TryParse(result.Tokens[0].Value, out int n) || n is < 1 or > 1024))
            {
                result.AddError($"'{result.Tokens[0].Value}' is no value of --threads: write a number from 1 to 1024.");
            }
        });
        var command = new TaughtCommand("serve", "Run a server: REST gateway and silo in one process, storage in a folder.", """
            At the first start in a folder an API key is made and shown, once: only its hash is kept. To get a new one, delete
            FOLDER/api-keys.json. The log goes to standard error. Ctrl-C ends the server in order; jobs go on at the next start.
            A browser sees models, keys, jobs and the cluster at URL/console/.
            Plain HTTP is for this machine and trusted networks: put a proxy with TLS in front of anything else.

              blindgrain serve --data data
              blindgrain serve --urls http://127.0.0.1:9000 --json
            """)
        {
            urls,
            data,
            threads,
        };
        command.Runs(async (result, terminal, cancellation) =>
        {
            string folder = Path.GetFullPath(result.GetRequiredValue(data));
            var settings = new LocalClusterSettings { Urls = CheckUrls(result.GetRequiredValue(urls)), Folder = folder, WorkerThreads = result.GetValue(threads) };
            await using LocalCluster cluster = await LocalCluster.StartAsync(settings, cancellation);
            var report = new ServeReport(cluster.Addresses, cluster.NewApiKey, folder);
            terminal.Result(report, console =>
            {
                console.WriteLine($"Serving at {string.Join(", ", report.Addresses)}, data in {report.Data}.");
                console.WriteLine($"Console: {report.Console} (sign in with the API key).");
                console.WriteLine(report.ApiKey is null
                    ? $"API key: the one shown at the first start (only its hash is kept, in {cluster.ApiKeyFile})."
                    : $"API key, shown only now: {report.ApiKey}");
                console.WriteLine("Ctrl-C ends it.");
            });
            try
            {
                await cluster.WaitForShutdownAsync(cancellation);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                // Asked to end: in order, by disposing.
            }

            return ExitCodes.Success;
        });
        return command;
    }

    private static string CheckUrls(string urls)
    {
        foreach (string url in urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (!url.StartsWith("http://", StringComparison.OrdinalIgnoreCase))
            {
                throw CommandException.BadInput($"'{url}' is no value of --urls: write an address such as http://127.0.0.1:8080 (TLS is a proxy's part).");
            }
        }

        return urls;
    }

    private sealed record ServeReport(IReadOnlyList<string> Addresses, string? ApiKey, string Data)
    {
        /// <summary>The first address.</summary>
        public string Address => Addresses[0];

        /// <summary>Where a browser sees it.</summary>
        public string Console => $"{Address.TrimEnd('/')}/console/";
    }
}
