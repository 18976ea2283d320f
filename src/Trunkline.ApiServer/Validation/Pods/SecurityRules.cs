using System.Text.Json.Nodes;
using Trunkline.ApiServer.Validation.Fields;

namespace Trunkline.ApiServer.Validation.Pods;

/// <summary>Security contexts of Pods and containers.</summary>
internal static class SecurityRules
{
    private const string IdRange = "must be between 0 and 2147483647, inclusive";

    public static void PodSecurity(this FieldErrors errors, string path, JsonObject? spec)
    {
        var context = spec.Obj("securityContext");
        Ids(errors, path + ".securityContext", context, "fsGroup", "runAsUser", "runAsGroup");
        if (spec.IsTrue("hostPID") && spec.IsTrue("shareProcessNamespace"))
        {
            errors.Invalid(path + ".shareProcessNamespace", true, "ShareProcessNamespace and HostPID cannot both be enabled");
        }

        var i = 0;
        foreach (var group in context.List("supplementalGroups").Select(NodeReader.AsInt))
        {
            if (group is < 0 or > int.MaxValue)
            {
                errors.Invalid($"{path}.securityContext.supplementalGroups[{i}]", group, IdRange);
            }

            i++;
        }
    }

    public static void ContainerSecurity(this FieldErrors errors, string path, JsonObject? context)
    {
        if (context is null)
        {
            return;
        }

        Ids(errors, path, context, "runAsUser", "runAsGroup");
        if (context.Flag("allowPrivilegeEscalation") != false)
        {
            return;
        }

        if (context.IsTrue("privileged"))
        {
            errors.Invalid(path, new Go.Literal(context.ToJsonString()), "cannot set `allowPrivilegeEscalation` to false and `privileged` to true");
        }

        if (context.Obj("capabilities").Texts("add").Any(c => c is "CAP_SYS_ADMIN"))
        {
            errors.Invalid(path, new Go.Literal(context.ToJsonString()), "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN");
        }
    }

    private static void Ids(FieldErrors errors, string path, JsonObject? context, params ReadOnlySpan<string> fields)
    {
        foreach (var field in fields)
        {
            if (context.Int(field) is < 0 or > int.MaxValue)
            {
                errors.Invalid($"{path}.{field}", context.Int(field), IdRange);
            }
        }
    }
}
