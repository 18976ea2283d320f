using k8s.Models;
using Trunkline.Controllers.Client;

namespace Trunkline.Controllers.Nodes;

/// <summary>When a node was last heard of, by the controller's own clock: the node's may be wrong (as in Kubernetes' node lifecycle controller).</summary>
internal sealed record NodeHealth(string? Uid, DateTime? LeaseRenewed, DateTime? StatusPosted, DateTimeOffset HeardAt)
{
    public static NodeHealth Observe(NodeHealth? before, V1Node node, V1Lease? lease, DateTimeOffset now)
    {
        var renewed = lease?.Spec?.RenewTime;
        // The lifecycle controller itself writes Unknown: only what the agent writes is a sign of life.
        var posted = node.Status?.Conditions?.Where(c => c.Status != "Unknown").Select(c => c.LastHeartbeatTime).Max();
        if (before is null || before.Uid != node.Metadata.Uid)
        {
            return new NodeHealth(node.Metadata.Uid, renewed, posted, now);
        }

        var alive = (renewed is not null && renewed != before.LeaseRenewed) || (posted is not null && posted != before.StatusPosted);
        return before with { LeaseRenewed = renewed ?? before.LeaseRenewed, StatusPosted = posted ?? before.StatusPosted, HeardAt = alive ? now : before.HeardAt };
    }

    /// <summary>How long the node may still be silent; zero or less: it is Unknown.</summary>
    public TimeSpan Remaining(V1Node node, ControllerOptions options, DateTimeOffset now)
    {
        var grace = node.Condition("Ready") is null ? options.NodeStartupGracePeriod : options.NodeMonitorGracePeriod;
        return HeardAt + grace - now;
    }
}
