using System.Text.Json.Nodes;
using Trunkline.ApiServer.Validation.Fields;
using static Trunkline.ApiServer.Tables.TableLayout;

namespace Trunkline.ApiServer.Tables;

internal static class NodeTable
{
    private const string RolePrefix = "node-role.kubernetes.io/";

    public static readonly TableLayout Layout = new(
        [
            Name,
            Text("Status", ColumnText.NodeStatus),
            Text("Roles", ColumnText.NodeRoles),
            Age,
            Text("Version", ColumnText.NodeVersion),
            Wide("Internal-IP", ColumnText.NodeAddresses),
            Wide("External-IP", ColumnText.NodeAddresses),
            Wide("OS-Image", ColumnText.NodeOsImage),
            Wide("Kernel-Version", ColumnText.NodeKernel),
            Wide("Container-Runtime", ColumnText.NodeRuntime),
        ],
        Cells);

    private static IReadOnlyList<JsonNode?> Cells(JsonObject node, DateTimeOffset now)
    {
        var info = node.Obj("status").Obj("nodeInfo");
        return
        [
            Print.Name(node),
            Status(node),
            Roles(node.Obj("metadata")),
            Print.Age(node, now),
            info.Text("kubeletVersion"),
            Address(node, "InternalIP"),
            Address(node, "ExternalIP"),
            Known(info, "osImage"),
            Known(info, "kernelVersion"),
            Known(info, "containerRuntimeVersion"),
        ];
    }

    private static string Status(JsonObject node)
    {
        var ready = node.Obj("status").Objects("conditions").LastOrDefault(c => c.Text("type") == "Ready");
        var word = ready is null ? "Unknown" : ready.Text("status") == "True" ? "Ready" : "NotReady";
        return node.Obj("spec").IsTrue("unschedulable") ? word + ",SchedulingDisabled" : word;
    }

    private static string Roles(JsonObject? metadata)
    {
        var roles = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (key, value) in metadata.Map("labels"))
        {
            if (key.StartsWith(RolePrefix, StringComparison.Ordinal) && key.Length > RolePrefix.Length)
            {
                roles.Add(key[RolePrefix.Length..]);
            }
            else if (key == "kubernetes.io/role" && value.Length > 0)
            {
                roles.Add(value);
            }
        }

        return Print.OrNone(string.Join(',', roles));
    }

    private static string Address(JsonObject node, string type) =>
        Print.OrNone(node.Obj("status").Objects("addresses").FirstOrDefault(a => a.Text("type") == type)?.Str("address"));

    private static string Known(JsonObject? info, string field) => info.Text(field) is { Length: > 0 } text ? text : "<unknown>";
}
