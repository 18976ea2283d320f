namespace Trunkline.Operations.Doctor.View;

/// <summary>One port of a Service.</summary>
/// <param name="Name">Its name; null without one.</param>
/// <param name="Number">The Service's port.</param>
/// <param name="Protocol">TCP where nothing is written.</param>
/// <param name="IsWritten">Whether the protocol stands in the document.</param>
/// <param name="TargetNumber">The targetPort as a number: the port itself where none is written; null for a name.</param>
/// <param name="TargetName">The targetPort as a name.</param>
/// <param name="NodePort">The nodePort; null without one.</param>
internal sealed record ServicePortView(string? Name, int Number, string Protocol, bool IsWritten, int? TargetNumber, string? TargetName, int? NodePort)
{
    /// <summary>Number and protocol as <c>kubectl get service</c> writes them.</summary>
    public string Word => $"{Number}/{Protocol}";

    /// <summary>The Pod's ports that this port leads to: the number, or what the Pod declares under the name for this protocol.</summary>
    public IEnumerable<int> TargetsOn(PodView? pod) => TargetNumber is { } number
        ? [number]
        : pod is null ? [] : pod.Ports.Where(port => port.Name == TargetName && port.Protocol == Protocol).Select(port => port.Number);
}
