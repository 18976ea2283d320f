using System.Net;
using Trunkline.Operations.Cluster;

namespace Trunkline.Operations.Access;

/// <summary>Says which right is missing, and how to get it.</summary>
public static class MissingRight
{
    /// <summary>The sentence: verb, resource, and the command that prints the Role.</summary>
    public static string Sentence(string verb, ResourceKind kind, string? ns, string command, string? subresource = null) =>
        $"you may not {verb} {(subresource is null ? kind.ToString() : $"{kind.Plural}/{subresource}")}{(ns is null ? "" : $" in namespace {ns}")}; `trunkline rbac {command}` prints the Role that grants it.";

    /// <summary>The body of a successful answer.</summary>
    /// <exception cref="ClusterException">A right is missing, or the server refused for another reason.</exception>
    public static System.Text.Json.Nodes.JsonNode Granted(this ApiAnswer answer, string verb, ResourceKind kind, string? ns, string command, string? subresource = null) =>
        answer.StatusCode == HttpStatusCode.Forbidden
            ? throw new ClusterException($"{Sentence(verb, kind, ns, command, subresource)} (The server: {answer.Message})")
            : answer.Expect($"{verb} {kind}");
}
