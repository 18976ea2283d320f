using System.Text.Json.Nodes;
using Trunkline.ApiServer.Validation.Fields;

namespace Trunkline.ApiServer.Validation.Core;

/// <summary>Leases (coordination/validation).</summary>
internal static class LeaseRules
{
    public static void Validate(FieldErrors errors, JsonObject lease)
    {
        var spec = lease.Obj("spec");
        if (spec.Int("leaseDurationSeconds") is <= 0)
        {
            errors.Invalid("spec.leaseDurationSeconds", spec.Int("leaseDurationSeconds"), "must be greater than 0");
        }

        if (spec.Int("leaseTransitions") is < 0)
        {
            errors.Invalid("spec.leaseTransitions", spec.Int("leaseTransitions"), "must be greater than or equal to 0");
        }
    }
}
