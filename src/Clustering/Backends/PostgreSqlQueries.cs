namespace BlindGrain.Clustering.Backends;

/// <summary>
/// The statements that Orleans' relational providers run, by the keys they ask for. Parameters, result columns and meaning are those
/// of the providers' contract (Orleans documentation, "Relational storage"; IMembershipTable and IReminderTable); tables and
/// statements are our own. Each is one statement, so it is atomic: of two that expect the same version the later one waits for the
/// row lock, sees the new version, and changes nothing.
/// </summary>
internal static class PostgreSqlQueries
{
    private const string ThisSilo = "cluster_id = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation";
    private const string Dead = "6";

    private const string Members = """
        SELECT m.version AS Version, s.address AS Address, s.port AS Port, s.generation AS Generation, s.silo_name AS SiloName,
            s.host_name AS HostName, s.status AS Status, s.proxy_port AS ProxyPort, s.suspect_times AS SuspectTimes,
            s.start_time AS StartTime, s.i_am_alive_time AS IAmAliveTime
        FROM membership m LEFT JOIN silo s ON s.cluster_id = m.cluster_id
        """;

    private const string Reminders = """
        SELECT grain_id AS GrainId, reminder_name AS ReminderName, start_time AS StartTime, period_ms AS Period, version AS Version
        FROM reminder WHERE service_id = @ServiceId
        """;

    /// <summary>Statements by key.</summary>
    public static IReadOnlyDictionary<string, string> All { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["GatewaysQueryKey"] = """
            SELECT address AS Address, proxy_port AS ProxyPort, generation AS Generation
            FROM silo WHERE cluster_id = @DeploymentId AND status = @Status AND proxy_port > 0
            """,
        ["MembershipReadAllKey"] = $"{Members} WHERE m.cluster_id = @DeploymentId",
        ["MembershipReadRowKey"] = $"{Members} AND s.address = @Address AND s.port = @Port AND s.generation = @Generation WHERE m.cluster_id = @DeploymentId",
        ["InsertMembershipVersionKey"] = """
            WITH made AS (INSERT INTO membership (cluster_id, version) VALUES (@DeploymentId, 0) ON CONFLICT DO NOTHING RETURNING 1)
            SELECT count(*) > 0 FROM made
            """,
        ["InsertMembershipKey"] = $"""
            WITH next AS (
                UPDATE membership SET version = version + 1, changed = now()
                WHERE cluster_id = @DeploymentId AND version = @Version AND NOT EXISTS (SELECT 1 FROM silo WHERE {ThisSilo})
                RETURNING cluster_id),
            made AS (
                INSERT INTO silo (cluster_id, address, port, generation, silo_name, host_name, status, proxy_port, start_time, i_am_alive_time)
                SELECT cluster_id, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime FROM next
                RETURNING 1)
            SELECT count(*) > 0 FROM made
            """,
        ["UpdateMembershipKey"] = $"""
            WITH next AS (
                UPDATE membership SET version = version + 1, changed = now()
                WHERE cluster_id = @DeploymentId AND version = @Version AND EXISTS (SELECT 1 FROM silo WHERE {ThisSilo})
                RETURNING cluster_id),
            changed AS (
                UPDATE silo SET status = @Status, suspect_times = @SuspectTimes, i_am_alive_time = @IAmAliveTime
                WHERE {ThisSilo} AND EXISTS (SELECT 1 FROM next)
                RETURNING 1)
            SELECT count(*) > 0 FROM changed
            """,
        ["UpdateIAmAlivetimeKey"] = $"UPDATE silo SET i_am_alive_time = @IAmAliveTime WHERE {ThisSilo}",
        ["DeleteMembershipTableEntriesKey"] = "DELETE FROM membership WHERE cluster_id = @DeploymentId",
        ["CleanupDefunctSiloEntriesKey"] = $"DELETE FROM silo WHERE cluster_id = @DeploymentId AND status = {Dead} AND i_am_alive_time < @IAmAliveTime",
        ["CleanupDefunctSiloEntryKey"] = $"""
            DELETE FROM silo WHERE {ThisSilo} AND status = {Dead} AND start_time = @StartTime AND i_am_alive_time = @IAmAliveTime
                AND suspect_times IS NOT DISTINCT FROM @SuspectTimes::text
            """,
        ["ReadReminderRowsKey"] = $"{Reminders} AND grain_id = @GrainId",
        ["ReadReminderRowKey"] = $"{Reminders} AND grain_id = @GrainId AND reminder_name = @ReminderName",

        // A ring range excludes its begin and includes its end; the second form wraps around.
        ["ReadRangeRows1Key"] = $"{Reminders} AND grain_hash > @BeginHash AND grain_hash <= @EndHash",
        ["ReadRangeRows2Key"] = $"{Reminders} AND (grain_hash > @BeginHash OR grain_hash <= @EndHash)",
        ["UpsertReminderRowKey"] = """
            INSERT INTO reminder AS r (service_id, grain_id, reminder_name, start_time, period_ms, grain_hash, version)
            VALUES (@ServiceId, @GrainId, @ReminderName, @StartTime, @Period, @GrainHash, 0)
            ON CONFLICT (service_id, grain_id, reminder_name) DO UPDATE
            SET start_time = EXCLUDED.start_time, period_ms = EXCLUDED.period_ms, grain_hash = EXCLUDED.grain_hash, version = r.version + 1
            RETURNING version AS Version
            """,
        ["DeleteReminderRowKey"] = """
            WITH gone AS (
                DELETE FROM reminder
                WHERE service_id = @ServiceId AND grain_id = @GrainId AND reminder_name = @ReminderName AND version = @Version
                RETURNING 1)
            SELECT count(*) > 0 FROM gone
            """,
        ["DeleteReminderRowsKey"] = "DELETE FROM reminder WHERE service_id = @ServiceId",
    };
}
