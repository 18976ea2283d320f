using System.Collections.Frozen;

namespace Trunkline.ApiServer.Validation.Decoding;

/// <summary>
/// What the official client's model types do not say about the Go types behind them: which fields are plain values rather than pointers, and which
/// strings have a type of their own. Checked in tests against the published OpenAPI and the recorded answers in golden/.
/// </summary>
internal static class GoFacts
{
    /// <summary>Fields that are written also when they were not given (no <c>omitempty</c>, or structs by value, which Go never leaves out).</summary>
    public static readonly FrozenSet<string> Always = Words("""
        *.metadata ObjectMeta.creationTimestamp
        Pod.spec Pod.status PodTemplateSpec.spec PodTemplate.template Service.spec Service.status ServiceStatus.loadBalancer ServicePort.targetPort
        Namespace.spec Namespace.status Node.spec Node.status NodeStatus.daemonEndpoints NodeStatus.nodeInfo NodeDaemonEndpoints.kubeletEndpoint
        Container.resources EphemeralContainer.resources ContainerStatus.state ContainerStatus.lastState ContainerStatus.image ContainerStatus.imageID
        ContainerStateRunning.startedAt ContainerStateTerminated.startedAt ContainerStateTerminated.finishedAt
        PodCondition.lastProbeTime PodCondition.lastTransitionTime NodeCondition.lastHeartbeatTime NodeCondition.lastTransitionTime
        NamespaceCondition.lastTransitionTime Condition.lastTransitionTime Condition.message Condition.reason
        DeploymentCondition.lastUpdateTime DeploymentCondition.lastTransitionTime
        ReplicaSetCondition.lastTransitionTime DaemonSetCondition.lastTransitionTime
        Event.eventTime Event.firstTimestamp Event.lastTimestamp Event.involvedObject Event.source Event.reportingComponent Event.reportingInstance
        EventSeries.lastObservedTime HTTPGetAction.port TCPSocketAction.port ResourceFieldSelector.divisor WeightedPodAffinityTerm.podAffinityTerm
        PreferredSchedulingTerm.preference NetworkPolicy.spec NetworkPolicySpec.podSelector Endpoint.conditions EndpointSlice.endpoints EndpointSlice.ports
        Deployment.spec Deployment.status DeploymentSpec.strategy DeploymentSpec.template DeploymentSpec.selector
        ReplicaSet.spec ReplicaSet.status ReplicaSetSpec.template ReplicaSetSpec.selector
        DaemonSet.spec DaemonSet.status DaemonSetSpec.template DaemonSetSpec.updateStrategy DaemonSetSpec.selector
        PersistentVolumeClaimTemplate.spec PersistentVolumeClaimSpec.resources PersistentVolumeClaim.spec
        PersistentVolumeClaim.status PersistentVolumeClaimCondition.lastProbeTime PersistentVolumeClaimCondition.lastTransitionTime Lease.spec PodDisruptionBudget.spec PodDisruptionBudget.status
        OwnerReference.apiVersion OwnerReference.kind OwnerReference.name OwnerReference.uid
        NodeSystemInfo.machineID NodeSystemInfo.systemUUID NodeSystemInfo.bootID NodeSystemInfo.kernelVersion NodeSystemInfo.osImage
        NodeSystemInfo.containerRuntimeVersion NodeSystemInfo.kubeletVersion NodeSystemInfo.kubeProxyVersion NodeSystemInfo.operatingSystem
        NodeSystemInfo.architecture NodeCondition.type NodeCondition.status PodCondition.type PodCondition.status NodeAddress.type NodeAddress.address
        Container.name EphemeralContainer.name Volume.name VolumeMount.name VolumeMount.mountPath EnvVar.name KeyToPath.key KeyToPath.path Taint.key Taint.effect
        EndpointAddress.ip LabelSelectorRequirement.key LabelSelectorRequirement.operator NodeSelectorRequirement.key NodeSelectorRequirement.operator
        IPBlock.cidr Endpoint.addresses PodSpec.containers ProjectedVolumeSource.sources ObjectFieldSelector.fieldPath ServiceAccountTokenProjection.path
        Role.rules ClusterRole.rules PolicyRule.verbs RoleBinding.roleRef ClusterRoleBinding.roleRef RoleRef.apiGroup RoleRef.kind RoleRef.name
        Subject.kind Subject.name NodeSelector.nodeSelectorTerms ContainerStatus.name HTTPHeader.name HTTPHeader.value HostPathVolumeSource.path
        ConfigMapKeySelector.key SecretKeySelector.key ResourceFieldSelector.resource TopologySpreadConstraint.topologyKey
        TopologySpreadConstraint.whenUnsatisfiable PodAffinityTerm.topologyKey DownwardAPIVolumeFile.path PodReadinessGate.conditionType
        Sysctl.name Sysctl.value PersistentVolumeClaimVolumeSource.claimName
        """);

    /// <summary>Numbers and booleans by value with <c>omitempty</c>: zero means not given.</summary>
    public static readonly FrozenSet<string> OmitZero = Words("""
        *.readOnly Container.stdin Container.stdinOnce Container.tty EphemeralContainer.stdin EphemeralContainer.stdinOnce EphemeralContainer.tty
        NodeSpec.unschedulable PodSpec.hostIPC PodSpec.hostNetwork PodSpec.hostPID ServiceSpec.publishNotReadyAddresses DeploymentSpec.paused
        ScaleSpec.replicas ContainerPort.hostPort ContainerStateTerminated.signal ContainerImage.sizeBytes Event.count EventSeries.count
        Probe.initialDelaySeconds Probe.timeoutSeconds Probe.periodSeconds Probe.successThreshold Probe.failureThreshold *.minReadySeconds
        DeploymentStatus.availableReplicas DeploymentStatus.readyReplicas DeploymentStatus.replicas DeploymentStatus.unavailableReplicas
        DeploymentStatus.updatedReplicas *.observedGeneration ReplicaSetStatus.availableReplicas ReplicaSetStatus.fullyLabeledReplicas
        ReplicaSetStatus.readyReplicas DaemonSetStatus.numberAvailable DaemonSetStatus.numberUnavailable DaemonSetStatus.updatedNumberScheduled
        ServicePort.nodePort
        ServiceSpec.healthCheckNodePort ObjectMeta.generation
        """);

    /// <summary>Strings behind pointers: an empty one is kept.</summary>
    public static readonly FrozenSet<string> PointerStrings = Words("""
        Discoveryv1EndpointPort.name Discoveryv1EndpointPort.protocol Discoveryv1EndpointPort.appProtocol Endpoint.hostname Endpoint.nodeName Endpoint.zone
        ServicePort.appProtocol ServiceSpec.loadBalancerClass ServiceSpec.trafficDistribution LeaseSpec.holderIdentity LeaseSpec.preferredHolder
        PodSpec.runtimeClassName PersistentVolumeClaimSpec.storageClassName EndpointAddress.nodeName CustomResourceDefinitionSpec.preserveUnknownFields
        GRPCAction.service HostPathVolumeSource.type VolumeMount.subPathExpr
        """);

    /// <summary>Times with microseconds; all others have whole seconds.</summary>
    public static readonly FrozenSet<string> MicroTimes = Words("LeaseSpec.acquireTime LeaseSpec.renewTime Event.eventTime EventSeries.lastObservedTime");

    /// <summary>Strings with a Go type of their own (for a list, that of its elements).</summary>
    public static readonly FrozenDictionary<string, string> NamedStrings = Pairs("""
        ServicePort.protocol=v1.Protocol ContainerPort.protocol=v1.Protocol NetworkPolicyPort.protocol=v1.Protocol EndpointPort.protocol=v1.Protocol
        ServiceSpec.type=v1.ServiceType ServiceSpec.sessionAffinity=v1.ServiceAffinity ServiceSpec.ipFamilies=v1.IPFamily
        ServiceSpec.ipFamilyPolicy=v1.IPFamilyPolicy ServiceSpec.externalTrafficPolicy=v1.ServiceExternalTrafficPolicy
        ServiceSpec.internalTrafficPolicy=v1.ServiceInternalTrafficPolicy PodSpec.restartPolicy=v1.RestartPolicy PodSpec.dnsPolicy=v1.DNSPolicy
        PodSpec.preemptionPolicy=v1.PreemptionPolicy PodStatus.phase=v1.PodPhase PodStatus.qosClass=v1.PodQOSClass
        Container.imagePullPolicy=v1.PullPolicy Container.terminationMessagePolicy=v1.TerminationMessagePolicy
        NetworkPolicySpec.policyTypes=v1.PolicyType NamespaceStatus.phase=v1.NamespacePhase NamespaceSpec.finalizers=v1.FinalizerName
        Toleration.operator=v1.TolerationOperator Toleration.effect=v1.TaintEffect Taint.effect=v1.TaintEffect
        LabelSelectorRequirement.operator=v1.LabelSelectorOperator NodeSelectorRequirement.operator=v1.NodeSelectorOperator
        EndpointSlice.addressType=v1.AddressType Secret.type=v1.SecretType DeploymentStrategy.type=v1.DeploymentStrategyType
        DaemonSetUpdateStrategy.type=v1.DaemonSetUpdateStrategyType
        ObjectMeta.uid=types.UID OwnerReference.uid=types.UID ObjectReference.uid=types.UID
        HTTPGetAction.scheme=v1.URIScheme NodeAddress.type=v1.NodeAddressType NodeCondition.type=v1.NodeConditionType
        NodeCondition.status=v1.ConditionStatus PodCondition.type=v1.PodConditionType PodCondition.status=v1.ConditionStatus
        """);

    public static bool Has(FrozenSet<string> facts, string type, string field) => facts.Contains(type + "." + field) || facts.Contains("*." + field);

    private static FrozenSet<string> Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);

    private static FrozenDictionary<string, string> Pairs(string text) => text
        .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
        .Select(p => p.Split('='))
        .ToFrozenDictionary(p => p[0], p => p[1], StringComparer.Ordinal);
}
