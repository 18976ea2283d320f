namespace Trunkline.Controllers.Tests.Recorded;

/// <summary>The files that recorded commands name FILE, put together again from what they printed.</summary>
internal static class RecordedInputs
{
    private const string Pod = """
        apiVersion: v1
        kind: Pod
        metadata:
          namespace: project1
          name: example-pod
        spec:
          containers:
            - name: example-pod
              ports:
                - containerPort: 30100
                  name: sctpserver
                  protocol: SCTP
        """;

    private const string Service = """
        apiVersion: v1
        kind: Service
        metadata:
          namespace: project1
          name: sctpserver
        spec:
          ports:
            - name: sctpserver
              protocol: SCTP
              port: 30100
              targetPort: 30100
          type: ClusterIP
        """;

    private const string Node = """
        {"apiVersion":"v1","kind":"Node","metadata":{"name":"node-1","labels":{"kubernetes.io/arch":"amd64","kubernetes.io/hostname":"node-1","kubernetes.io/os":"linux","node-role.kubernetes.io/worker":""}}}
        """;

    private const string NodeStatus = """
        {"status":{"addresses":[{"type":"InternalIP","address":"192.0.2.10"},{"type":"Hostname","address":"node-1"}],
        "capacity":{"cpu":"2","memory":"8Gi","pods":"110"},"allocatable":{"cpu":"2","memory":"8Gi","pods":"110"},
        "conditions":[{"type":"Ready","status":"True","reason":"KubeletReady","message":"kubelet is posting ready status","lastHeartbeatTime":"2026-11-22T00:00:00Z","lastTransitionTime":"2026-11-22T00:00:00Z"}],
        "nodeInfo":{"architecture":"amd64","bootID":"b","containerRuntimeVersion":"cri-o://1.26.0","kernelVersion":"5.14.0","kubeProxyVersion":"v1.26.5","kubeletVersion":"v1.26.5","machineID":"m",
        "operatingSystem":"linux","osImage":"Red Hat Enterprise Linux CoreOS 413","systemUUID":"u"}}}
        """;

    private const string PodStatus = """
        {"status":{"phase":"Running","hostIP":"192.0.2.10","podIP":"10.128.0.5","podIPs":[{"ip":"10.128.0.5"}],"startTime":"2026-11-22T00:00:00Z",
        "conditions":[{"type":"Ready","status":"True","lastProbeTime":null,"lastTransitionTime":"2026-11-22T00:00:00Z"},{"type":"ContainersReady","status":"True","lastProbeTime":null,"lastTransitionTime":"2026-11-22T00:00:00Z"}],
        "containerStatuses":[{"name":"sctpserver","image":"registry.access.redhat.com/ubi8/ubi:latest","imageID":"registry.access.redhat.com/ubi8/ubi@sha256:00","containerID":"cri-o://00","ready":true,"restartCount":0,"started":true,"state":{"running":{"startedAt":"2026-11-22T00:00:01Z"}}}]}}
        """;

    public static string? Of(string step) => step switch
    {
        "02/014-ellipsis-removed-01-pod" => Pod,
        "02/015-with-image-01-pod" => Pod.Replace("- name: example-pod", "- name: example-pod\n      image: registry.access.redhat.com/ubi8/ubi", StringComparison.Ordinal),
        "02/016-ellipsis-removed-02-svc" => Service,
        "02/036-08fixed-podSelector-null-create" => Policy("np-null-selector", "\n  podSelector: null"),
        "02/039-08fixed-podSelector-empty-create" => Policy("np-empty-selector", "\n  podSelector: {}"),
        "02/040-podSelector-absent-create" => Policy("np-absent-selector", ""),
        "04/001-node-create" => Node,
        "04/002-node-status" => NodeStatus,
        "04/009-pod-running" => PodStatus,
        _ => null,
    };

    private static string Policy(string name, string selector) =>
        $"apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: {name}\nspec:{selector}\n  ingress:\n    - from:\n        - podSelector: {{}}\n";
}
