using System.Text.Json.Nodes;
using Trunkline.ApiServer.Validation.Fields;

namespace Trunkline.ApiServer.Defaulting;

/// <summary>networking/v1 defaults.go: a port without protocol is TCP; without policyTypes a policy isolates ingress, and egress if it has egress rules.</summary>
internal static class NetworkPolicyDefaults
{
    public static void Apply(JsonObject policy)
    {
        var spec = policy.Child("spec");
        spec.Default("podSelector", new JsonObject());
        foreach (var rule in spec.Objects("ingress").Concat(spec.Objects("egress")))
        {
            foreach (var port in rule.Objects("ports"))
            {
                port.Default("protocol", "TCP");
            }
        }

        if (spec.List("policyTypes").Count == 0)
        {
            spec["policyTypes"] = spec.List("egress").Count > 0 ? new JsonArray("Ingress", "Egress") : new JsonArray("Ingress");
        }
    }
}
