using k8s;
using Microsoft.Extensions.Logging;
using Trunkline.Node.Agent.Events;
using Trunkline.Node.Network;
using Trunkline.Node.Pods.Probes;
using Trunkline.Node.Pods.State;
using Trunkline.Node.Pods.Status;
using Trunkline.Node.Pods.Volumes;
using Trunkline.Node.Runtime;

namespace Trunkline.Node.Pods;

/// <summary>What every Pod's worker works with.</summary>
internal sealed record PodTools(
    NodeConfig Config,
    IKubernetes Client,
    NodePaths Paths,
    PodStore Store,
    PodSandbox Sandbox,
    ContainerMonitor Monitor,
    ContainerLauncher Launcher,
    PodVolumes Volumes,
    TokenSource Tokens,
    HandlerRunner Handlers,
    PodStatusBuilder Statuses,
    IDataPlane DataPlane,
    EventRecorder Events,
    TimeProvider Time,
    ILogger Logger);
