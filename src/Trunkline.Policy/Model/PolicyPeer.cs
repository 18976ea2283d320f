namespace Trunkline.Policy.Model;

/// <summary>
/// One item of <c>from</c> or <c>to</c>. Selectors in one item are joined by AND; items are joined by OR. A pod selector alone looks in the policy's own
/// namespace; a namespace selector alone takes all Pods there.
/// </summary>
public sealed record PolicyPeer
{
    public LabelSelector? PodSelector { get; init; }

    public LabelSelector? NamespaceSelector { get; init; }

    public IpBlock? IpBlock { get; init; }

    public override string ToString()
    {
        if (IpBlock is not null)
        {
            return $"ipBlock {IpBlock}";
        }

        return (NamespaceSelector, PodSelector) switch
        {
            (null, null) => "nothing",
            (null, _) => $"Pods {PodSelector} of the policy's namespace",
            (_, null) => $"all Pods of namespaces {NamespaceSelector}",
            _ => $"Pods {PodSelector} of namespaces {NamespaceSelector}",
        };
    }
}
