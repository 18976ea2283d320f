namespace Trunkline.Controllers.Client;

/// <summary>Names one object of a kind. Cluster-scoped objects have an empty namespace.</summary>
internal readonly record struct ObjectKey(string Namespace, string Name, string Kind = "")
{
    public override string ToString()
    {
        var name = Namespace.Length == 0 ? Name : $"{Namespace}/{Name}";
        return Kind.Length == 0 ? name : $"{Kind} {name}";
    }
}
