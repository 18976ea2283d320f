using Trunkline.ApiServer.Tables;
using Trunkline.ApiServer.Validation.MachineConfigs;

namespace Trunkline.ApiServer.Kinds.Strategies;

/// <summary>OpenShift's kinds, which are custom resources.</summary>
internal static class OpenShiftKinds
{
    public static KindRules? Find(ResourceKind kind) => kind.Kind switch
    {
        "MachineConfig" => new(CustomSchemas.MachineConfig) { Validate = MachineConfigRules.Config, HasGeneration = true, Table = OpenShiftTables.MachineConfig },
        "MachineConfigPool" => new(CustomSchemas.MachineConfigPool)
        {
            Validate = MachineConfigRules.Pool,
            OwnsStatus = true,
            HasGeneration = true,
            Table = OpenShiftTables.MachineConfigPool,
        },
        "ClusterVersion" => new(CustomSchemas.Open(kind.Kind)) { OwnsStatus = true, HasGeneration = true, Table = OpenShiftTables.ClusterVersion },
        "Project" => new(CustomSchemas.Project) { Names = Validation.Names.NameRules.Dns1123Label, Table = OpenShiftTables.Project },
        "ProjectRequest" => new(CustomSchemas.ProjectRequest) { Names = Validation.Names.NameRules.Dns1123Label, Validate = MachineConfigRules.ProjectRequest },
        "User" => new(CustomSchemas.Open(kind.Kind)),
        _ => null,
    };
}
