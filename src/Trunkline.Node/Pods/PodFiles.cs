using System.Text;
using k8s.Models;

namespace Trunkline.Node.Pods;

/// <summary>The files a kubelet writes for a Pod's containers: hosts, resolv.conf, hostname. Pure.</summary>
internal static class PodFiles
{
    private const string ClusterDomain = "cluster.local";
    private const string ClusterDns = "172.30.0.10"; // OpenShift's: the tenth of the service network
    private const int MostServers = 3; // MAXNS of the C library; a kubelet cuts there too
    private const int MostSearches = 32; // validation.MaxDNSSearchPaths
    private const int LongestSearch = 2048; // validation.MaxDNSSearchListChars

    public static string Hosts(V1Pod pod, IReadOnlyList<string> ips, string hostName)
    {
        var text = new StringBuilder("# Kubernetes-managed hosts file.\n127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n");
        text.Append("fe00::0\tip6-localnet\nfe00::0\tip6-mcastprefix\nfe00::1\tip6-allnodes\nfe00::2\tip6-allrouters\n");
        var full = string.IsNullOrEmpty(pod.Spec.Subdomain)
            ? ""
            : $"{hostName}.{pod.Spec.Subdomain}.{pod.Metadata.NamespaceProperty}.svc.{ClusterDomain}\t";
        foreach (var ip in ips)
        {
            text.Append(ip).Append('\t').Append(full).Append(hostName).Append('\n');
        }

        if (pod.Spec.HostAliases is { Count: > 0 } aliases)
        {
            text.Append("\n# Entries added by HostAliases.\n");
            foreach (var alias in aliases)
            {
                text.Append(alias.Ip).Append('\t').AppendJoin('\t', alias.Hostnames ?? []).Append('\n');
            }
        }

        return text.ToString();
    }

    /// <summary>A kubelet's rules (pkg/kubelet/network/dns): dnsPolicy says where it begins, dnsConfig adds to it, and its options win.</summary>
    public static string ResolvConf(V1Pod pod, string nodeResolvConf)
    {
        var policy = pod.Spec.DnsPolicy ?? "ClusterFirst";
        List<string> servers = [];
        List<string> searches = [];
        List<string> options = [];
        if (policy != "None")
        {
            servers.AddRange(Values(nodeResolvConf, "nameserver").SelectMany(line => Words(line).Take(1)));
            searches.AddRange(Words(Values(nodeResolvConf, "search").LastOrDefault() ?? "")); // the last one counts (resolv.conf(5))
            options.AddRange(Values(nodeResolvConf, "options").SelectMany(Words));
        }

        if (policy == "ClusterFirstWithHostNet" || (policy == "ClusterFirst" && pod.Spec.HostNetwork != true))
        {
            servers = [ClusterDns];
            searches = [$"{pod.Metadata.NamespaceProperty}.svc.{ClusterDomain}", $"svc.{ClusterDomain}", ClusterDomain, .. searches];
            options = ["ndots:5"];
        }

        // Of one option said twice the last counts.
        var own = (pod.Spec.DnsConfig?.Options ?? []).Reverse().DistinctBy(option => option.Name).Reverse().Select(option => string.IsNullOrEmpty(option.Value) ? option.Name : $"{option.Name}:{option.Value}").ToList();
        servers.AddRange(pod.Spec.DnsConfig?.Nameservers ?? []);
        searches.AddRange(pod.Spec.DnsConfig?.Searches ?? []);
        options = [.. options.Where(option => !own.Any(other => OptionName(other) == OptionName(option))), .. own];
        var text = new StringBuilder();
        if (searches.Count > 0)
        {
            text.Append("search ").AppendJoin(' ', Fitting(searches.Distinct().Take(MostSearches))).Append('\n');
        }

        foreach (var server in servers.Distinct().Take(MostServers))
        {
            text.Append("nameserver ").Append(server).Append('\n');
        }

        return options.Count > 0 ? text.Append("options ").AppendJoin(' ', options).Append('\n').ToString() : text.ToString();
    }

    // A kubelet leaves out whole names from the end.
    private static IEnumerable<string> Fitting(IEnumerable<string> searches)
    {
        var length = -1;
        return searches.TakeWhile(name => (length += 1 + name.Length) <= LongestSearch);
    }

    private static string[] Words(string line) => line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);

    private static string OptionName(string option) => option.Split(':', 2)[0];

    private static IEnumerable<string> Values(string file, string keyword) => file.Split('\n')
        .Where(line => line.StartsWith(keyword + " ", StringComparison.Ordinal) || line.StartsWith(keyword + "\t", StringComparison.Ordinal))
        .Select(line => line[keyword.Length..].Trim());
}
