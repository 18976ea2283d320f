namespace Trunkline.Controllers.Dns;

/// <summary>Where a cluster's DNS records go: the way to one server or another.</summary>
public interface IRecordSink
{
    /// <summary>Takes all records of the cluster, in place of those before; on return the server answers by them. IOException where it does not: they are then given again.</summary>
    Task PublishAsync(IReadOnlyList<DnsZone> zones, CancellationToken cancellationToken);
}
