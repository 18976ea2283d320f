using System.Text.Json.Nodes;
using Trunkline.Node.Runtime;

namespace Trunkline.Node.Pods;

/// <summary>Tells the node's SCTP service of the namespaces it answers for: one file each (docs/architecture.md, "the registry directory").</summary>
internal sealed class SctpRegistry(NodePaths paths)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5); // a service that does not come must not hold Pods for ever
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(5);

    public const string Host = "host";

    public string Directory(string id) => Path.Join(paths.SctpPods, id);

    public void Add(string id, string networkNamespace, IReadOnlyList<string> addresses)
    {
        System.IO.Directory.CreateDirectory(paths.SctpNamespaces);
        System.IO.Directory.CreateDirectory(Directory(id));
        var entry = new JsonObject
        {
            ["id"] = id,
            ["netns"] = networkNamespace,
            ["directory"] = Directory(id),
            ["addresses"] = new JsonArray([.. addresses.Select(address => (JsonNode)address)]),
        };

        // Written beside and renamed: the service's rescan must never read half a file. The dot keeps it from looking at the half.
        var file = File(id);
        var fresh = Path.Join(paths.SctpNamespaces, $".{id}.new");
        System.IO.File.WriteAllText(fresh, entry.ToJsonString());
        System.IO.File.Move(fresh, file, overwrite: true);
    }

    /// <summary>
    /// Waits until the node's SCTP answers for the namespace, if the node has SCTP: a kernel's module is there for a new namespace from its first moment, and a Pod
    /// whose first act is a socket must not be told that there is none. False where it did not come in time.
    /// </summary>
    public async Task<bool> ServedAsync(string id, TimeProvider time, CancellationToken cancellationToken)
    {
        var socket = Path.Join(Directory(id), "sctp.sock");
        for (var started = time.GetTimestamp(); HasSctp() && !System.IO.File.Exists(socket); await Task.Delay(LookAgain, time, cancellationToken))
        {
            if (time.GetElapsedTime(started) > Patience)
            {
                return false;
            }
        }

        return true;
    }

    public void Remove(string id)
    {
        if (System.IO.Directory.Exists(paths.SctpNamespaces))
        {
            System.IO.File.Delete(File(id));
        }

        if (System.IO.Directory.Exists(Directory(id)))
        {
            System.IO.Directory.Delete(Directory(id), recursive: true);
        }
    }

    private bool HasSctp() => System.IO.File.Exists(paths.SctpModule) && System.IO.File.ReadAllText(paths.SctpModule).Trim() is "loaded" or "autoload";

    private string File(string id) => Path.Join(paths.SctpNamespaces, id + ".json");
}
