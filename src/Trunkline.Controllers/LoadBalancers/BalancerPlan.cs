using System.Net;
using k8s.Models;
using Trunkline.Controllers.Client;
using Trunkline.Controllers.Endpoints;

namespace Trunkline.Controllers.LoadBalancers;

/// <summary>
/// Which Service has which address: what has been given stays with whom it was given to, an address asked for by name goes before a free one, and who came first is served
/// first. Pure.
/// </summary>
internal sealed class BalancerPlan(IReadOnlyList<AddressPool> pools)
{
    /// <summary>The class of these load balancers; Services of no class are theirs too, as of any cluster's default one.</summary>
    public const string Class = "trunkline.dev/rack";

    /// <summary>A Service that is to have an address from here.</summary>
    public static bool IsOurs(V1Service service) => IsOfOurClass(service) && !service.IsDeleting();

    /// <summary>A Service that shows an address it is to have no longer: it is no load balancer any more, or it is being deleted.</summary>
    public static bool IsOver(V1Service service) => Given(service).Any() && (service.Spec.Type != "LoadBalancer" || (IsOfOurClass(service) && service.IsDeleting()));

    /// <summary>A decision for each Service that is a load balancer of ours. What any other Service shows is not free: nodes still answer for it.</summary>
    public IReadOnlyList<BalancerDecision> Decide(IReadOnlyCollection<V1Service> services)
    {
        var ours = services.Where(IsOurs).OrderBy(s => s.Metadata.CreationTimestamp).ThenBy(s => s.Metadata.NamespaceProperty, StringComparer.Ordinal)
            .ThenBy(s => s.Metadata.Name, StringComparer.Ordinal).ToList();
        var taken = new Dictionary<IPAddress, V1Service>();
        foreach (var service in ours)
        {
            foreach (var address in Given(service).Where(a => MayKeep(service, a)))
            {
                taken.TryAdd(address, service); // twice given by nobody: the older Service keeps it
            }
        }

        foreach (var (service, address) in services.Where(s => !IsOurs(s)).SelectMany(s => Given(s).Select(a => (s, a))))
        {
            taken.TryAdd(address, service);
        }

        // What somebody asks for by name is not given to somebody who does not care.
        var wished = ours.Select(Wish).OfType<IPAddress>().ToHashSet();
        return [.. ours.Select(service => Decide(service, taken, wished))];
    }

    /// <summary>Addresses that a Service's status shows.</summary>
    public static IEnumerable<IPAddress> Given(V1Service service) =>
        (service.Status?.LoadBalancer?.Ingress ?? []).Select(i => IPAddress.TryParse(i.Ip, out var ip) ? ip : null).OfType<IPAddress>();

    private static bool IsOfOurClass(V1Service service) =>
        service.Spec.Type == "LoadBalancer" && (string.IsNullOrEmpty(service.Spec.LoadBalancerClass) || service.Spec.LoadBalancerClass == Class);

    private BalancerDecision Decide(V1Service service, Dictionary<IPAddress, V1Service> taken, HashSet<IPAddress> wished)
    {
        var (addresses, problems) = (new List<IPAddress>(), new List<string>());
        if (Wish(service) is { } wish && !pools.Any(p => p.Contains(wish)))
        {
            problems.Add($"{wish} is not of {string.Join(" or ", pools)}");
        }
        else if (Wish(service) is { } other && !AddressFamilies.Of(service).Contains(Family(other)))
        {
            problems.Add($"{other} is {Family(other)}, and the Service's families are {string.Join(" and ", AddressFamilies.Of(service))}");
        }

        foreach (var family in AddressFamilies.Of(service))
        {
            var (address, problem) = For(service, family, taken, wished);
            if (address is not null)
            {
                taken[address] = service;
                addresses.Add(address);
            }
            else if (problem is not null)
            {
                problems.Add(problem);
            }
        }

        return new BalancerDecision(service, addresses, problems.Count > 0 ? string.Join("; ", problems) : null);
    }

    private (IPAddress? Address, string? Problem) For(
        V1Service service, string family, Dictionary<IPAddress, V1Service> taken, HashSet<IPAddress> wished)
    {
        if (pools.FirstOrDefault(p => p.Family == family) is not { } pool)
        {
            return (null, $"there is no pool of {family} addresses");
        }

        if (Given(service).FirstOrDefault(a => pool.Contains(a) && taken.GetValueOrDefault(a) == service) is { } has)
        {
            return (has, null);
        }

        if (Wish(service) is { } wish && Family(wish) == family)
        {
            return !pool.Contains(wish) ? (null, null) // told already
                : taken.TryGetValue(wish, out var owner) ? (null, $"{wish} belongs to Service {owner.Metadata.NamespaceProperty}/{owner.Metadata.Name}")
                : (wish, null);
        }

        return pool.Free(a => taken.ContainsKey(a) || wished.Contains(a)) is { } free ? (free, null) : (null, $"no address is left in {pool}");
    }

    private bool MayKeep(V1Service service, IPAddress address) =>
        pools.Any(p => p.Contains(address)) && AddressFamilies.Of(service).Contains(Family(address))
        && (Wish(service) is not { } wish || Family(wish) != Family(address) || wish.Equals(address));

    private static IPAddress? Wish(V1Service service) => IPAddress.TryParse(service.Spec.LoadBalancerIP, out var ip) ? ip : null;

    private static string Family(IPAddress address) => AddressFamilies.Of(address.ToString())!;
}
