namespace Trunkline.ApiServer.Storage;

/// <summary>Where an object stands: the resource it is stored under, its namespace (empty for cluster scope) and its name.</summary>
public readonly record struct ObjectKey(string Resource, string Namespace, string Name)
{
    /// <summary>Key within the resource. U+0000 sorts before every character of a name, so that lists go by namespace, then name.</summary>
    public string Path => Namespace + "\0" + Name;
}
