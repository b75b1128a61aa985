using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace BlindGrain.Deploy.Tests.Docker;

public partial class DockerfileTests
{
    private static readonly Dockerfile s_file = Dockerfile.Read();

    [Theory]
    [InlineData("silo", "Silo")]
    [InlineData("gateway", "Gateway")]
    public void An_image_runs_what_is_published_as_a_user_without_rights(string stage, string project)
    {
        (string Name, string Arguments)[] instructions = [.. s_file.Of(stage)];
        Assert.Equal("runtime", s_file.BaseOf(stage));
        Assert.EndsWith("-chiseled", s_file.BaseOf("runtime"), StringComparison.Ordinal);
        Assert.Equal("1654:1654", instructions.Last(i => i.Name == "USER").Arguments);
        Assert.Equal($"[\"dotnet\", \"BlindGrain.{project}.dll\"]", instructions.Last(i => i.Name == "ENTRYPOINT").Arguments);
        Assert.Contains(instructions, i => i == ("COPY", $"--from=build /app/{stage}/ ./"));
        Assert.Contains($"dotnet publish src/{project}/{project}.csproj --no-restore -c Release -o /app/{stage} ", Publish(), StringComparison.Ordinal);

        // The image has no shell, so nothing can be run in it.
        Assert.DoesNotContain(instructions, i => i.Name is "RUN" or "CMD" or "HEALTHCHECK");
        string labels = string.Join(' ', instructions.Where(i => i.Name == "LABEL").Select(i => i.Arguments));
        Assert.All((string[])["title", "description", "version", "revision", "created"], label => Assert.Contains($"org.opencontainers.image.{label}=", labels, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_project_that_the_programs_are_built_of_is_restored_and_no_other()
    {
        var needed = new SortedSet<string>(StringComparer.Ordinal);
        Collect("src/Silo/Silo.csproj", needed);
        Collect("src/Gateway/Gateway.csproj", needed);
        IEnumerable<string> copied = s_file.Of("build").Where(i => i.Name == "COPY" && i.Arguments.Contains(".csproj", StringComparison.Ordinal)).Select(i => i.Arguments.Split(' ')[0]);
        Assert.Equal(needed, copied.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Everything_copied_exists_and_is_in_the_context()
    {
        string[] context = [.. File.ReadAllLines(Repository.PathOf("deploy", "docker", "Dockerfile.dockerignore")).Where(l => l.StartsWith('!')).Select(l => l[1..])];
        string[] sources = [.. s_file.Of("build").Where(i => i.Name == "COPY").SelectMany(i => i.Arguments.Split(' ')[..^1])];
        Assert.Contains("src/", sources);
        Assert.All(sources, source => Assert.True(Path.Exists(Repository.PathOf(source)), source));
        Assert.All(sources, source => Assert.Contains(context, c => source == c || source.StartsWith($"{c}/", StringComparison.Ordinal)));
        Assert.All(context, c => Assert.True(Path.Exists(Repository.PathOf(c)), c));
    }

    [Fact]
    public void Images_are_of_the_version_of_dotnet_that_the_projects_are_for()
    {
        string framework = XDocument.Load(Repository.PathOf("Directory.Build.props")).Descendants("TargetFramework").Single().Value;
        string text = Repository.Read("deploy", "docker", "Dockerfile");
        Assert.Equal(framework, $"net{DotNetVersion().Match(text).Groups[1].Value}");
        Assert.All(s_file.Stages.Select(s_file.BaseOf).Where(b => b.Contains('/', StringComparison.Ordinal)), b => Assert.Contains(":${DOTNET_VERSION}-", b, StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_baked_are_the_stages_with_attestations_and_this_version()
    {
        string bake = Repository.Read("deploy", "docker", "docker-bake.hcl");
        Assert.Contains("attest = [\"type=sbom\", \"type=provenance,mode=max\"]", bake, StringComparison.Ordinal);
        Assert.Contains($"default = \"{Repository.Version}\"", bake, StringComparison.Ordinal);
        Assert.Equal(["gateway", "silo"], BakeTarget().Matches(bake).Select(m => m.Groups[1].Value).Where(s_file.Stages.Contains).Order());
    }

    private static string Publish() => s_file.Of("build").Single(i => i.Name == "RUN" && i.Arguments.Contains("publish", StringComparison.Ordinal)).Arguments;

    private static void Collect(string project, SortedSet<string> found)
    {
        if (found.Add(project))
        {
            foreach (XElement reference in XDocument.Load(Repository.PathOf(project)).Descendants("ProjectReference"))
            {
                string path = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Repository.PathOf(project))!, (string)reference.Attribute("Include")!));
                Collect(Path.GetRelativePath(Repository.Root, path), found);
            }
        }
    }

    [GeneratedRegex(@"^ARG DOTNET_VERSION=(\S+)$", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex DotNetVersion();

    [GeneratedRegex(@"^\s*target\s*=\s*""(\w+)""", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex BakeTarget();
}
