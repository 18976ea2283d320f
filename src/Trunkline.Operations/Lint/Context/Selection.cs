namespace Trunkline.Operations.Lint.Context;

/// <summary>
/// The workloads that a selector chooses in a namespace, with what rules ask of them, found out once: a run may have thousands of policies and Services with one selector,
/// and thousands of Pods that it chooses.
/// </summary>
public sealed class Selection
{
    private readonly Lazy<WorkloadFacts?> _cutOff;

    /// <summary>Takes workloads.</summary>
    internal Selection(IReadOnlyList<WorkloadFacts> workloads, LintContext context)
    {
        Workloads = workloads;
        Ports = [.. workloads.SelectMany(workload => workload.Ports).DistinctBy(port => (port.Number, port.Name, port.Protocol))];
        SctpPorts = [.. Ports.Where(port => port.IsSctp)];
        FirstServing = workloads.FirstOrDefault(workload => workload.SctpPorts.Count > 0);
        AllDeclarePorts = workloads.Count > 0 && workloads.All(workload => workload.Ports.Count > 0);
        Serving = [.. workloads.Where(workload => workload.SctpPorts.Count > 0).DistinctBy(workload => string.Join(' ', workload.Ports))];
        FirstMultihomed = workloads.FirstOrDefault(workload => workload.IsMultihomed);
        _cutOff = new Lazy<WorkloadFacts?>(() => workloads.FirstOrDefault(workload => workload.SctpPorts.Count > 0
            && context.InFrontOf(workload).Any(service => service.IsOutward && service.HasSctp) && !context.IsOpenedFromElsewhere(workload)));
    }

    /// <summary>The workloads.</summary>
    public IReadOnlyList<WorkloadFacts> Workloads { get; }

    /// <summary>The ports that they declare, each number, name and protocol once.</summary>
    public IReadOnlyList<PortFacts> Ports { get; }

    /// <summary>Those of SCTP.</summary>
    public IReadOnlyList<PortFacts> SctpPorts { get; }

    /// <summary>The first that serves SCTP.</summary>
    public WorkloadFacts? FirstServing { get; }

    /// <summary>Those that serve SCTP, one of each set of ports.</summary>
    public IReadOnlyList<WorkloadFacts> Serving { get; }

    /// <summary>Whether there are some, and all of them declare ports.</summary>
    public bool AllDeclarePorts { get; }

    /// <summary>The first that is on several networks.</summary>
    public WorkloadFacts? FirstMultihomed { get; }

    /// <summary>The first that a Service offers to the outside over SCTP, and that no policy lets anybody from elsewhere reach.</summary>
    public WorkloadFacts? FirstNotOpened => _cutOff.Value;
}
