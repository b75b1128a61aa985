using System.Text.Json;
using BlindGrain.Cli.Tests.Running;

namespace BlindGrain.Cli.Tests.Commands;

/// <summary>The demo: real keys, a real cluster, encrypted points over REST.</summary>
public sealed class DemoCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Encrypted_points_agree_with_the_clear_circuit_and_are_drawn()
    {
        string picture = _folder.File("demo.png");
        JsonElement demo = await Programs.JsonAsync(["demo", "--points", "2", "--exact", "-o", picture]);

        Assert.Equal(2, demo.GetProperty("points").GetInt32());
        Assert.Equal(1, demo.GetProperty("agreement").GetDouble());
        Assert.Equal(1, demo.GetProperty("integerAgreement").GetDouble());
        JsonElement accuracy = demo.GetProperty("accuracy");
        Assert.Equal(accuracy.GetProperty("clear").GetDouble(), accuracy.GetProperty("encrypted").GetDouble());
        Assert.InRange(accuracy.GetProperty("float").GetDouble(), 0, 1);
        Assert.True(demo.GetProperty("msPerPoint").GetDouble() > 0);
        Assert.True(demo.GetProperty("bootstrapsPerSecond").GetDouble() > 0);
        Assert.True(demo.GetProperty("bytes").GetProperty("up").GetInt64() > demo.GetProperty("keyBytes").GetProperty("upload").GetInt64());
        byte[] png = await File.ReadAllBytesAsync(picture);
        Assert.Equal("PNG"u8, png.AsSpan(1, 3));
        Assert.Equal(["demo.png"], _folder.Files);
    }

    [Fact]
    public async Task More_points_than_there_are_is_refused_before_anything_starts()
    {
        Finished finished = await Programs.RunAsync(["demo", "--points", "501", "-o", _folder.File("demo.png")]);
        Assert.Equal(2, finished.ExitCode);
        Assert.Contains("500", finished.Error, StringComparison.Ordinal);
        Assert.Empty(_folder.Files);
    }

    public void Dispose() => _folder.Dispose();
}
