using System.Net;
using System.Text.Json.Nodes;

namespace Trunkline.Policy.Cases.Oracle;

/// <summary>
/// Judges flows straight from the documents, slowly and by the words of the Kubernetes documentation. It shares no code with Trunkline.Policy, neither model nor reader
/// nor evaluator: expected tables of cases come from here.
/// </summary>
public sealed class NaiveJudge(IReadOnlyCollection<JsonNode> documents)
{
    private readonly ILookup<string?, JsonNode> _kinds = documents.ToLookup(item => (string?)item["kind"]);

    /// <summary>A Pod in one family.</summary>
    public static OracleEnd Of(JsonNode pod, bool ipv6) => new(pod, Addresses(pod).FirstOrDefault(address => address.Contains(':') == ipv6));

    /// <summary>Whoever holds an address now: a running Pod of the Pod network, or nobody known.</summary>
    public OracleEnd At(string address) => new(Kind("Pod").FirstOrDefault(pod => IsOnNetwork(pod) && Addresses(pod).Contains(address)), address);

    public bool Allows(OracleEnd from, OracleEnd to, string protocol, int port) =>
        OneSide(from, to, to, "egress", "to", protocol, port) && OneSide(to, from, to, "ingress", "from", protocol, port);

    private bool OneSide(OracleEnd self, OracleEnd other, OracleEnd destination, string direction, string list, string protocol, int port)
    {
        // "policies do not apply to Pods on the host's network"; what is no Pod has no policies.
        if (self.Pod is null || !IsOnNetwork(self.Pod))
        {
            return true;
        }

        // "A Pod cannot block access to itself".
        if (ReferenceEquals(self.Pod, other.Pod) || (self.Address is not null && self.Address == other.Address))
        {
            return true;
        }

        // "traffic to and from the node where a Pod is running is always allowed"
        var ownNode = !IsPod(other) && NodeWith(other.Address) is { } node && Name(node) == (string?)self.Pod["spec"]!["nodeName"];
        if (ownNode && direction == "ingress")
        {
            return true;
        }

        switch (Tier("Admin", self, other, destination, direction, list, protocol, port))
        {
            case "Accept": return true;
            case "Deny": return false;
        }

        var isolating = Kind("NetworkPolicy").Where(policy => Isolates(policy, self.Pod, direction)).ToList();
        if (isolating.Count > 0)
        {
            return ownNode || isolating.Any(policy => Items(policy["spec"]![direction]).Any(rule =>
                Allows(rule, list, Namespace(policy), other) && Covers(rule, destination, protocol, port)));
        }

        return Tier("Baseline", self, other, destination, direction, list, protocol, port) != "Deny";
    }

    private static bool Isolates(JsonNode policy, JsonNode pod, string direction)
    {
        var spec = policy["spec"]!;
        if (Namespace(policy) != Namespace(pod) || !Matches(spec["podSelector"], pod))
        {
            return false;
        }

        // "If no policyTypes are specified, Ingress is always set, and Egress is set if there are any egress rules."
        var types = Items(spec["policyTypes"]).Select(type => ((string)type!).ToLowerInvariant()).ToList();
        return types.Count > 0 ? types.Contains(direction) : direction == "ingress" || Items(spec["egress"]).Any();
    }

    private bool Allows(JsonNode? rule, string list, string policyNamespace, OracleEnd other)
    {
        var peers = Items(rule![list]).ToList();
        return peers.Count == 0 || peers.Any(peer => peer!["ipBlock"] is { } block
            ? other.Address is { } address && In(address, (string)block["cidr"]!) && !Items(block["except"]).Any(hole => In(address, (string)hole!))
            : (peer["podSelector"] is not null || peer["namespaceSelector"] is not null) && IsPod(other)
                && (peer["namespaceSelector"] is { } namespaces ? Matches(namespaces, NamespaceOf(other.Pod!)) : Namespace(other.Pod!) == policyNamespace)
                && (peer["podSelector"] is not { } pods || Matches(pods, other.Pod!)));
    }

    private static bool Covers(JsonNode? rule, OracleEnd destination, string protocol, int port)
    {
        var ports = Items(rule!["ports"]).ToList();
        return ports.Count == 0 || ports.Any(item =>
        {
            if (((string?)item!["protocol"] ?? "TCP") != protocol)
            {
                return false;
            }

            return item["port"] is not JsonValue wanted ? item["port"] is null
                : wanted.TryGetValue<string>(out var name) ? Declares(destination, name, protocol, port)
                : ToInt(item["endPort"] ?? wanted) >= port && port >= ToInt(wanted);
        });
    }

    private string? Tier(string tier, OracleEnd self, OracleEnd other, OracleEnd destination, string direction, string list, string protocol, int port)
    {
        var policies = Kind("ClusterNetworkPolicy").Where(policy => (string?)policy["spec"]!["tier"] == tier)
            .OrderBy(policy => ToInt(policy["spec"]!["priority"]!)).ThenBy(Name, StringComparer.Ordinal);
        foreach (var policy in policies.Where(policy => IsAmong(policy["spec"]!["subject"]!, self.Pod!)))
        {
            foreach (var rule in Items(policy["spec"]![direction]))
            {
                var action = (string)rule!["action"]!;
                // "if an implementation sees no fields are set ... it should fail closed"
                if (Items(rule[list]).Any(peer => peer!.AsObject().Count == 0))
                {
                    if (action == "Accept")
                    {
                        continue;
                    }

                    return "Deny";
                }

                if (Items(rule[list]).Any(peer => Is(peer!, other)) && CoversProtocol(rule["protocols"], destination, protocol, port))
                {
                    return action;
                }
            }
        }

        return null;
    }

    private bool Is(JsonNode peer, OracleEnd other)
    {
        if (peer["networks"] is { } networks)
        {
            return other.Address is { } address && Items(networks).Any(network => In(address, (string)network!));
        }

        if (peer["nodes"] is { } nodes)
        {
            return !IsPod(other) && NodeWith(other.Address) is { } node && Matches(nodes, node);
        }

        return IsPod(other) && IsAmong(peer, other.Pod!);
    }

    private bool IsAmong(JsonNode choice, JsonNode pod) => choice["namespaces"] is { } namespaces
        ? Matches(namespaces, NamespaceOf(pod))
        : choice["pods"] is { } pods && Matches(pods["namespaceSelector"], NamespaceOf(pod)) && Matches(pods["podSelector"], pod);

    private static bool CoversProtocol(JsonNode? protocols, OracleEnd destination, string protocol, int port) => protocols is null || Items(protocols).Any(item =>
    {
        if ((string?)item!["destinationNamedPort"] is { } name)
        {
            return Declares(destination, name, protocol, port);
        }

        var wanted = item[protocol.ToLowerInvariant()]?["destinationPort"];
        return wanted is not null && (wanted["number"] is { } number
            ? ToInt(number) == port
            : ToInt(wanted["range"]!["start"]!) <= port && port <= ToInt(wanted["range"]!["end"]!));
    });

    // A name is looked up at the destination, and name, protocol and number have to be the declared ones.
    private static bool Declares(OracleEnd destination, string name, string protocol, int port) => destination.Pod is not null && IsOnNetwork(destination.Pod)
        && Items(destination.Pod["spec"]!["containers"]).SelectMany(container => Items(container!["ports"])).Any(declared =>
            (string?)declared!["name"] == name && ((string?)declared["protocol"] ?? "TCP") == protocol && ToInt(declared["containerPort"]!) == port);

    private static bool Matches(JsonNode? selector, JsonNode item)
    {
        var labels = item["metadata"]!["labels"];
        string? Label(string key) => key == "kubernetes.io/metadata.name" && (string?)item["kind"] == "Namespace" ? Name(item) : (string?)labels?[key];
        foreach (var (key, value) in selector?["matchLabels"]?.AsObject() ?? [])
        {
            if (Label(key) != (string?)value)
            {
                return false;
            }
        }

        return Items(selector?["matchExpressions"]).All(expression =>
        {
            var value = Label((string)expression!["key"]!);
            var isListed = value is not null && Items(expression["values"]).Any(listed => (string?)listed == value);
            return (string)expression["operator"]! switch { "In" => isListed, "NotIn" => !isListed, "Exists" => value is not null, _ => value is null };
        });
    }

    private JsonNode NamespaceOf(JsonNode pod) => Kind("Namespace").FirstOrDefault(item => Name(item) == Namespace(pod))
        ?? new JsonObject { ["kind"] = "Namespace", ["metadata"] = new JsonObject { ["name"] = Namespace(pod) } };

    // A Pod without an address yet cannot be found as a peer.
    private static bool IsPod(OracleEnd end) => end.Pod is not null && IsOnNetwork(end.Pod) && Addresses(end.Pod).Any();

    private static bool IsOnNetwork(JsonNode pod) => (bool?)pod["spec"]!["hostNetwork"] != true && (string?)pod["status"]?["phase"] is not ("Succeeded" or "Failed");

    private JsonNode? NodeWith(string? address) => address is null ? null : Kind("Node").FirstOrDefault(node =>
        Items(node["status"]!["addresses"]).Any(item => (string?)item!["address"] == address));

    private IEnumerable<JsonNode> Kind(string kind) => _kinds[kind];

    private static IEnumerable<JsonNode?> Items(JsonNode? list) => list?.AsArray() ?? Enumerable.Empty<JsonNode?>();

    private static IEnumerable<string> Addresses(JsonNode pod) => Items(pod["status"]?["podIPs"]).Select(item => (string)item!["ip"]!);

    private static string Name(JsonNode item) => (string)item["metadata"]!["name"]!;

    private static string Namespace(JsonNode item) => (string?)item["metadata"]!["namespace"] ?? "";

    private static int ToInt(JsonNode number) => int.Parse(number.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture);

    // Bit by bit.
    private static bool In(string address, string cidr)
    {
        var (bytes, network) = (IPAddress.Parse(address).GetAddressBytes(), IPAddress.Parse(cidr.Split('/')[0]).GetAddressBytes());
        var prefix = int.Parse(cidr.Split('/')[1], System.Globalization.CultureInfo.InvariantCulture);
        bool Bit(byte[] of, int index) => (of[index / 8] >> (7 - (index % 8)) & 1) == 1;
        return bytes.Length == network.Length && Enumerable.Range(0, prefix).All(index => Bit(bytes, index) == Bit(network, index));
    }
}
