using BlindGrain.Grains.Hosting;
using BlindGrain.Grains.Workers;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace BlindGrain.Grains.Tests.Workers;

public sealed class MemoryTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("blindgrain-test-").FullName;

    [Fact]
    public void A_control_group_counts_what_cannot_be_reclaimed()
    {
        Assert.Null(MemoryReading.OfGroup(_folder));
        Write("memory.max", "1000000\n");
        Write("memory.current", "900000\n");
        Write("memory.stat", "anon 1\nfile 300000\ninactive_file 200000\n");
        Assert.Equal(new MemoryReading(700_000, 1_000_000), MemoryReading.OfGroup(_folder));
        Write("memory.max", "max\n");
        Assert.Null(MemoryReading.OfGroup(_folder));
        File.Delete(Path.Combine(_folder, "memory.max"));
        Write("memory.limit_in_bytes", "2000000\n");
        Assert.Equal(new MemoryReading(700_000, 2_000_000), MemoryReading.OfGroup(_folder));
    }

    [Fact]
    public void A_machine_counts_what_is_not_available()
    {
        Write("meminfo", "MemTotal:       1000 kB\nMemFree:          10 kB\nMemAvailable:    250 kB\n");
        Assert.Equal(new MemoryReading(750 << 10, 1000 << 10), MemoryReading.OfMachine(Path.Combine(_folder, "meminfo")));
        Assert.Null(MemoryReading.OfMachine(Path.Combine(_folder, "none")));
        Assert.True(MemoryReading.Now().Limit > 0);
    }

    [Theory]
    [InlineData(89, 90, false)]
    [InlineData(91, 90, true)]
    [InlineData(99, 100, false)]
    public void Memory_is_short_beyond_the_share(int used, int percent, bool isShort)
    {
        var guard = new MemoryGuard(
            Options.Create(new WorkerOptions { MemoryPercent = percent }), TimeProvider.System, NullLogger<MemoryGuard>.Instance, () => new MemoryReading(used << 20, 100 << 20));
        Assert.Equal(isShort, guard.IsShort);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void Write(string file, string text) => File.WriteAllText(Path.Combine(_folder, file), text);
}
