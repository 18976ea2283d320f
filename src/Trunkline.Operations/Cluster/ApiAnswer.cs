using System.Net;
using System.Text.Json.Nodes;

namespace Trunkline.Operations.Cluster;

/// <summary>What the API server answered to one request.</summary>
/// <param name="StatusCode">The HTTP status code.</param>
/// <param name="Body">The JSON body; an empty object when the answer had none.</param>
/// <param name="Warnings">The texts of the <c>Warning: 299</c> headers.</param>
public sealed record ApiAnswer(HttpStatusCode StatusCode, JsonNode Body, IReadOnlyList<string> Warnings)
{
    /// <summary>Whether the status code is in the 200 range.</summary>
    public bool Succeeded => (int)StatusCode is >= 200 and < 300;

    /// <summary>The message of the Status object, or the empty string.</summary>
    public string Message => Body["message"]?.GetValue<string>() ?? "";

    /// <summary>The body of a successful answer.</summary>
    /// <exception cref="ClusterException">The server refused the request; the message is the server's.</exception>
    public JsonNode Expect(string doing) =>
        Succeeded ? Body : throw new ClusterException($"{doing}: the API server answered {(int)StatusCode}: {Message}");
}
