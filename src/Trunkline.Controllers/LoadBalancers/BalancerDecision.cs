using System.Net;
using k8s.Models;

namespace Trunkline.Controllers.LoadBalancers;

/// <summary>What one Service of type LoadBalancer gets.</summary>
/// <param name="Service">The Service.</param>
/// <param name="Addresses">Its addresses, in the order of its families.</param>
/// <param name="Problem">Why it has not all that it should have, or null.</param>
internal sealed record BalancerDecision(V1Service Service, IReadOnlyList<IPAddress> Addresses, string? Problem);
