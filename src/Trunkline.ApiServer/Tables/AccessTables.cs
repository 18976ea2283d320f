using System.Text.Json.Nodes;
using Trunkline.ApiServer.Validation.Fields;
using static Trunkline.ApiServer.Tables.TableLayout;

namespace Trunkline.ApiServer.Tables;

/// <summary>Bindings of roles.</summary>
internal static class AccessTables
{
    public static readonly TableLayout Binding = new(
        [
            Name,
            Text("Role", ColumnText.RoleRef),
            Age,
            Wide("Users", ColumnText.BindingUsers),
            Wide("Groups", ColumnText.BindingGroups),
            Wide("ServiceAccounts", ColumnText.BindingAccounts),
        ],
        (o, now) =>
        [
            Print.Name(o),
            $"{o.Obj("roleRef").Text("kind")}/{o.Obj("roleRef").Text("name")}",
            Print.Age(o, now),
            Subjects(o, "User"),
            Subjects(o, "Group"),
            Subjects(o, "ServiceAccount"),
        ]);

    private static string Subjects(JsonObject binding, string kind) => string.Join(", ", binding.Objects("subjects")
        .Where(s => s.Text("kind") == kind)
        .Select(s => kind == "ServiceAccount" ? $"{s.Text("namespace")}/{s.Text("name")}" : s.Text("name")));
}
