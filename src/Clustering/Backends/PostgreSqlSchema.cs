using Npgsql;

namespace BlindGrain.Clustering.Backends;

/// <summary>The tables and stored statements in one schema of a database, and their version.</summary>
internal sealed class PostgreSqlSchema(string name)
{
    /// <summary>Raised with every change of the tables or the statements.</summary>
    public const int Version = 1;

    /// <summary>Names our lock among a database's advisory locks ("blindgrn" in ASCII).</summary>
    private const long Lock = 0x626c696e6467726e;

    /// <summary>The schema's name, a plain identifier.</summary>
    public string Name => name;

    /// <summary>The version of what is there; 0 where nothing is.</summary>
    public async Task<int> ReadVersionAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using (var exists = new NpgsqlCommand("SELECT to_regclass(@table) IS NOT NULL", connection))
        {
            _ = exists.Parameters.AddWithValue("table", $"{name}.schema_version");
            if (await exists.ExecuteScalarAsync(cancellation) is not true)
            {
                return 0;
            }
        }

        await using var command = new NpgsqlCommand($"SELECT version FROM {name}.schema_version", connection);
        return await command.ExecuteScalarAsync(cancellation) as int? ?? 0;
    }

    /// <summary>Makes or updates everything in one transaction; of several silos at once, one works and the others wait.</summary>
    public async Task MigrateAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation);
        await ExecuteAsync($"SELECT pg_advisory_xact_lock({Lock})");
        if (await ReadVersionAsync(connection, cancellation) >= Version)
        {
            return;
        }

        await using (var schema = new NpgsqlCommand("SELECT to_regnamespace(@name) IS NOT NULL", connection, transaction))
        {
            // Making a schema, even one that is there, takes a right on the database; using one that an administrator made does not.
            _ = schema.Parameters.AddWithValue("name", name);
            if (await schema.ExecuteScalarAsync(cancellation) is not true)
            {
                await ExecuteAsync($"CREATE SCHEMA {name}");
            }
        }

        await ExecuteAsync(ReadTables());
        foreach ((string key, string text) in PostgreSqlQueries.All)
        {
            await ExecuteAsync(
                "INSERT INTO orleansquery VALUES (@key, @text) ON CONFLICT (querykey) DO UPDATE SET querytext = EXCLUDED.querytext",
                ("key", key), ("text", text));
        }

        await ExecuteAsync(
            "INSERT INTO schema_version (version) VALUES (@version) ON CONFLICT (only_row) DO UPDATE SET version = EXCLUDED.version",
            ("version", Version));
        await transaction.CommitAsync(cancellation);

        async Task ExecuteAsync(string sql, params (string Name, object Value)[] parameters)
        {
            await using var command = new NpgsqlCommand(sql, connection, transaction);
            foreach ((string parameter, object value) in parameters)
            {
                _ = command.Parameters.AddWithValue(parameter, value);
            }

            _ = await command.ExecuteNonQueryAsync(cancellation);
        }
    }

    private static string ReadTables()
    {
        using Stream stream = typeof(PostgreSqlSchema).Assembly.GetManifestResourceStream("PostgreSqlTables.sql")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
