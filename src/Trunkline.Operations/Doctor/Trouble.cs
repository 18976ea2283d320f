using Trunkline.Operations.Doctor.View;

namespace Trunkline.Operations.Doctor;

/// <summary>Names of troubles, by which a diagnosis explains another.</summary>
internal static class Trouble
{
    /// <summary>A node has no SCTP.</summary>
    public static string NoSctp(string node) => $"no sctp on {node}";

    /// <summary>A Pod is not ready.</summary>
    public static string NotReady(PodView pod) => $"{pod.Title} is not ready";

    /// <summary>A Pod answers nobody at a port.</summary>
    public static string Closed(PodView pod, int port) => $"{pod.Title} is closed at {port}";
}
