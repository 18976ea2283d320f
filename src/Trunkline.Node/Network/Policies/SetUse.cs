namespace Trunkline.Node.Network.Policies;

/// <summary>A set that lines of a policy ask: addresses of selected Pods, or (with <paramref name="PortName"/>) the ports that Pods declare by that name.</summary>
internal sealed record SetUse(string Name, AddressWords Words, PodSelection? Pods, string? PortName)
{
    public string Declaration => PortName is null ? $"type {Words.Type};" : $"type {Words.Type} . inet_proto . inet_service;";
}
