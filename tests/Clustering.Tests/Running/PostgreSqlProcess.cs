using System.Diagnostics;

namespace BlindGrain.Clustering.Tests.Running;

/// <summary>PostgreSQL with one user that has a password; it refuses to run as root, so root runs it as the user "postgres".</summary>
internal sealed class PostgreSqlProcess : BackendProcess
{
    private const string User = "blindgrain";
    private string _binaries = "";

    public override string ConnectionString => $"Host=127.0.0.1;Port={Port};Database=postgres;Username={User};Password={Password}";

    public override string[] Settings => ["--Cluster:Backend=PostgreSql", $"--Cluster:ConnectionString={ConnectionString}"];

    protected override async Task PrepareAsync()
    {
        const string Debian = "/usr/lib/postgresql";
        IEnumerable<string> folders = Directory.Exists(Debian) ? Directory.EnumerateDirectories(Debian).OrderDescending().Select(f => Path.Combine(f, "bin")) : [];
        string? initdb = Find("initdb", folders);
        Assert.SkipWhen(initdb is null, "PostgreSQL is not installed: install Debian's package postgresql.");

        // Debian links single programs into the path; the others lie where the link leads.
        _binaries = Path.GetDirectoryName(File.ResolveLinkTarget(initdb!, returnFinalTarget: true)?.FullName ?? initdb)!;
        string password = Folder.File("password");
        await File.WriteAllTextAsync(password, Password);
        if (Environment.IsPrivilegedProcess)
        {
            await RunAsync(new ProcessStartInfo("chown", ["-R", "postgres", Folder.Path]));
        }

        await RunAsync(AsUser("initdb", "-D", Data, "-U", User, "-A", "scram-sha-256", $"--pwfile={password}", "-E", "UTF8", "--locale=C", "--no-sync"));
    }

    protected override ProcessStartInfo StartInfo() => AsUser(
        "postgres", "-D", Data, "-p", $"{Port}", "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "max_connections=50");

    private string Data => Folder.File("data");

    private ProcessStartInfo AsUser(string program, params string[] arguments)
    {
        string path = Path.Combine(_binaries, program);
        return Environment.IsPrivilegedProcess
            ? new ProcessStartInfo("setpriv", ["--reuid=postgres", "--regid=postgres", "--clear-groups", path, .. arguments]) { WorkingDirectory = Folder.Path }
            : new ProcessStartInfo(path, arguments);
    }
}
