using BlindGrain.Compiler.Data;

namespace BlindGrain.Compiler.Tests.Data;

/// <summary>Which file is read how, and what does not fit the model.</summary>
public sealed class DataFilesTests : IDisposable
{
    private readonly DataFolder _folder = new();

    [Fact]
    public void Comma_separated_text_brings_labels_by_its_header()
    {
        LabelledSamples samples = DataFiles.Read(_folder.Write("d.csv", "x,y,label\n0.5,1,2\n\n3,-4e1,0\n"), null, null, [2]);
        Assert.Equal([[0.5f, 1f], [3f, -40f]], samples.Inputs);
        Assert.Equal([2, 0], samples.Labels!);
        Assert.Null(DataFiles.Read(_folder.Write("e.csv", "0.5,1,2\n"), null, null, [3]).Labels);
    }

    [Theory]
    [InlineData("1,2\n3\n", "line 2: 1 columns")]
    [InlineData("1,2\n3,here\n", "column 2: 'here'")]
    [InlineData("x,y,label\n1,2,-1\n", "label '-1'")]
    [InlineData("1,NaN\n", "'NaN'")]
    [InlineData("x,y\n", "no samples")]
    [InlineData("1,2,3\n", "3 values; the model takes 2")]
    public void Text_that_does_not_fit_is_refused_by_line(string text, string message) =>
        Assert.Contains(message, Refusal(_folder.Write("d.csv", text), null), StringComparison.Ordinal);

    [Fact]
    public void An_array_is_samples_along_its_first_axis_or_one_sample()
    {
        string path = _folder.Write("a.npy", NpyTests.Npy("|u1", "(2, 1, 2)", [1, 2, 3, 4]));
        Assert.Equal([[1f, 2f], [3f, 4f]], DataFiles.Read(path, null, null, [1, 2]).Inputs);
        Assert.Equal([[0.5f, 1f], [1.5f, 2f]], DataFiles.Read(path, null, 0.5f, [2]).Inputs);
        Assert.Equal([[1f, 2f, 3f, 4f]], DataFiles.Read(path, null, null, [2, 2]).Inputs);
    }

    [Fact]
    public void Idx_images_are_divided_by_255_unless_a_scale_is_given()
    {
        string path = _folder.Write("i", [0, 0, 8, 2, 0, 0, 0, 1, 0, 0, 0, 2, 51, 255]);
        Assert.Equal([[0.2f, 1f]], DataFiles.Read(path, null, null, [2]).Inputs);
        Assert.Equal([[51f, 255f]], DataFiles.Read(path, null, 1, [2]).Inputs);
    }

    [Fact]
    public void Files_that_are_missing_or_bring_labels_twice_are_refused()
    {
        _ = Assert.Throws<FileNotFoundException>(() => DataFiles.Read(_folder.Folder("none.csv"), null, null, [1]));
        string labels = _folder.Write("l.csv", "1\n");
        Assert.Contains("brings its labels", Refusal(_folder.Write("d.csv", "x,y,label\n1,2,0\n"), labels), StringComparison.Ordinal);
        Assert.Contains("columns", Refusal(_folder.Write("e.csv", "1,2\n"), _folder.Write("m.csv", "1,2\n")), StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static string Refusal(string data, string? labels) => Assert.Throws<InvalidDataException>(() => DataFiles.Read(data, labels, null, [2])).Message;
}
