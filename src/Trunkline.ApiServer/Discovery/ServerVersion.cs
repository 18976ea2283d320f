using System.Text.Json.Nodes;

namespace Trunkline.ApiServer.Discovery;

/// <summary>GET /version. The version is that of the API served; what differs from the recording for its sake stands in docs/compatibility.md.</summary>
internal static class ServerVersion
{
    public const string Git = "v1.32.9";

    public static JsonObject Document() => new()
    {
        ["major"] = "1",
        ["minor"] = "32",
        ["gitVersion"] = Git,
        ["gitCommit"] = "trunkline",
        ["gitTreeState"] = "clean",
        ["buildDate"] = "2026-11-23T00:00:00Z",
        ["goVersion"] = "go1.23.12",
        ["compiler"] = "gc",
        ["platform"] = "linux/amd64",
    };
}
