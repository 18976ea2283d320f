using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Trunkline.ApiServer.Storage;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestPipelineStartup(typeof(Trunkline.ApiServer.Tests.Storage.StoreChild))]

namespace Trunkline.ApiServer.Tests.Storage;

/// <summary>
/// This program again, as a process that only writes to a store and says what it was told: <c>begin put w-3</c> before, <c>done put w-3 17</c> after the store has
/// acknowledged. It is killed with SIGKILL in the moment in which so many writes were acknowledged as it was told, while others are under way: no later moment would find a
/// store that acknowledges before it has written. What it said stands in a file: what a process wrote before it was killed is there.
/// </summary>
public sealed class StoreChild : ITestPipelineStartup
{
    public const string Variable = "TRUNKLINE_TEST_STORE";
    public const string Count = "TRUNKLINE_TEST_STORE_WRITES";
    private const int Writers = 16;

    private static readonly Lock Turn = new();
    private static StreamWriter? s_said;
    private static int s_left;

    /// <summary>Called before any test is looked for; returns at once in the process that runs tests.</summary>
    public async ValueTask StartAsync(IMessageSink diagnosticMessageSink)
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } path)
        {
            return;
        }

        await using var said = new StreamWriter(path + ".said") { AutoFlush = true };
        s_said = said;
        s_left = int.Parse(Environment.GetEnvironmentVariable(Count)!, CultureInfo.InvariantCulture);
        await using var store = ObjectStore.Open(path);
        var generation = store.State.Revision;
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(w => Task.Run(() => WriteAsync(store, $"g{generation}-w{w}"))));
    }

    public ValueTask StopAsync() => ValueTask.CompletedTask;

    private static async Task WriteAsync(ObjectStore store, string writer)
    {
        for (var i = 0; ; i++)
        {
            // Create, change and delete, in turn: every third object goes again, every second one is written twice.
            var name = $"{writer}-{i}";
            await PutAsync(store, name, i);
            if (i % 2 == 0)
            {
                await PutAsync(store, name, -i);
            }

            if (i % 3 == 0)
            {
                Say($"begin del {name}");
                var revision = await store.WriteAsync(s => s.Remove(Key(name), Document(name, i)).Revision);
                Say($"done del {name} {revision}");
            }
        }
    }

    private static async Task PutAsync(ObjectStore store, string name, int value)
    {
        Say($"begin put {name}");
        var revision = await store.WriteAsync(s => s.Put(Key(name), Document(name, value)).Revision);
        Say($"done put {name} {revision}");
    }

    internal static ObjectKey Key(string name) => new("configmaps", "n", name);

    private static JsonObject Document(string name, int value) => new()
    {
        ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = "n", ["uid"] = name },
        ["data"] = new JsonObject { ["value"] = value, ["padding"] = new string('x', 30_000) },
    };

    private static void Say(string line)
    {
        lock (Turn)
        {
            s_said!.WriteLine(line);
            if (line.StartsWith("done", StringComparison.Ordinal) && --s_left == 0)
            {
                using var self = Process.GetCurrentProcess();
                self.Kill();
            }
        }
    }
}
