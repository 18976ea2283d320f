namespace Trunkline.Controllers.Tests.Recorded;

/// <summary>Steps that come out otherwise, and why. docs/compatibility.md says the same in prose.</summary>
internal static class KnownDifferences
{
    public static readonly IReadOnlyDictionary<string, string> Reasons = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["02/005-asis-create-04-machineconfig-load-sctp-module"] = "the recorded server had no MachineConfigs",
        ["06/044-mcfg-notfound"] = "the recorded server had no MachineConfigs",
        ["06/118-kubectl-mc-api"] = "the recorded server had no MachineConfigs",
        ["10/013-machineconfig-validate-false"] = "the recorded server had no MachineConfigs",
        ["03/031-ns-describe"] = "ResourceQuotas and LimitRanges are not served, so kubectl says nothing of them",
        ["04/005-node-describe"] = "no beta labels, no ttl annotation; /23 a node as on OpenShift, recorded with /24",
        ["05/011-table-nodes"] = "no beta labels, no ttl annotation; /23 a node as on OpenShift, recorded with /24",
        ["05/019-proto-accept-headers"] = "protobuf answers are not given; a client that takes nothing else is told so",
    };
}
