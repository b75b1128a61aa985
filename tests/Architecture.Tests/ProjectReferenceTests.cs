using System.Xml.Linq;
using BlindGrain.Tests;

namespace BlindGrain.Architecture.Tests;

/// <summary>References between the projects under src go one way, as docs/architecture.md draws them.</summary>
public sealed class ProjectReferenceTests
{
    /// <summary>What each project may reference. A new project needs a line here and one in docs/architecture.md.</summary>
    private static readonly Dictionary<string, string[]> s_allowed = new(StringComparer.Ordinal)
    {
        ["Engine"] = [],
        ["Storage"] = [],
        ["Clustering"] = [],
        ["Management"] = [],
        ["Compiler"] = ["Engine"],
        ["Client"] = ["Engine"],
        ["Grains.Interfaces"] = ["Engine"],
        ["Grains"] = ["Engine", "Grains.Interfaces", "Storage"],
        ["Gateway"] = ["Clustering", "Grains.Interfaces", "Management", "Storage"],
        ["Silo"] = ["Clustering", "Grains", "Management"],
        ["Cli"] = ["Client", "Compiler", "Gateway", "Silo"],
        ["Training"] = ["Client", "Compiler", "Gateway", "Silo"],
    };

    /// <summary>Packages that only some projects may use.</summary>
    private static readonly (string Package, string[] Projects)[] s_packages =
    [
        ("Microsoft.Orleans", ["Clustering", "Storage", "Grains.Interfaces", "Grains", "Silo", "Gateway"]),
        ("Microsoft.ML.OnnxRuntime", ["Compiler"]),
        ("Google.Protobuf", ["Compiler", "Training"]),
        ("OpenTelemetry", ["Management"]),
        ("Npgsql", ["Clustering"]),
        ("StackExchange.Redis", ["Clustering"]),
        ("Azure.", ["Storage"]),
        ("TorchSharp", ["Training"]),
        ("libtorch", ["Training"]),
        ("System.CommandLine", ["Cli", "Training"]),
        ("Spectre.Console", ["Cli", "Training"]),
        ("ScottPlot", ["Cli", "Training"]),
    ];

    public static TheoryData<string> Projects => [.. ProjectFiles.Keys];

    private static Dictionary<string, XDocument> ProjectFiles { get; } = Directory
        .EnumerateFiles(Path.Combine(SharedData.RepositoryRoot, "src"), "*.csproj", SearchOption.AllDirectories)
        .ToDictionary(path => Path.GetFileNameWithoutExtension(path), XDocument.Load, StringComparer.Ordinal);

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_references_only_what_it_may(string project)
    {
        Assert.True(s_allowed.TryGetValue(project, out string[]? allowed), $"{project} has no line in the table of allowed references.");
        Assert.Empty(References(project).Except(allowed));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_uses_only_packages_that_are_its_business(string project)
    {
        string[] packages = [.. ProjectFiles[project].Descendants("PackageReference").Select(e => (string)e.Attribute("Include")!)];
        Assert.Empty(
            from package in packages
            from rule in s_packages
            where package.StartsWith(rule.Package, StringComparison.Ordinal) && !rule.Projects.Contains(project)
            select $"{project} uses {package}");
    }

    [Fact]
    public void Nothing_references_the_training_project_and_the_main_solution_leaves_it_out()
    {
        Assert.DoesNotContain(ProjectFiles.Keys, project => References(project).Contains("Training"));
        string solution = File.ReadAllText(Path.Combine(SharedData.RepositoryRoot, "BlindGrain.slnx"));
        Assert.DoesNotContain("Training", solution, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_project_is_in_a_solution()
    {
        string root = SharedData.RepositoryRoot;
        string[] solutions = [Path.Combine(root, "BlindGrain.slnx"), Path.Combine(root, "src", "BlindGrain.Training.slnx")];
        HashSet<string> listed = [.. from solution in solutions
                                     from project in XDocument.Load(solution).Descendants("Project")
                                     select Path.GetFullPath(Path.Combine(Path.GetDirectoryName(solution)!, (string)project.Attribute("Path")!))];
        Assert.All(
            Directory.EnumerateFiles(root, "*.csproj", SearchOption.AllDirectories),
            project => Assert.Contains(Path.GetFullPath(project), listed));
    }

    private static string[] References(string project) =>
        [.. ProjectFiles[project].Descendants("ProjectReference").Select(e => Path.GetFileNameWithoutExtension((string)e.Attribute("Include")!))];
}
