using System.Net;
using Trunkline.Operations.Lint.Documents;
using Trunkline.Operations.Manifests;
using Trunkline.Policy.Addresses;

namespace Trunkline.Operations.Lint.Rules.Policies;

/// <summary>ValidateNetworkPolicyPeer and ValidateIPBlock.</summary>
internal static class PolicyPeerChecks
{
    public static void Check(ManifestNode peer, string path, Refusals refusals)
    {
        refusals.OnlyFields(peer, path, ["podSelector", "namespaceSelector", "ipBlock"]);
        refusals.Selector(peer["podSelector"], $"{path}.podSelector");
        refusals.Selector(peer["namespaceSelector"], $"{path}.namespaceSelector");
        var selectors = peer.Has("podSelector") || peer.Has("namespaceSelector");
        if (peer.Has("ipBlock"))
        {
            Block(peer["ipBlock"]!, $"{path}.ipBlock", refusals);
            if (selectors)
            {
                refusals.Forbidden(peer, path, "may not specify both ipBlock and another peer");
            }
        }
        else if (!selectors)
        {
            refusals.Required(peer, path, "must specify a peer");
        }
    }

    private static void Block(ManifestNode block, string path, Refusals refusals)
    {
        refusals.OnlyFields(block, path, ["cidr", "except"]);
        var cidr = block["cidr"];
        if (cidr.WordOrNull() is not { Length: > 0 } text)
        {
            refusals.Required(cidr ?? block, $"{path}.cidr", "");
            return;
        }

        if (!Cidr.TryParse(text, out var outer))
        {
            refusals.Invalid(cidr!, $"{path}.cidr", $"\"{text}\"", "not a valid CIDR");
            return;
        }

        HostBits(cidr!, $"{path}.cidr", outer, refusals);
        var i = 0;
        foreach (var except in block["except"].List())
        {
            var at = $"{path}.except[{i++}]";
            if (!Cidr.TryParse(except.Text, out var inner))
            {
                refusals.Invalid(except, at, $"\"{except.Text}\"", "not a valid CIDR");
            }
            else if (inner.BaseAddress.AddressFamily != outer.BaseAddress.AddressFamily || !outer.Contains(inner.BaseAddress) || outer.PrefixLength >= inner.PrefixLength)
            {
                refusals.Invalid(except, at, $"\"{except.Text}\"", "must be a strict subset of `cidr`");
            }
            else
            {
                HostBits(except, at, inner, refusals);
            }
        }
    }

    // Servers before 1.33 take it silently, later ones warn in these words.
    private static void HostBits(ManifestNode cidr, string path, IPNetwork network, Refusals refusals)
    {
        var slash = cidr.Text!.IndexOf('/', StringComparison.Ordinal);
        if (IPAddress.TryParse(cidr.Text.AsSpan(0, slash), out var address) && !address.Equals(network.BaseAddress) && !address.IsIPv4MappedToIPv6)
        {
            refusals.Warn(cidr, $"{path}: CIDR value \"{cidr.Text}\" is ambiguous in this context (should be \"{network}\"?)", $"write {network}", refusals.Replace(cidr, network.ToString()));
        }
    }
}
