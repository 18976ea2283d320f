using System.Text.Json.Nodes;
using Trunkline.ApiServer.Validation.Addresses;
using Trunkline.ApiServer.Validation.Fields;
using Trunkline.ApiServer.Validation.Names;
using Trunkline.ApiServer.Validation.Selectors;

namespace Trunkline.ApiServer.Validation.Networking;

/// <summary>NetworkPolicy's spec (networking/validation).</summary>
internal static class NetworkPolicyRules
{
    // In this order here; Services and Pods list the protocols alphabetically.
    private static readonly string[] Protocols = ["TCP", "UDP", "SCTP"];
    private static readonly string[] Types = ["Ingress", "Egress"];

    public static void NetworkPolicySpec(this FieldErrors errors, JsonObject? spec)
    {
        errors.LabelSelector("spec.podSelector", spec.Obj("podSelector"));
        Rules(errors, spec, "ingress", "from");
        Rules(errors, spec, "egress", "to");
        PolicyTypes(errors, [.. spec.Texts("policyTypes")]);
    }

    private static void Rules(FieldErrors errors, JsonObject? spec, string direction, string peers)
    {
        var i = 0;
        foreach (var rule in spec.Objects(direction))
        {
            var path = $"spec.{direction}[{i++}]";
            var j = 0;
            foreach (var port in rule.Objects("ports"))
            {
                Port(errors, $"{path}.ports[{j++}]", port);
            }

            j = 0;
            foreach (var peer in rule.Objects(peers))
            {
                Peer(errors, $"{path}.{peers}[{j++}]", peer);
            }
        }
    }

    private static void Port(FieldErrors errors, string path, JsonObject port)
    {
        if (port.Str("protocol") is { } protocol && !Protocols.Contains(protocol))
        {
            errors.NotSupported(path + ".protocol", protocol, Protocols);
        }

        var end = port.Int("endPort");
        if (port["port"] is { } value)
        {
            PortAndEnd(errors, path, value, end);
        }
        else if (end is not null)
        {
            errors.Invalid(path + ".endPort", end, "may not be specified when `port` is not specified");
        }
    }

    private static void PortAndEnd(FieldErrors errors, string path, JsonNode value, long? end)
    {
        if (NodeReader.AsText(value) is { } name)
        {
            if (end is not null)
            {
                errors.Invalid(path + ".endPort", end, "may not be specified when `port` is non-numeric");
            }

            errors.Invalid(path + ".port", name, PortRules.Name(name));
            return;
        }

        var number = NodeReader.AsInt(value) ?? 0;
        errors.Invalid(path + ".port", number, PortRules.Number(number));
        if (end < number)
        {
            // The real server prints the port here, not the end.
            errors.Invalid(path + ".endPort", number, "must be greater than or equal to `port`");
        }

        if (end is { } last)
        {
            errors.Invalid(path + ".endPort", last, PortRules.Number(last));
        }
    }

    private static void Peer(FieldErrors errors, string path, JsonObject peer)
    {
        errors.LabelSelector(path + ".podSelector", peer.Obj("podSelector"));
        errors.LabelSelector(path + ".namespaceSelector", peer.Obj("namespaceSelector"));
        var block = peer.Obj("ipBlock");
        if (block is not null)
        {
            Block(errors, path + ".ipBlock", block);
        }

        var selectors = (peer.Has("podSelector") ? 1 : 0) + (peer.Has("namespaceSelector") ? 1 : 0);
        if (block is null && selectors == 0)
        {
            errors.Required(path, "must specify a peer");
        }
        else if (block is not null && selectors > 0)
        {
            errors.Forbidden(path, "may not specify both ipBlock and another peer");
        }
    }

    private static void Block(FieldErrors errors, string path, JsonObject block)
    {
        var cidr = block.Text("cidr");
        if (cidr.Length == 0)
        {
            errors.Required(path + ".cidr");
            return;
        }

        if (AddressRules.ParseBlock(cidr) is not { } outer)
        {
            errors.Invalid(path + ".cidr", cidr, "not a valid CIDR");
            return;
        }

        var i = 0;
        foreach (var except in block.Texts("except"))
        {
            var exceptPath = $"{path}.except[{i++}]";
            if (AddressRules.ParseBlock(except) is not { } inner)
            {
                errors.Invalid(exceptPath, except, "not a valid CIDR");
                return;
            }

            if (!AddressRules.Contains(outer, inner.Address) || outer.Bits >= inner.Bits)
            {
                errors.Invalid(exceptPath, except, "must be a strict subset of `cidr`");
            }
        }
    }

    private static void PolicyTypes(FieldErrors errors, List<string> types)
    {
        if (types.Count > Types.Length)
        {
            errors.Invalid("spec.policyTypes", Go.Slice("networking.PolicyType", types), "may not specify more than two policyTypes");
            return;
        }

        for (var i = 0; i < types.Count; i++)
        {
            if (!Types.Contains(types[i]))
            {
                errors.NotSupported($"spec.policyTypes[{i}]", types[i], Types);
            }
        }
    }
}
