namespace Trunkline.Operations.Enable;

/// <summary>Reads what a proof Pod saw: /proc/net/protocols, which lists the kernel's protocols in every network namespace. No socket is opened: that would load the module. Pure.</summary>
internal static class ModuleEvidence
{
    /// <summary>What the Pod says when a lab's SCTP service stands at its door.</summary>
    private const string Service = "trunkline-service";

    /// <summary>The Pod's command.</summary>
    public const string Script = $"cat /proc/net/protocols; [ -S /run/trunkline-sctp/sctp.sock ] && echo {Service}; exit 0";

    /// <summary>Judges its output.</summary>
    /// <param name="output">What it printed.</param>
    /// <param name="labModule">On a lab, what the Node's annotation says of its module, which is a service and not the kernel's; null elsewhere.</param>
    public static (ModuleState State, string Evidence) Read(string output, string? labModule)
    {
        var lines = output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (!lines.Any(line => line.StartsWith("protocol ", StringComparison.Ordinal)))
        {
            return (ModuleState.Unknown, $"/proc/net/protocols was not seen; the Pod printed: {(lines is [.., var last] ? last : "nothing")}");
        }

        if (lines.FirstOrDefault(line => line.StartsWith("SCTP ", StringComparison.Ordinal)) is { } kernel)
        {
            return (ModuleState.Loaded, $"/proc/net/protocols: {string.Join(' ', kernel.Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(2))}");
        }

        var served = lines.Contains(Service);
        return labModule switch
        {
            null => (ModuleState.Off, "/proc/net/protocols does not list SCTP"),
            "loaded" when served => (ModuleState.Loaded, "the node says loaded, and its SCTP service serves its Pods"),
            "loaded" => (ModuleState.Unknown, "the node says loaded, but its Pods see no SCTP service"),
            _ when served && labModule != "autoload" => (ModuleState.Unknown, $"the node says {labModule}, but its Pods see an SCTP service"),
            _ => (ModuleState.Off, $"the node says {labModule}, and its kernel does not list SCTP"),
        };
    }
}
