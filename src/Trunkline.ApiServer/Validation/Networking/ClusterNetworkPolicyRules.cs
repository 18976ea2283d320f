using System.Text.Json.Nodes;
using Trunkline.ApiServer.Validation.Addresses;
using Trunkline.ApiServer.Validation.Fields;
using Trunkline.ApiServer.Validation.Selectors;

namespace Trunkline.ApiServer.Validation.Networking;

/// <summary>ClusterNetworkPolicy's spec (policy.networking.k8s.io/v1alpha2): what its CustomResourceDefinition's schema asks for, in a schema's words.</summary>
internal static class ClusterNetworkPolicyRules
{
    private const int MostItems = 25, LongestName = 100, HighestPriority = 1000, HighestPort = 65535;
    private static readonly string[] Tiers = ["Admin", "Baseline"];
    private static readonly string[] Actions = ["Accept", "Deny", "Pass"];

    public static void Spec(FieldErrors errors, JsonObject policy)
    {
        if (policy.Obj("spec") is not { } spec)
        {
            errors.Required("spec");
            return;
        }

        Choice(errors, "spec.tier", spec.Str("tier"), Tiers);
        Number(errors, "spec.priority", spec.Int("priority"), 0, HighestPriority);
        if (spec.Obj("subject") is { } subject)
        {
            OneOf(errors, "spec.subject", subject, "namespaces", "pods");
            Pods(errors, "spec.subject", subject);
        }
        else
        {
            errors.Required("spec.subject");
        }

        Rules(errors, spec, "ingress", "from", "namespaces", "pods");
        Rules(errors, spec, "egress", "to", "namespaces", "pods", "nodes", "networks", "domainNames");
    }

    private static void Rules(FieldErrors errors, JsonObject spec, string direction, string peers, params string[] kinds)
    {
        var rules = Few(errors, $"spec.{direction}", [.. spec.Objects(direction)]);
        for (var index = 0; index < rules.Count; index++)
        {
            var (path, rule) = ($"spec.{direction}[{index}]", rules[index]);
            Choice(errors, $"{path}.action", rule.Str("action"), Actions);
            if (rule.Str("name") is { Length: > LongestName } name)
            {
                errors.Invalid($"{path}.name", name, $"{path}.name in body should be at most {LongestName} chars long");
            }

            var ends = Few(errors, $"{path}.{peers}", [.. rule.Objects(peers)]);
            if (ends.Count == 0)
            {
                errors.Required($"{path}.{peers}");
            }

            for (var peer = 0; peer < ends.Count; peer++)
            {
                Peer(errors, $"{path}.{peers}[{peer}]", ends[peer], kinds);
            }

            var protocols = Few(errors, $"{path}.protocols", [.. rule.Objects("protocols")]);
            for (var protocol = 0; protocol < protocols.Count; protocol++)
            {
                Protocol(errors, $"{path}.protocols[{protocol}]", protocols[protocol]);
            }
        }
    }

    private static void Peer(FieldErrors errors, string path, JsonObject peer, string[] kinds)
    {
        OneOf(errors, path, peer, kinds);
        Pods(errors, path, peer);
        if (peer.Obj("nodes") is { } nodes)
        {
            errors.LabelSelector($"{path}.nodes", nodes);
        }

        var index = 0;
        foreach (var network in peer.Texts("networks"))
        {
            if (AddressRules.ParseBlock(network) is null)
            {
                errors.Invalid($"{path}.networks[{index}]", network, "Invalid CIDR format provided");
            }

            index++;
        }
    }

    private static void Pods(FieldErrors errors, string path, JsonObject end)
    {
        if (end.Obj("namespaces") is { } namespaces)
        {
            errors.LabelSelector($"{path}.namespaces", namespaces);
        }

        if (end.Obj("pods") is not { } pods)
        {
            return;
        }

        foreach (var selector in new[] { "namespaceSelector", "podSelector" })
        {
            if (pods.Obj(selector) is { } given)
            {
                errors.LabelSelector($"{path}.pods.{selector}", given);
            }
            else
            {
                errors.Required($"{path}.pods.{selector}");
            }
        }
    }

    private static void Protocol(FieldErrors errors, string path, JsonObject protocol)
    {
        OneOf(errors, path, protocol, "tcp", "udp", "sctp", "destinationNamedPort");
        foreach (var kind in new[] { "tcp", "udp", "sctp" })
        {
            if (protocol.Obj(kind) is { } match)
            {
                Port(errors, $"{path}.{kind}.destinationPort", match.Obj("destinationPort"));
            }
        }
    }

    private static void Port(FieldErrors errors, string path, JsonObject? port)
    {
        if (port is null)
        {
            errors.Required(path);
            return;
        }

        OneOf(errors, path, port, "number", "range");
        if (port.ContainsKey("number"))
        {
            Number(errors, $"{path}.number", port.Int("number"), 1, HighestPort);
        }

        if (port.Obj("range") is { } range)
        {
            Number(errors, $"{path}.range.start", range.Int("start"), 1, HighestPort);
            Number(errors, $"{path}.range.end", range.Int("end"), 1, HighestPort);
            if (range.Int("start") >= range.Int("end"))
            {
                errors.Invalid($"{path}.range", "object", "Start port must be less than End port");
            }
        }
    }

    private static void OneOf(FieldErrors errors, string path, JsonObject item, params string[] kinds)
    {
        var given = kinds.Count(item.ContainsKey);
        if (given != 1)
        {
            errors.Invalid(path, given == 0 ? "" : "object", given == 0
                ? $"{path} in body should have at least 1 properties"
                : $"{path} in body should have at most 1 properties");
        }
    }

    private static List<JsonObject> Few(FieldErrors errors, string path, List<JsonObject> items)
    {
        if (items.Count > MostItems)
        {
            errors.TooMany(path, items.Count, MostItems);
        }

        return items;
    }

    private static void Choice(FieldErrors errors, string path, string? given, string[] choices)
    {
        if (given is null)
        {
            errors.Required(path);
        }
        else if (!choices.Contains(given))
        {
            errors.NotSupported(path, given, choices);
        }
    }

    private static void Number(FieldErrors errors, string path, long? given, long least, long most)
    {
        if (given is null)
        {
            errors.Required(path);
        }
        else if (given < least)
        {
            errors.Invalid(path, given, $"{path} in body should be greater than or equal to {least}");
        }
        else if (given > most)
        {
            errors.Invalid(path, given, $"{path} in body should be less than or equal to {most}");
        }
    }
}
