using System.Text;
using System.Text.Json.Nodes;
using Trunkline.ApiServer.Validation.Fields;
using Trunkline.ApiServer.Validation.Names;

namespace Trunkline.ApiServer.Validation.Core;

/// <summary>Secrets.</summary>
internal static class SecretRules
{
    private const int MostBytes = 1024 * 1024;

    /// <summary>stringData is for writing alone: it ends up in data.</summary>
    public static void Defaults(JsonObject secret)
    {
        foreach (var (key, value) in secret.Map("stringData").ToList())
        {
            secret.Child("data")[key] = Convert.ToBase64String(Encoding.UTF8.GetBytes(value));
        }

        secret.Remove("stringData");
        secret.Default("type", "Opaque");
    }

    public static void Validate(FieldErrors errors, JsonObject secret)
    {
        var size = 0L;
        foreach (var (key, value) in secret.Map("data"))
        {
            errors.Invalid($"data[{key}]", key, NameRules.ConfigKey(key));
            size += value.Length / 4 * 3;
        }

        if (size > MostBytes)
        {
            errors.TooLong("data", MostBytes);
        }

        ByType(errors, secret);
    }

    public static void ValidateChange(FieldErrors errors, JsonObject secret, JsonObject old)
    {
        if (secret.Text("type") != old.Text("type"))
        {
            errors.Invalid("type", secret.Text("type"), "field is immutable");
        }

        ConfigMapRules.Immutable(errors, secret, old, "data");
    }

    private static void ByType(FieldErrors errors, JsonObject secret)
    {
        var data = secret.Obj("data");
        switch (secret.Text("type"))
        {
            case "kubernetes.io/service-account-token":
                if (secret.Obj("metadata").Obj("annotations").Text("kubernetes.io/service-account.name").Length == 0)
                {
                    errors.Required("metadata.annotations[kubernetes.io/service-account.name]");
                }

                break;
            case "kubernetes.io/tls":
                Needs(errors, data, "tls.crt", "tls.key");
                break;
            case "kubernetes.io/dockercfg":
                Needs(errors, data, ".dockercfg");
                break;
            case "kubernetes.io/dockerconfigjson":
                Needs(errors, data, ".dockerconfigjson");
                break;
            case "kubernetes.io/ssh-auth" when data.Text("ssh-privatekey").Length == 0:
                errors.Required("data[ssh-privatekey]");
                break;
            case "kubernetes.io/basic-auth" when !data.Has("username") && !data.Has("password"):
                errors.Required("data[username]");
                errors.Required("data[password]");
                break;
            default:
                break;
        }
    }

    private static void Needs(FieldErrors errors, JsonObject? data, params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
        {
            if (!data.Has(key))
            {
                errors.Required($"data[{key}]");
            }
        }
    }
}
