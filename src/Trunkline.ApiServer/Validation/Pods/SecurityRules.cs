using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Trunkline.ApiServer.Validation.Fields;

namespace Trunkline.ApiServer.Validation.Pods;

/// <summary>Security contexts of Pods and containers.</summary>
internal static partial class SecurityRules
{
    private const string SysctlPattern = @"^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$";
    private static readonly string[] SeccompTypes = ["Localhost", "RuntimeDefault", "Unconfined"];

    private const string IdRange = "must be between 0 and 2147483647, inclusive";

    public static void PodSecurity(this FieldErrors errors, string path, JsonObject? spec)
    {
        var context = spec.Obj("securityContext");
        Ids(errors, path + ".securityContext", context, "fsGroup", "runAsUser", "runAsGroup");
        if (spec.IsTrue("hostPID") && spec.IsTrue("shareProcessNamespace"))
        {
            errors.Invalid(path + ".shareProcessNamespace", true, "ShareProcessNamespace and HostPID cannot both be enabled");
        }

        Seccomp(errors, path + ".securityContext.seccompProfile", context.Obj("seccompProfile"));
        Sysctls(errors, path + ".securityContext.sysctls", context);
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
        Seccomp(errors, path + ".seccompProfile", context.Obj("seccompProfile"));
        if (context.Str("procMount") is { } mount && mount is not ("Default" or "Unmasked"))
        {
            errors.NotSupported(path + ".procMount", mount, "Default", "Unmasked");
        }

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

    private static void Seccomp(FieldErrors errors, string path, JsonObject? profile)
    {
        if (profile is null)
        {
            return;
        }

        var type = profile.Text("type");
        if (type.Length == 0)
        {
            errors.Required(path + ".type", "type is required when seccompProfile is set");
        }
        else if (!SeccompTypes.Contains(type))
        {
            errors.NotSupported(path + ".type", type, SeccompTypes);
        }

        if (type == "Localhost" && !profile.Has("localhostProfile"))
        {
            errors.Required(path + ".localhostProfile", "must be set when seccomp type is Localhost");
        }
    }

    private static void Sysctls(FieldErrors errors, string path, JsonObject? context)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var i = 0;
        foreach (var sysctl in context.Objects("sysctls"))
        {
            var name = sysctl.Text("name");
            if (name.Length == 0)
            {
                errors.Required($"{path}[{i}].name");
            }
            else if (name.Length > 253 || !SysctlName().IsMatch(name))
            {
                errors.Invalid($"{path}[{i}].name", name, $"must have at most 253 characters and match regex {SysctlPattern}");
            }
            else if (!seen.Add(name))
            {
                errors.Duplicate($"{path}[{i}].name", name);
            }

            i++;
        }
    }

    [GeneratedRegex(SysctlPattern, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex SysctlName();

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
