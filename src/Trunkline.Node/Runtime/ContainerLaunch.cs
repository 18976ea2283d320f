using System.Text.Json.Nodes;

namespace Trunkline.Node.Runtime;

/// <summary>A container to be made.</summary>
internal sealed record ContainerLaunch(string Id, JsonObject Spec, string LogFile)
{
    public bool Terminal { get; init; }

    public bool Stdin { get; init; }

    public bool StdinOnce { get; init; }
}
