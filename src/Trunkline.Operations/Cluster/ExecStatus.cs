using System.Globalization;
using System.Text.Json.Nodes;

namespace Trunkline.Operations.Cluster;

/// <summary>Reads the Status document that ends an exec (channel 3).</summary>
public static class ExecStatus
{
    /// <summary>The command's exit status.</summary>
    /// <exception cref="ClusterException">The command could not be run; the message is the server's.</exception>
    public static int ExitCode(string status)
    {
        if (string.IsNullOrWhiteSpace(status))
        {
            throw new ClusterException("the connection of an exec ended without a status");
        }

        var document = JsonNode.Parse(status)!;
        if (document["status"]?.GetValue<string>() == "Success")
        {
            return 0;
        }

        if (document["reason"]?.GetValue<string>() != "NonZeroExitCode")
        {
            throw new ClusterException($"the command could not be run in the Pod: {document["message"]?.GetValue<string>()}");
        }

        var cause = document["details"]?["causes"]?.AsArray().FirstOrDefault(c => c?["reason"]?.GetValue<string>() == "ExitCode");
        return int.Parse(cause?["message"]?.GetValue<string>() ?? "1", CultureInfo.InvariantCulture);
    }
}
