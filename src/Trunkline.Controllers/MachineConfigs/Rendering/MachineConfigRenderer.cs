using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Trunkline.Controllers.Client;
using Trunkline.Controllers.MachineConfigs.Models;

namespace Trunkline.Controllers.MachineConfigs.Rendering;

/// <summary>Many MachineConfigs in, one out, named by what it says: the same content has the same name and causes no roll-out.</summary>
public static class MachineConfigRenderer
{
    private const string BaseRole = "worker";

    // A name of 80 bytes that only has to stay as it is: the operator salts its hash likewise, so that its names are its own.
    private const string Salt = "trunkline rendered machine config, first edition; keep these eighty bytes as is.";

    /// <summary>Order of merging: the ones of role worker by name, then those of other roles by name, so that a custom pool's win.</summary>
    public static IReadOnlyList<MachineConfig> Order(IEnumerable<MachineConfig> configs)
    {
        ArgumentNullException.ThrowIfNull(configs);
        return
        [
            .. configs.OrderBy(c => Role(c) == BaseRole ? 0 : 1).ThenBy(c => c.Metadata.Name, StringComparer.Ordinal),
        ];
    }

    /// <exception cref="IgnitionException">One of the configs can not be rendered.</exception>
    public static MachineConfig Render(MachineConfigPool pool, IEnumerable<MachineConfig> configs, string version)
    {
        ArgumentNullException.ThrowIfNull(pool);
        ArgumentNullException.ThrowIfNull(configs);
        var spec = Merge(Order(configs));
        return new MachineConfig
        {
            Metadata = new V1ObjectMeta
            {
                Name = $"rendered-{pool.Metadata.Name}-{Hash(spec)}",
                Annotations = new Dictionary<string, string>
                {
                    [MachineConfigNames.GeneratedBy] = version,
                    [MachineConfigNames.ReleaseImageVersion] = version,
                },
                OwnerReferences = [pool.AsOwner()],
            },
            Spec = spec,
        };
    }

    internal static MachineConfigSpec Merge(IReadOnlyList<MachineConfig> ordered)
    {
        var ignition = IgnitionConfig.Empty();
        var merged = new MachineConfigSpec { KernelArguments = [], Extensions = [], Fips = false, KernelType = "default", OSImageUrl = "" };
        foreach (var config in ordered)
        {
            if (Role(config) is null)
            {
                throw new IgnitionException($"cannot find label in MachineConfig {config.Metadata.Name}");
            }

            ignition = IgnitionMerge.Append(ignition, IgnitionConfig.Parse(config.Spec.Config));
            MergeOther(merged, config.Spec);
        }

        IgnitionMerge.DefaultOverwrite(ignition);
        merged.Config = ignition;
        return merged;
    }

    private static void MergeOther(MachineConfigSpec onto, MachineConfigSpec later)
    {
        onto.KernelArguments = [.. onto.KernelArguments!, .. later.KernelArguments ?? []];
        onto.Extensions = [.. onto.Extensions!.Union(later.Extensions ?? []).Order(StringComparer.Ordinal)];
        onto.Fips = onto.Fips == true || later.Fips == true;
        onto.KernelType = later.KernelType switch
        {
            null or "" => onto.KernelType,
            "default" or "realtime" or "64k-pages" => later.KernelType,
            var other => throw new IgnitionException($"kernelType={other} is invalid"),
        };
        onto.OSImageUrl = string.IsNullOrEmpty(later.OSImageUrl) ? onto.OSImageUrl : later.OSImageUrl;
        onto.BaseOSExtensionsContainerImage = string.IsNullOrEmpty(later.BaseOSExtensionsContainerImage)
            ? onto.BaseOSExtensionsContainerImage
            : later.BaseOSExtensionsContainerImage;
    }

    private static string? Role(MachineConfig config) => config.Label(MachineConfigNames.Role);

    /// <summary>MD5 because the operator's names have its length; it guards against nothing, it only tells contents apart.</summary>
    private static string Hash(MachineConfigSpec spec)
    {
        var text = Salt + Sorted(JsonNode.Parse(KubernetesJson.Serialize(spec)))!.ToJsonString();
#pragma warning disable CA5351
        return Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(text)));
#pragma warning restore CA5351
    }

    /// <summary>Key order is no content: the same config written otherwise must have the same hash.</summary>
    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject o => new JsonObject(o.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => KeyValuePair.Create(p.Key, Sorted(p.Value)))),
        JsonArray a => new JsonArray([.. a.Select(Sorted)]),
        _ => node?.DeepClone(),
    };
}
