using k8s.Models;
using Trunkline.Node.Pods.Admission;
using Xunit;

namespace Trunkline.Node.Tests.Pods;

public sealed class ContainerRefusalTests
{
    private static string? Of(Action<V1PodSpec, V1Container> ask)
    {
        var container = new V1Container { Name = "c", SecurityContext = new V1SecurityContext { Capabilities = new V1Capabilities() } };
        var pod = new V1Pod { Metadata = new V1ObjectMeta { Name = "p" }, Spec = new V1PodSpec { Containers = [container], SecurityContext = new V1PodSecurityContext() } };
        ask(pod.Spec, container);
        return ContainerRefusal.Of(pod, container);
    }

    [Fact]
    public void What_stays_inside_the_container_is_given()
    {
        Assert.Null(Of((_, _) => { }));
        Assert.Null(Of((spec, _) => spec.HostNetwork = true));
        Assert.Null(Of((_, container) => container.SecurityContext.Capabilities.Add = ["NET_ADMIN", "cap_net_raw"]));
        Assert.Null(Of((spec, _) => spec.SecurityContext.SeccompProfile = new V1SeccompProfile { Type = "RuntimeDefault" }));
        Assert.Null(Of((spec, _) => spec.SecurityContext.Sysctls = [new V1Sysctl { Name = "net.ipv4.ip_local_port_range", Value = "1 2" }]));
    }

    [Fact]
    public void What_would_reach_the_machine_is_refused_by_name()
    {
        Assert.Contains("privileged", Of((_, container) => container.SecurityContext.Privileged = true), StringComparison.Ordinal);
        Assert.Contains("hostPID", Of((spec, _) => spec.HostPID = true), StringComparison.Ordinal);
        Assert.Contains("hostIPC", Of((spec, _) => spec.HostIPC = true), StringComparison.Ordinal);
        Assert.Contains("shareProcessNamespace", Of((spec, _) => spec.ShareProcessNamespace = true), StringComparison.Ordinal);
        Assert.Contains("SYS_MODULE", Of((_, container) => container.SecurityContext.Capabilities.Add = ["CAP_SYS_MODULE"]), StringComparison.Ordinal);
        Assert.Contains("capability ALL", Of((_, container) => container.SecurityContext.Capabilities.Add = ["all"]), StringComparison.Ordinal);
        Assert.Contains("seccompProfile", Of((spec, _) => spec.SecurityContext.SeccompProfile = new V1SeccompProfile { Type = "Unconfined" }), StringComparison.Ordinal);
        Assert.Contains("procMount", Of((_, container) => container.SecurityContext.ProcMount = "Unmasked"), StringComparison.Ordinal);
        Assert.Equal("forbidden sysctl: \"kernel.core_pattern\" not allowlisted",
            Of((spec, _) => spec.SecurityContext.Sysctls = [new V1Sysctl { Name = "kernel/core_pattern", Value = "x" }]));
        Assert.Equal("forbidden sysctl: \"net.ipv4.tcp_rmem\" not allowed with host net enabled", Of((spec, _) =>
        {
            spec.HostNetwork = true;
            spec.SecurityContext.Sysctls = [new V1Sysctl { Name = "net.ipv4.tcp_rmem", Value = "x" }];
        }));
    }

    // Its rules on secondary networks are in its own namespace: whoever may change them has none.
    [Fact]
    public void A_Pod_on_secondary_networks_may_make_any_packet_and_change_no_rule()
    {
        var container = new V1Container { Name = "c", SecurityContext = new V1SecurityContext { Capabilities = new V1Capabilities { Add = ["cap_net_admin"] } } };
        var pod = new V1Pod { Metadata = new V1ObjectMeta { Name = "p" }, Spec = new V1PodSpec { Containers = [container] } };
        Assert.Null(ContainerRefusal.Of(pod, container));
        Assert.Contains("NET_ADMIN may not be added in a Pod with secondary networks", ContainerRefusal.Of(pod, container, onNetworks: true), StringComparison.Ordinal);
        container.SecurityContext.Capabilities.Add = ["NET_RAW"];
        Assert.Null(ContainerRefusal.Of(pod, container, onNetworks: true));
    }
}
