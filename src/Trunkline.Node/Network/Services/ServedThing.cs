namespace Trunkline.Node.Network.Services;

/// <summary>A Service, or a Pod with hostPorts, as this node serves it.</summary>
/// <param name="Service">Null where it is a Pod's hostPorts.</param>
/// <param name="Ports">Its ports.</param>
internal sealed record ServedThing(ServiceRecord? Service, IReadOnlyList<ServicePort> Ports)
{
    public IEnumerable<Frontend> Frontends => Ports.SelectMany(port => port.Frontends);
}
