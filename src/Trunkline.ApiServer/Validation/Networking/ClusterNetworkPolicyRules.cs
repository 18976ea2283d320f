using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Trunkline.ApiServer.Validation.Addresses;
using Trunkline.ApiServer.Validation.Fields;
using Trunkline.ApiServer.Validation.Selectors;

namespace Trunkline.ApiServer.Validation.Networking;

/// <summary>ClusterNetworkPolicy's spec (policy.networking.k8s.io/v1alpha2): what its CustomResourceDefinition's schema asks for, in a schema's words.</summary>
internal static partial class ClusterNetworkPolicyRules
{
    private const int MostItems = 25, LongestName = 100, HighestPriority = 1000, HighestPort = 65535;
    private static readonly string[] s_withoutNames = ["networks", "nodes", "domainNames"];
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
            if (rule[peers] is null)
            {
                errors.Required($"{path}.{peers}");
            }

            Some(errors, $"{path}.{peers}", rule, peers);

            for (var peer = 0; peer < ends.Count; peer++)
            {
                Peer(errors, $"{path}.{peers}[{peer}]", ends[peer], kinds);
            }

            var protocols = Few(errors, $"{path}.protocols", [.. rule.Objects("protocols")]);
            Some(errors, $"{path}.protocols", rule, "protocols");
            if (ends.Exists(peer => s_withoutNames.Any(peer.ContainsKey)) && protocols.Exists(protocol => protocol.ContainsKey("destinationNamedPort")))
            {
                errors.Invalid(path, "object", "networks/nodes/domainNames peer cannot be set with namedPorts since there are no namedPorts for networks/nodes/domainNames");
            }

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

        Set(errors, $"{path}.networks", peer, "networks", network => AddressRules.ParseBlock(network) is null ? "Invalid CIDR format provided" : null);
        Set(errors, $"{path}.domainNames", peer, "domainNames", name =>
            DomainName().IsMatch(name) ? null : $"{path}.domainNames in body should match '{DomainPattern}'");
    }

    // listType=set, of 1 to 25.
    private static void Set(FieldErrors errors, string path, JsonObject peer, string name, Func<string, string?> complaint)
    {
        Some(errors, path, peer, name);
        var items = peer.Texts(name).ToList();
        if (items.Count > MostItems)
        {
            errors.TooMany(path, items.Count, MostItems);
        }

        for (var index = 0; index < items.Count; index++)
        {
            if (complaint(items[index]) is { } what)
            {
                errors.Invalid($"{path}[{index}]", items[index], what);
            }
            else if (items.IndexOf(items[index]) < index)
            {
                errors.Duplicate($"{path}[{index}]", items[index]);
            }
        }
    }

    // minItems=1: a list that is there is not empty; a rule of no protocol would match nothing, or all.
    private static void Some(FieldErrors errors, string path, JsonObject item, string name)
    {
        if (item[name] is JsonArray { Count: 0 })
        {
            errors.Invalid(path, 0L, $"{path} in body should have at least 1 items");
        }
    }

    private const string DomainPattern = @"^(\*\.)?([a-zA-z0-9]([-a-zA-Z0-9_]*[a-zA-Z0-9])?\.)+[a-zA-z0-9]([-a-zA-Z0-9_]*[a-zA-Z0-9])?\.?$";

    [GeneratedRegex(DomainPattern, RegexOptions.NonBacktracking)]
    private static partial Regex DomainName();

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

        if (pods.Obj("namespaceSelector") is { } given)
        {
            errors.LabelSelector($"{path}.pods.namespaceSelector", given); // optional: absent is as empty, all namespaces
        }

        if (pods.Obj("podSelector") is { } selector)
        {
            errors.LabelSelector($"{path}.pods.podSelector", selector);
        }
        else
        {
            errors.Required($"{path}.pods.podSelector");
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
