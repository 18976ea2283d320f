namespace Trunkline.ApiServer.Tables;

/// <summary>Descriptions of columns: the API's own documentation of the field behind each, as the server gives them in Table answers.</summary>
internal static class ColumnText
{
    public const string Name =
        "Name must be unique within a namespace. Is required when creating resources, although some resources may allow a client " +
        "to request the generation of an appropriate name automatically. Name is primarily intended for creation idempotence and " +
        "configuration definition. Cannot be updated. More info: " +
        "https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names";

    public const string Age =
        "CreationTimestamp is a timestamp representing the server time when this object was created. It is not guaranteed to be " +
        "set in happens-before order across separate operations. Clients may not set this value. It is represented in RFC3339 " +
        "form and is in UTC.\n\nPopulated by the system. Read-only. Null for lists. More info: " +
        "https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata";

    public const string PodReady =
        "The aggregate readiness state of this pod for accepting traffic.";

    public const string PodStatus =
        "The aggregate status of the containers in this pod.";

    public const string PodRestarts =
        "The number of times the containers in this pod have been restarted and when the last container in this pod has " +
        "restarted.";

    public const string PodIp =
        "podIP address allocated to the pod. Routable at least within the cluster. Empty if not yet allocated.";

    public const string PodNode =
        "NodeName is a request to schedule this pod onto a specific node. If it is non-empty, the scheduler simply schedules " +
        "this pod onto that node, assuming that it fits resource requirements.";

    public const string PodNominatedNode =
        "nominatedNodeName is set only when this pod preempts other pods on the node, but it cannot be scheduled right away as " +
        "preemption victims receive their graceful termination periods. This field does not guarantee that the pod will be " +
        "scheduled on this node. Scheduler may decide to place the pod elsewhere if other nodes become available sooner. " +
        "Scheduler may also decide to give the resources on this node to a higher priority pod that is created after preemption. " +
        "As a result, this field may be different than PodSpec.nodeName when the pod is scheduled.";

    public const string PodReadinessGates =
        "If specified, all readiness gates will be evaluated for pod readiness. A pod is ready when all its containers are ready " +
        "AND all conditions specified in the readiness gates have status equal to \"True\" More info: " +
        "https://git.k8s.io/enhancements/keps/sig-network/580-pod-readiness-gates";

    public const string ServiceType =
        "type determines how the Service is exposed. Defaults to ClusterIP. Valid options are ExternalName, ClusterIP, NodePort, " +
        "and LoadBalancer. \"ClusterIP\" allocates a cluster-internal IP address for load-balancing to endpoints. Endpoints are " +
        "determined by the selector or if that is not specified, by manual construction of an Endpoints object or EndpointSlice " +
        "objects. If clusterIP is \"None\", no virtual IP is allocated and the endpoints are published as a set of endpoints " +
        "rather than a virtual IP. \"NodePort\" builds on ClusterIP and allocates a port on every node which routes to the same " +
        "endpoints as the clusterIP. \"LoadBalancer\" builds on NodePort and creates an external load-balancer (if supported in " +
        "the current cloud) which routes to the same endpoints as the clusterIP. \"ExternalName\" aliases this service to the " +
        "specified externalName. Several other fields do not apply to ExternalName services. More info: " +
        "https://kubernetes.io/docs/concepts/services-networking/service/#publishing-services-service-types";

    public const string ServiceClusterIp =
        "clusterIP is the IP address of the service and is usually assigned randomly. If an address is specified manually, is " +
        "in-range (as per system configuration), and is not in use, it will be allocated to the service; otherwise creation of " +
        "the service will fail. This field may not be changed through updates unless the type field is also being changed to " +
        "ExternalName (which requires this field to be blank) or the type field is being changed from ExternalName (in which " +
        "case this field may optionally be specified, as describe above).  Valid values are \"None\", empty string (\"\"), or a " +
        "valid IP address. Setting this to \"None\" makes a \"headless service\" (no virtual IP), which is useful when direct " +
        "endpoint connections are preferred and proxying is not required.  Only applies to types ClusterIP, NodePort, and " +
        "LoadBalancer. If this field is specified when creating a Service of type ExternalName, creation will fail. This field " +
        "will be wiped when updating a Service to type ExternalName. More info: " +
        "https://kubernetes.io/docs/concepts/services-networking/service/#virtual-ips-and-service-proxies";

    public const string ServiceExternalIp =
        "externalIPs is a list of IP addresses for which nodes in the cluster will also accept traffic for this service.  These " +
        "IPs are not managed by Kubernetes.  The user is responsible for ensuring that traffic arrives at a node with this IP.  " +
        "A common example is external load-balancers that are not part of the Kubernetes system.";

    public const string ServicePorts =
        "The list of ports that are exposed by this service. More info: " +
        "https://kubernetes.io/docs/concepts/services-networking/service/#virtual-ips-and-service-proxies";

    public const string ServiceSelector =
        "Route service traffic to pods with label keys and values matching this selector. If empty or not present, the service " +
        "is assumed to have an external process managing its endpoints, which Kubernetes will not modify. Only applies to types " +
        "ClusterIP, NodePort, and LoadBalancer. Ignored if type is ExternalName. More info: " +
        "https://kubernetes.io/docs/concepts/services-networking/service/";

    public const string PolicyPodSelector =
        "Selects the pods to which this NetworkPolicy object applies.  The array of ingress rules is applied to any pods " +
        "selected by this field. Multiple network policies can select the same set of pods.  In this case, the ingress rules for " +
        "each are combined additively. This field is NOT optional and follows standard label selector semantics. An empty " +
        "podSelector matches all pods in this namespace.";

    public const string Endpoints =
        "The set of all endpoints is the union of all subsets. Addresses are placed into subsets according to the IPs they " +
        "share. A single address with multiple ports, some of which are ready and some of which are not (because they come from " +
        "different containers) will result in the address being displayed in different subsets for the different ports. No " +
        "address will appear in both Addresses and NotReadyAddresses in the same subset. Sets of addresses and ports that " +
        "comprise a service.";

    public const string SliceAddressType =
        "addressType specifies the type of address carried by this EndpointSlice. All addresses in this slice must be the same " +
        "type. This field is immutable after creation. The following address types are currently supported: * IPv4: Represents " +
        "an IPv4 Address. * IPv6: Represents an IPv6 Address. * FQDN: Represents a Fully Qualified Domain Name.";

    public const string SlicePorts =
        "ports specifies the list of network ports exposed by each endpoint in this slice. Each port must have a unique name. " +
        "When ports is empty, it indicates that there are no defined ports. When a port is defined with a nil port value, it " +
        "indicates \"all ports\". Each slice may include a maximum of 100 ports.";

    public const string SliceEndpoints =
        "endpoints is a list of unique endpoints in this slice. Each slice may include a maximum of 1000 endpoints.";

    public const string EventLastSeen =
        "The time at which the most recent occurrence of this event was recorded.";

    public const string EventType =
        "Type of this event (Normal, Warning), new types could be added in the future";

    public const string EventReason =
        "This should be a short, machine understandable string that gives the reason for the transition into the object's " +
        "current status.";

    public const string EventObject =
        "The object that this event is about.";

    public const string EventSubobject =
        "If referring to a piece of an object instead of an entire object, this string should contain a valid JSON/Go field " +
        "access statement, such as desiredState.manifest.containers[2]. For example, if the object reference is to a container " +
        "within a pod, this would take on a value like: \"spec.containers{name}\" (where \"name\" refers to the name of the " +
        "container that triggered the event) or if no container name is specified \"spec.containers[2]\" (container with index 2 " +
        "in this pod). This syntax is chosen only to have some well-defined way of referencing a part of an object.";

    public const string EventSource =
        "The component reporting this event. Should be a short machine understandable string.";

    public const string EventMessage =
        "A human-readable description of the status of this operation.";

    public const string EventFirstSeen =
        "The time at which the event was first recorded. (Time of server receipt is in TypeMeta.)";

    public const string EventCount =
        "The number of times this event has occurred.";

    public const string AccountSecrets =
        "Secrets is a list of the secrets in the same namespace that pods running using this ServiceAccount are allowed to use. " +
        "Pods are only limited to this list if this service account has a \"kubernetes.io/enforce-mountable-secrets\" annotation " +
        "set to \"true\". This field should not be used to find auto-generated service account token secrets for use outside of " +
        "pods. Instead, tokens can be requested directly using the TokenRequest API, or service account token secrets can be " +
        "manually created. More info: https://kubernetes.io/docs/concepts/configuration/secret";

    public const string ConfigMapData =
        "Data contains the configuration data. Each key must consist of alphanumeric characters, '-', '_' or '.'. Values with " +
        "non-UTF-8 byte sequences must use the BinaryData field. The keys stored in Data must not overlap with the keys in the " +
        "BinaryData field, this is enforced during validation process.";

    public const string NodeStatus =
        "The status of the node";

    public const string NodeRoles =
        "The roles of the node";

    public const string NodeVersion =
        "Kubelet Version reported by the node.";

    public const string NodeAddresses =
        "List of addresses reachable to the node. Queried from cloud provider, if available. More info: " +
        "https://kubernetes.io/docs/concepts/nodes/node/#addresses Note: This field is declared as mergeable, but the merge key " +
        "is not sufficiently unique, which can cause data corruption when it is merged. Callers should instead use a " +
        "full-replacement patch. See https://pr.k8s.io/79391 for an example. Consumers should assume that addresses can change " +
        "during the lifetime of a Node. However, there are some exceptions where this may not be possible, such as Pods that " +
        "inherit a Node's address in its own status or consumers of the downward API (status.hostIP).";

    public const string NodeOsImage =
        "OS Image reported by the node from /etc/os-release (e.g. Debian GNU/Linux 7 (wheezy)).";

    public const string NodeKernel =
        "Kernel Version reported by the node from 'uname -r' (e.g. 3.16.0-0.bpo.4-amd64).";

    public const string NodeRuntime =
        "ContainerRuntime Version reported by the node through runtime remote API (e.g. containerd://1.4.2).";

    public const string NamespaceStatus =
        "The status of the namespace";

    public const string Containers =
        "Names of each container in the template.";

    public const string Images =
        "Images referenced by each container in the template.";

    public const string DeploymentReady =
        "Number of the pod with ready state";

    public const string DeploymentUpdated =
        "Total number of non-terminated pods targeted by this deployment that have the desired template spec.";

    public const string DeploymentAvailable =
        "Total number of available pods (ready for at least minReadySeconds) targeted by this deployment.";

    public const string DeploymentSelector =
        "Label selector for pods. Existing ReplicaSets whose pods are selected by this will be the ones affected by this " +
        "deployment. It must match the pod template's labels.";

    public const string ReplicaSetDesired =
        "Replicas is the number of desired replicas. This is a pointer to distinguish between explicit zero and unspecified. " +
        "Defaults to 1. More info: " +
        "https://kubernetes.io/docs/concepts/workloads/controllers/replicationcontroller/#what-is-a-replicationcontroller";

    public const string ReplicaSetCurrent =
        "Replicas is the most recently observed number of replicas. More info: " +
        "https://kubernetes.io/docs/concepts/workloads/controllers/replicationcontroller/#what-is-a-replicationcontroller";

    public const string ReplicaSetReady =
        "readyReplicas is the number of pods targeted by this ReplicaSet with a Ready Condition.";

    public const string ReplicaSetSelector =
        "Selector is a label query over pods that should match the replica count. Label keys and values that must match in order " +
        "to be controlled by this replica set. It must match the pod template's labels. More info: " +
        "https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors";

    public const string DaemonSetDesired =
        "The total number of nodes that should be running the daemon pod (including nodes correctly running the daemon pod). " +
        "More info: https://kubernetes.io/docs/concepts/workloads/controllers/daemonset/";

    public const string DaemonSetCurrent =
        "The number of nodes that are running at least 1 daemon pod and are supposed to run the daemon pod. More info: " +
        "https://kubernetes.io/docs/concepts/workloads/controllers/daemonset/";

    public const string DaemonSetReady =
        "numberReady is the number of nodes that should be running the daemon pod and have one or more of the daemon pod running " +
        "with a Ready Condition.";

    public const string DaemonSetUpdated =
        "The total number of nodes that are running updated daemon pod";

    public const string DaemonSetAvailable =
        "The number of nodes that should be running the daemon pod and have one or more of the daemon pod running and available " +
        "(ready for at least spec.minReadySeconds)";

    public const string DaemonSetNodeSelector =
        "NodeSelector is a selector which must be true for the pod to fit on a node. Selector which must match a node's labels " +
        "for the pod to be scheduled on that node. More info: https://kubernetes.io/docs/concepts/configuration/assign-pod-node/";

    public const string DaemonSetSelector =
        "A label query over pods that are managed by the daemon set. Must match in order to be controlled. It must match the pod " +
        "template's labels. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors";

    public const string SecretType =
        "Used to facilitate programmatic handling of secret data. More info: " +
        "https://kubernetes.io/docs/concepts/configuration/secret/#secret-types";

    public const string SecretData =
        "Data contains the secret data. Each key must consist of alphanumeric characters, '-', '_' or '.'. The serialized form " +
        "of the secret data is a base64 encoded string, representing the arbitrary (possibly non-string) data value here. " +
        "Described in https://tools.ietf.org/html/rfc4648#section-4";

    public const string LeaseHolder =
        "holderIdentity contains the identity of the holder of a current lease.";

    public const string BudgetMin =
        "An eviction is allowed if at least \"minAvailable\" pods selected by \"selector\" will still be available after the " +
        "eviction, i.e. even in the absence of the evicted pod.  So for example you can prevent all voluntary evictions by " +
        "specifying \"100%\".";

    public const string BudgetMax =
        "An eviction is allowed if at most \"maxUnavailable\" pods selected by \"selector\" are unavailable after the eviction, i.e. " +
        "even in absence of the evicted pod. For example, one can prevent all voluntary evictions by specifying 0. This is a " +
        "mutually exclusive setting with \"minAvailable\".";

    public const string BudgetAllowed =
        "Calculated number of pods that may be disrupted at this moment. This value is calculated by taking the available pods " +
        "and desired number of available pods (currentHealthy-desiredHealthy).";

    public const string RoleRef =
        "RoleRef can reference a Role in the current namespace or a ClusterRole in the global namespace. If the RoleRef cannot " +
        "be resolved, the Authorizer must return an error. This field is immutable.";

    public const string BindingUsers =
        "Users in the roleBinding";

    public const string BindingGroups =
        "Groups in the roleBinding";

    public const string BindingAccounts =
        "ServiceAccounts in the roleBinding";

    public const string ConfigGenerated =
        "Version of the controller that generated the machineconfig. This will be empty if the machineconfig is not managed by a " +
        "controller.";

    public const string ConfigIgnition =
        "Version of the Ignition Config defined in the machineconfig.";

    public const string PoolUpdated =
        "When all the machines in the pool are updated to the correct machine config.";

    public const string PoolUpdating =
        "When at least one of machine is not either not updated or is in the process of updating to the desired machine config.";

    public const string PoolDegraded =
        "When progress is blocked on updating one or more nodes or the pool configuration is failing.";

    public const string PoolMachines =
        "Total number of machines in the machine config pool";

    public const string PoolReady =
        "Total number of ready machines targeted by the pool";

    public const string PoolUpdatedMachines =
        "Total number of machines targeted by the pool that have the CurrentMachineConfig as their config";

    public const string PoolDegradedMachines =
        "Total number of machines marked degraded (a node is marked degraded if applying a configuration failed..)";
}
