using System.Collections.Immutable;
using Microsoft.Data.Sqlite;

namespace Trunkline.ApiServer.Storage;

/// <summary>The database: objects as they are now, and the log of changes. Used by the writer thread alone once it is loaded.</summary>
internal sealed class SqliteLog : IDisposable
{
    /// <summary>How many changes stay in the log on disk: as many as watches may look back after a restart.</summary>
    private const int KeptOnDisk = 8192;

    private const string Schema = """
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = FULL;
        PRAGMA wal_autocheckpoint = 1000;
        CREATE TABLE IF NOT EXISTS objects (resource TEXT NOT NULL, namespace TEXT NOT NULL, name TEXT NOT NULL, revision INTEGER NOT NULL, body BLOB NOT NULL,
            PRIMARY KEY (resource, namespace, name)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS log (revision INTEGER PRIMARY KEY, type INTEGER NOT NULL, resource TEXT NOT NULL, namespace TEXT NOT NULL, name TEXT NOT NULL,
            body BLOB NOT NULL, previous_revision INTEGER, previous BLOB);
        CREATE TABLE IF NOT EXISTS secrets (name TEXT PRIMARY KEY, value BLOB NOT NULL);
        """;

    private readonly SqliteConnection _connection;
    private readonly Lock _lock = new();
    private long _pruned;

    private SqliteLog(SqliteConnection connection) => _connection = connection;

    public static SqliteLog Open(string path)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = Schema;
        command.ExecuteNonQuery();
        return new SqliteLog(connection);
    }

    /// <summary>Reads everything back: objects, and the log's tail into memory.</summary>
    public Snapshot Load(ChangeLog log, int capacity)
    {
        var resources = new Dictionary<string, ImmutableSortedDictionary<string, StoredObject>.Builder>(StringComparer.Ordinal);
        foreach (var stored in ReadObjects())
        {
            if (!resources.TryGetValue(stored.Key.Resource, out var builder))
            {
                resources[stored.Key.Resource] = builder = Snapshot.None.ToBuilder();
            }

            builder[stored.Key.Path] = stored;
        }

        var changes = ReadLog(capacity);
        var newest = changes.Count > 0 ? changes[^1].Revision : 0;
        _pruned = newest;
        log.Start(changes.Count > 0 ? changes[0].Revision - 1 : newest, changes, newest);
        var holders = ImmutableDictionary.CreateBuilder<string, ObjectKey>(StringComparer.Ordinal);
        foreach (var (value, key) in resources.Values.SelectMany(builder => builder.Values).SelectMany(stored => stored.Exclusive.Select(value => (value, stored.Key))))
        {
            holders[value] = key;
        }

        return new Snapshot(newest, resources.ToImmutableDictionary(p => p.Key, p => p.Value.ToImmutable(), StringComparer.Ordinal), holders.ToImmutable());
    }

    /// <summary>Writes changes in one transaction; after it returns they survive a crash.</summary>
    public void Append(IReadOnlyList<Change> changes, long newest)
    {
        lock (_lock)
        {
            using var transaction = _connection.BeginTransaction();
            foreach (var change in changes)
            {
                WriteLog(change, transaction);
                WriteObject(change, transaction);
            }

            if (newest - _pruned > KeptOnDisk / 4)
            {
                Execute(transaction, "DELETE FROM log WHERE revision <= $r", ("$r", newest - KeptOnDisk));
                _pruned = newest;
            }

            transaction.Commit();
        }
    }

    public byte[] Secret(string name, Func<byte[]> make)
    {
        lock (_lock)
        {
            using var command = _connection.CreateCommand();
            command.CommandText = "SELECT value FROM secrets WHERE name = $n";
            command.Parameters.AddWithValue("$n", name);
            if (command.ExecuteScalar() is byte[] known)
            {
                return known;
            }

            var made = make();
            Execute(null, "INSERT INTO secrets (name, value) VALUES ($n, $v)", ("$n", name), ("$v", made));
            return made;
        }
    }

    public void Dispose() => _connection.Dispose();

    private void WriteLog(Change change, SqliteTransaction transaction) => Execute(
        transaction,
        "INSERT INTO log (revision, type, resource, namespace, name, body, previous_revision, previous) VALUES ($r, $t, $s, $ns, $n, $b, $pr, $p)",
        ("$r", change.Revision),
        ("$t", (int)change.Type),
        ("$s", change.State.Key.Resource),
        ("$ns", change.State.Key.Namespace),
        ("$n", change.State.Key.Name),
        ("$b", change.State.Body),
        ("$pr", (object?)change.Previous?.Revision ?? DBNull.Value),
        ("$p", (object?)change.Previous?.Body ?? DBNull.Value));

    private void WriteObject(Change change, SqliteTransaction transaction)
    {
        var key = change.State.Key;
        if (change.Type == ChangeType.Deleted)
        {
            Execute(transaction, "DELETE FROM objects WHERE resource = $s AND namespace = $ns AND name = $n", ("$s", key.Resource), ("$ns", key.Namespace), ("$n", key.Name));
        }
        else
        {
            Execute(
                transaction,
                "INSERT OR REPLACE INTO objects (resource, namespace, name, revision, body) VALUES ($s, $ns, $n, $r, $b)",
                ("$s", key.Resource),
                ("$ns", key.Namespace),
                ("$n", key.Name),
                ("$r", change.Revision),
                ("$b", change.State.Body));
        }
    }

    private void Execute(SqliteTransaction? transaction, string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using var command = _connection.CreateCommand();
#pragma warning disable CA2100 // the texts are constants of this class; values go as parameters
        command.CommandText = sql;
#pragma warning restore CA2100
        command.Transaction = transaction;
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value);
        }

        command.ExecuteNonQuery();
    }

    private List<StoredObject> ReadObjects()
    {
        using var command = _connection.CreateCommand();
        command.CommandText = "SELECT resource, namespace, name, revision, body FROM objects";
        using var reader = command.ExecuteReader();
        var objects = new List<StoredObject>();
        while (reader.Read())
        {
            objects.Add(StoredObject.Load(new ObjectKey(reader.GetString(0), reader.GetString(1), reader.GetString(2)), reader.GetInt64(3), (byte[])reader.GetValue(4)));
        }

        return objects;
    }

    private List<Change> ReadLog(int capacity)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = """
            SELECT revision, type, resource, namespace, name, body, previous_revision, previous FROM
                (SELECT * FROM log ORDER BY revision DESC LIMIT $c) ORDER BY revision
            """;
        command.Parameters.AddWithValue("$c", capacity);
        using var reader = command.ExecuteReader();
        var changes = new List<Change>();
        while (reader.Read())
        {
            var key = new ObjectKey(reader.GetString(2), reader.GetString(3), reader.GetString(4));
            var previous = reader.IsDBNull(7) ? null : StoredObject.Load(key, reader.GetInt64(6), (byte[])reader.GetValue(7));
            changes.Add(new Change(reader.GetInt64(0), (ChangeType)reader.GetInt32(1), StoredObject.Load(key, reader.GetInt64(0), (byte[])reader.GetValue(5)), previous));
        }

        return changes;
    }
}
