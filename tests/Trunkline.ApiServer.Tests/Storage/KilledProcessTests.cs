using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Trunkline.ApiServer.Storage;
using Xunit;

namespace Trunkline.ApiServer.Tests.Storage;

/// <summary>A real process, killed with SIGKILL in the middle of its writes, again and again on the same file: nothing it acknowledged is lost, and the file opens.</summary>
public sealed class KilledProcessTests
{
    private const int Rounds = 8;

    [Fact]
    public async Task What_a_killed_process_acknowledged_is_there_when_the_next_one_opens_the_store()
    {
        var seed = Random.Shared.Next();
        TestContext.Current.SendDiagnosticMessage($"seed {seed}");
        var random = new Random(seed);
        var directory = Directory.CreateTempSubdirectory("trunkline-killed-").FullName;
        var path = Path.Combine(directory, "db");
        var said = new Dictionary<string, (string Operation, long Revision)>(StringComparer.Ordinal);
        var count = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var (done, uncertain) = await KillAfterAsync(path, random.Next(40, 250));
            count += done.Count;
            foreach (var (name, operation, revision) in done)
            {
                said[name] = (operation, revision);
            }

            uncertain.ForEach(name => said.Remove(name));
            await CheckAsync(path, said, seed);
        }

        Assert.True(count >= Rounds * 40, $"only {count} acknowledged writes");
        Directory.Delete(directory, true);
    }

    // Gives what was acknowledged, and which objects were being written at the end: of them either state is right.
    private static async Task<(List<(string Name, string Operation, long Revision)> Done, List<string> Uncertain)> KillAfterAsync(string path, int acknowledged)
    {
        var said = path + ".said";
        File.Delete(said);
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        start.Environment[StoreChild.Variable] = path;
        start.Environment[StoreChild.Count] = acknowledged.ToString(CultureInfo.InvariantCulture);
        using var child = Process.Start(start)!;
        var output = await child.StandardOutput.ReadToEndAsync();
        await child.WaitForExitAsync();
        Assert.True(child.ExitCode == 128 + 9, $"exit code {child.ExitCode}: {output}");
        var done = new List<(string, string, long)>();
        var begun = new HashSet<string>(StringComparer.Ordinal);
        foreach (var words in Lines(said))
        {
            if (words[0] == "begin")
            {
                begun.Add(words[2]);
            }
            else
            {
                begun.Remove(words[2]);
                done.Add((words[2], words[1], long.Parse(words[3], CultureInfo.InvariantCulture)));
            }
        }

        return (done, [.. begun]);
    }

    // Whole lines only: the last one may have been cut off.
    private static IEnumerable<string[]> Lines(string path)
    {
        using var file = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        var text = file.ReadToEnd();
        return text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split(' '));
    }

    private static async Task CheckAsync(string path, Dictionary<string, (string Operation, long Revision)> said, int seed)
    {
        await using (var store = ObjectStore.Open(path))
        {
            foreach (var (name, (operation, revision)) in said)
            {
                var found = store.State.Get(StoreChild.Key(name));
                Assert.True(
                    operation == "put" ? found?.Revision == revision : found is null, $"seed {seed}: {operation} of {name} was acknowledged at {revision}, but the store has {found?.Revision.ToString(CultureInfo.InvariantCulture) ?? "nothing"}");
            }

            Assert.True(store.State.Revision >= said.Values.Max(s => s.Revision));
            var log = store.Log.After(store.Log.Oldest)!.Changes.Select(c => c.Revision).ToList();
            Assert.Equal(log.Order().Distinct(), log);
        }

        await using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA integrity_check";
        Assert.Equal("ok", await command.ExecuteScalarAsync());
    }
}
