namespace Trunkline.Node.Network.Services;

/// <summary>A Service, or a Pod with hostPorts, as this node serves it.</summary>
/// <param name="Service">Null where it is a Pod's hostPorts.</param>
/// <param name="Ports">Its ports.</param>
internal sealed record ServedThing(ServiceRecord? Service, IReadOnlyList<ServicePort> Ports)
{
    /// <summary>How many Pods of this node are ready, by their addresses of the Service's first family.</summary>
    public int ReadyHere => Service is null || Service.ClusterIps.Count == 0 ? 0
        : Ports.SelectMany(port => port.ReadyHere).Where(address => address.AddressFamily == Service.ClusterIps[0].AddressFamily).Distinct().Count();

    public IEnumerable<Frontend> Frontends => Ports.SelectMany(port => port.Frontends);
}
