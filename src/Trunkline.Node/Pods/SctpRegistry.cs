using System.Text.Json.Nodes;
using Trunkline.Node.Runtime;

namespace Trunkline.Node.Pods;

/// <summary>Tells the node's SCTP service of the namespaces it answers for: one file each (docs/architecture.md, "the registry directory").</summary>
internal sealed class SctpRegistry(NodePaths paths)
{
    public const string Host = "host";

    public string Directory(string id) => Path.Join(paths.SctpPods, id);

    public void Add(string id, string networkNamespace, string address)
    {
        System.IO.Directory.CreateDirectory(paths.SctpNamespaces);
        System.IO.Directory.CreateDirectory(Directory(id));
        var entry = new JsonObject
        {
            ["id"] = id,
            ["netns"] = networkNamespace,
            ["directory"] = Directory(id),
            ["addresses"] = new JsonArray(address),
        };

        // Written beside and renamed: the service's rescan must never read half a file. The dot keeps it from looking at the half.
        var file = File(id);
        var fresh = Path.Join(paths.SctpNamespaces, $".{id}.new");
        System.IO.File.WriteAllText(fresh, entry.ToJsonString());
        System.IO.File.Move(fresh, file, overwrite: true);
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

    private string File(string id) => Path.Join(paths.SctpNamespaces, id + ".json");
}
