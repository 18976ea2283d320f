namespace Trunkline.ApiServer.Security;

/// <summary>What a user wants to do.</summary>
/// <param name="Verb">Such as <c>list</c>; for paths that are no resources the HTTP method in lower case.</param>
/// <param name="Group">API group.</param>
/// <param name="Resource">Plural name; empty for other paths.</param>
/// <param name="Subresource">Subresource.</param>
/// <param name="Namespace">Namespace; empty for the cluster.</param>
/// <param name="Name">Object's name.</param>
/// <param name="Path">The path, where it is no resource.</param>
public sealed record AccessRequest(string Verb, string Group, string Resource, string Subresource, string Namespace, string Name, string Path = "")
{
    /// <summary><c>pods/exec</c>.</summary>
    public string FullResource => Subresource.Length == 0 ? Resource : Resource + "/" + Subresource;
}
