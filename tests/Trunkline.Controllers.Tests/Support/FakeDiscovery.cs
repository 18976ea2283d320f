using System.Text.Json.Nodes;

namespace Trunkline.Controllers.Tests.Support;

internal static class FakeDiscovery
{
    public static JsonObject Groups() => new()
    {
        ["kind"] = "APIGroupList",
        ["groups"] = new JsonArray([.. FakeKind.All.Select(k => k.Group).Where(g => g.Length > 0).Distinct().Select(g => new JsonObject
        {
            ["name"] = g,
            ["versions"] = new JsonArray(new JsonObject { ["groupVersion"] = $"{g}/v1", ["version"] = "v1" }),
            ["preferredVersion"] = new JsonObject { ["groupVersion"] = $"{g}/v1", ["version"] = "v1" },
        })]),
    };

    public static JsonObject Resources(string group) => new()
    {
        ["kind"] = "APIResourceList",
        ["groupVersion"] = group.Length == 0 ? "v1" : $"{group}/v1",
        ["resources"] = new JsonArray([.. FakeKind.All.Where(k => k.Group == group).Select(k => new JsonObject
        {
            ["name"] = k.Plural,
            ["singularName"] = "",
            ["namespaced"] = k.Namespaced,
            ["kind"] = k.Kind,
            ["verbs"] = new JsonArray("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"),
        })]),
    };
}
