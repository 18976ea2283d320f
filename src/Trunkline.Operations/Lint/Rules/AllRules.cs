using Trunkline.Operations.Lint.Rules.Documents;
using Trunkline.Operations.Lint.Rules.MachineConfigs;
using Trunkline.Operations.Lint.Rules.Pages;
using Trunkline.Operations.Lint.Rules.Pods;
using Trunkline.Operations.Lint.Rules.Policies;
using Trunkline.Operations.Lint.Rules.Services;

namespace Trunkline.Operations.Lint.Rules;

/// <summary>All rules that look.</summary>
internal static class AllRules
{
    public static IReadOnlyList<IDocumentRule> Documents { get; } =
    [
        new DuplicateKeysRule(), new SpecUnderMetadataRule(), new NamespaceMissingRule(), new PolicyBasicsRule(), new PeerOrRule(), new PolicyPortsRule(), new PeerDanglingRule(), new DenyBreaksNodePortRule(),
        new MeshRule(), new ApiValidationRule(), new ServiceRule(), new DataplaneRule(), new MachineConfigRule(), new PoolRule(), new PodRule(), new PlacementRule(),
    ];

    public static IReadOnlyList<IFileRule> Files { get; } = [new UnreadableRule(), new EllipsisRule(), new ProbeRule(), new CommandRule(), new StepsRule(), new FormRule()];
}
