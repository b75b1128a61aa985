using System.Net;
using BlindGrain.Clustering.Backends;
using BlindGrain.Clustering.Tests.Running;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Runtime.MembershipService;

namespace BlindGrain.Clustering.Tests.Backends;

/// <summary>Our statements under Orleans' own providers, against a real server.</summary>
public sealed class PostgreSqlQueriesTests
{
    private static readonly DateTime s_start = new(2026, 1, 2, 3, 4, 5, 678, DateTimeKind.Utc);

    [Fact]
    public async Task Membership_changes_one_version_at_a_time()
    {
        await using BackendProcess server = await BackendProcess.StartAsync("PostgreSql");
        await using var database = new PostgreSqlDatabase(server.ConnectionString, "s", NullLogger.Instance);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => database.CheckAsync(mayMigrate: true, CancellationToken.None)));
        var table = new AdoNetClusteringTable(
            new ServiceCollection().BuildServiceProvider(),
            Options.Create(new ClusterOptions { ClusterId = "c" }),
            Options.Create(new AdoNetClusteringSiloOptions { Invariant = "Npgsql", DataSource = database.DataSource }),
            NullLogger<AdoNetClusteringTable>.Instance);
        await table.InitializeMembershipTableAsync(true);
        MembershipTableData empty = await table.ReadAllAsync();
        Assert.Empty(empty.Members);

        MembershipEntry a = Entry(1), b = Entry(2);
        Assert.True(await table.InsertRowAsync(a, empty.Version.Next()));
        Assert.False(await table.InsertRowAsync(b, empty.Version.Next()));
        MembershipTableData one = await table.ReadAllAsync();
        Assert.False(await table.InsertRowAsync(a, one.Version.Next()));
        Assert.True(await table.InsertRowAsync(b, one.Version.Next()));
        MembershipTableData two = await table.ReadAllAsync();
        Assert.Equal(2, two.Members.Count);
        MembershipEntry read = two.TryGet(a.SiloAddress)!.Item1;
        Assert.Equal(("silo 1", "host", SiloStatus.Active, 30001, s_start), (read.SiloName, read.HostName, read.Status, read.ProxyPort, read.StartTime));
        Assert.Equal(DateTimeKind.Utc, read.StartTime.Kind);

        // Of changes that expect the same version, one happens.
        a.SuspectTimes = [Tuple.Create(b.SiloAddress, s_start)];
        a.Status = SiloStatus.Dead;
        bool[] changed = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => table.UpdateRowAsync(a, two.TryGet(a.SiloAddress)!.Item2, two.Version.Next())));
        Assert.Single(changed, true);
        MembershipTableData dead = await table.ReadRowAsync(a.SiloAddress);
        Assert.Equal(two.Version.Version + 1, dead.Version.Version);
        Assert.Equal(SiloStatus.Dead, dead.Members.Single().Item1.Status);
        Assert.Equal(b.SiloAddress, dead.Members.Single().Item1.SuspectTimes!.Single().Item1);

        b.IAmAliveTime = s_start.AddMinutes(1);
        await table.UpdateIAmAliveAsync(b);
        Assert.Equal(b.IAmAliveTime, (await table.ReadRowAsync(b.SiloAddress)).Members.Single().Item1.IAmAliveTime);
        await table.CleanupDefunctSiloEntriesAsync(s_start.AddMinutes(2));
        Assert.Equal(b.SiloAddress, (await table.ReadAllAsync()).Members.Single().Item1.SiloAddress);
        await table.DeleteMembershipTableEntriesAsync("c");
        await table.InitializeMembershipTableAsync(true);
        Assert.Empty((await table.ReadAllAsync()).Members);
    }

    [Fact]
    public async Task Reminders_are_kept_by_grain_and_by_range_of_hashes()
    {
        await using BackendProcess server = await BackendProcess.StartAsync("PostgreSql");
        await using var database = new PostgreSqlDatabase(server.ConnectionString, "s", NullLogger.Instance);
        await database.CheckAsync(mayMigrate: true, CancellationToken.None);
        await using ServiceProvider services = new ServiceCollection()
            .AddLogging()
            .Configure<ClusterOptions>(o => (o.ClusterId, o.ServiceId) = ("c", "s"))
            .UseAdoNetReminderService(o => o.Configure(r => (r.Invariant, r.DataSource) = ("Npgsql", database.DataSource)))
            .BuildServiceProvider();
        IReminderTable table = services.GetRequiredService<IReminderTable>();
        await table.StartAsync();
        GrainId[] grains = [.. Enumerable.Range(0, 20).Select(i => GrainId.Create("job", $"t/{i}"))];
        foreach (GrainId grain in grains)
        {
            Assert.Equal("0", await table.UpsertRow(Row(grain)));
        }

        Assert.Equal("1", await table.UpsertRow(Row(grains[0])));
        ReminderEntry read = (await table.ReadRow(grains[0], "resume"))!;
        Assert.Equal((s_start, TimeSpan.FromMinutes(1), "1"), (read.StartAt, read.Period, read.ETag));
        Assert.Null(await table.ReadRow(grains[0], "other"));
        Assert.Single((await table.ReadRows(grains[1])).Reminders);

        // Every hash lies in one half of the ring: the half from 2^30 to 3·2^30, and the other, which wraps around.
        int half = (await table.ReadRows(1u << 30, 3u << 30)).Reminders.Count, rest = (await table.ReadRows(3u << 30, 1u << 30)).Reminders.Count;
        Assert.Equal(grains.Count(g => g.GetUniformHashCode() is > 1u << 30 and <= 3u << 30), half);
        Assert.Equal(grains.Length, half + rest);

        Assert.False(await table.RemoveRow(grains[0], "resume", "0"));
        Assert.True(await table.RemoveRow(grains[0], "resume", "1"));
        Assert.False(await table.RemoveRow(grains[0], "resume", "1"));
        await table.TestOnlyClearTable();
        Assert.Empty((await table.ReadRows(grains[1])).Reminders);
    }

    private static ReminderEntry Row(GrainId grain) => new() { GrainId = grain, ReminderName = "resume", StartAt = s_start, Period = TimeSpan.FromMinutes(1) };

    private static MembershipEntry Entry(int n) => new()
    {
        SiloAddress = SiloAddress.New(IPAddress.Loopback, 11110 + n, n),
        SiloName = $"silo {n}",
        HostName = "host",
        Status = SiloStatus.Active,
        ProxyPort = 30000 + n,
        StartTime = s_start,
        IAmAliveTime = s_start,
    };
}
