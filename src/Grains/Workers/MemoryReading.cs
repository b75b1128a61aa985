using System.Globalization;

namespace BlindGrain.Grains.Workers;

/// <summary>Memory in use and its limit, in bytes, as the kernel counts them: expanded keys are native memory, of which the garbage collector knows nothing.</summary>
internal readonly record struct MemoryReading(long Used, long Limit)
{
    private static readonly string[] s_groups = ["/sys/fs/cgroup", "/sys/fs/cgroup/memory"];

    /// <summary>What holds now: the control group's where it has a limit, else the machine's. A limit of 0 where neither can be read.</summary>
    public static MemoryReading Now() =>
        s_groups.Select(OfGroup).OfType<MemoryReading>().Append(OfMachine("/proc/meminfo") ?? default).First();

    /// <summary>The working set of a control group (version 2, or 1), the measure that orchestrators kill by: usage without inactive file pages. Null where it has no limit.</summary>
    internal static MemoryReading? OfGroup(string folder)
    {
        long? limit = ReadNumber(folder, "memory.max") ?? ReadNumber(folder, "memory.limit_in_bytes");
        long? usage = ReadNumber(folder, "memory.current") ?? ReadNumber(folder, "memory.usage_in_bytes");
        if (limit is not (> 0 and < 1L << 50) || usage is null)
        {
            return null;
        }

        long inactive = ReadField(Path.Combine(folder, "memory.stat"), "total_inactive_file") ?? ReadField(Path.Combine(folder, "memory.stat"), "inactive_file") ?? 0;
        return new MemoryReading(Math.Max(0, usage.Value - inactive), limit.Value);
    }

    /// <summary>The machine's memory; null where it cannot be read.</summary>
    internal static MemoryReading? OfMachine(string file) =>
        ReadField(file, "MemTotal:") is { } total && ReadField(file, "MemAvailable:") is { } available ? new MemoryReading((total - available) << 10, total << 10) : null;

    private static long? ReadNumber(string folder, string file) =>
        long.TryParse(ReadText(Path.Combine(folder, file)).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out long value) ? value : null;

    private static long? ReadField(string file, string name) => ReadText(file)
        .Split('\n')
        .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Where(parts => parts.Length > 1 && parts[0] == name && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out _))
        .Select(parts => (long?)long.Parse(parts[1], CultureInfo.InvariantCulture))
        .FirstOrDefault();

    private static string ReadText(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
