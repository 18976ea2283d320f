using System.Text.Json.Nodes;
using Trunkline.Operations.Cluster;

namespace Trunkline.Operations.Doctor.View;

/// <summary>One container of a Pod as its spec has it.</summary>
internal sealed class ContainerView
{
    public ContainerView(JsonObject container)
    {
        Document = container;
        Name = container["name"].AsText() ?? "";
        Words = [.. Texts(container["command"]).Concat(Texts(container["args"]))];
        Line = string.Join(' ', Words);
        Ports = [.. container["ports"].Objects().Select(Port).OfType<PortView>()];
    }

    public JsonObject Document { get; }

    public string Name { get; }

    /// <summary>Command and arguments.</summary>
    public IReadOnlyList<string> Words { get; }

    /// <summary>The same as one line.</summary>
    public string Line { get; }

    public IReadOnlyList<PortView> Ports { get; }

    /// <summary>Whether the command is one that is known to speak SCTP.</summary>
    public bool SpeaksSctp => SctpCommands.Speaks(Line);

    internal static IEnumerable<string> Texts(JsonNode? list) => list.Texts();

    private static PortView? Port(JsonObject port)
    {
        var protocol = port["protocol"].AsText();
        return port["containerPort"].AsNumber() is >= 1 and <= 65535 and var number
            ? new PortView(port["name"].AsText(), (int)number, string.IsNullOrEmpty(protocol) ? "TCP" : protocol, !string.IsNullOrEmpty(protocol))
            : null;
    }
}
