using System.Globalization;
using Trunkline.Operations.Lint.Context;
using Trunkline.Operations.Lint.Documents;
using Trunkline.Operations.Lint.Fixes;
using Trunkline.Operations.Manifests;

namespace Trunkline.Operations.Lint.Rules.MachineConfigs;

/// <summary>SCTP024, SCTP026, SCTP027, SCTP028: MachineConfigs that switch SCTP on.</summary>
internal sealed class MachineConfigRule : IDocumentRule
{
    public void Check(LintDocument document, LintContext context, LintReport report)
    {
        if (document.Kind != "MachineConfig" || context.MachineConfig(document) is not { } config)
        {
            return;
        }

        var others = context.OthersOfRole(config);
        SamePath(config, others, report);
        if (!config.IsSctp && !document.IsSctp)
        {
            return;
        }

        Modes(config, report);
        Name(config, report);
        if (config.IsSctp)
        {
            BothFiles(config, others, report);
        }
    }

    private static void Modes(MachineConfigFacts config, LintReport report)
    {
        foreach (var mode in config.Files.Select(file => file["mode"]).OfType<ManifestNode>())
        {
            if (mode.Text is not { } text || !text.All(char.IsAsciiDigit) && !text.StartsWith("0o", StringComparison.Ordinal))
            {
                continue;
            }

            var octal = text.TrimStart('0', 'o');
            var isText = mode.Word() is not null;
            if ((text.Length > 1 && text[0] == '0') || isText)
            {
                var right = octal.Length is > 0 and < 6 && octal.All(c => c is >= '0' and <= '7') ? Convert.ToInt32(octal, 8).ToString(CultureInfo.InvariantCulture) : null;
                var why = isText ? "is text, which degrades the pool (mode is a number)" : $"is {right ?? "a number"} in YAML 1.1 and {text.TrimStart('0')} in YAML 1.2, and JSON does not allow it";
                report.Add("SCTP024", config.Document, mode, $"mode {(isText ? $"\"{text}\"" : text)} of {MachineConfigFacts.PathOf(config.Files.First(file => file["mode"] == mode))} {why}",
                    right is null ? "write the mode as a decimal number" : $"write mode: {right}", right is null ? [] : Edits.Replace(config.Document, mode, right));
            }
        }
    }

    private static void Name(MachineConfigFacts config, LintReport report)
    {
        var name = config.Document.Name ?? "";
        var role = config.Role ?? "worker";
        if (config.IsSctp && !(name.Length > 3 && char.IsAsciiDigit(name[0]) && char.IsAsciiDigit(name[1]) && name[2] == '-' && name[3..].StartsWith(role, StringComparison.Ordinal)))
        {
            report.Add("SCTP027", config.Document, config.Document.Metadata?["name"], $"MachineConfigs are merged in the order of their names: {name} does not tell where it stands or for which role", $"name it 99-{role}-{name.TrimStart('0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '-')}");
        }
    }

    private static void BothFiles(MachineConfigFacts config, IEnumerable<MachineConfigFacts> others, LintReport report)
    {
        var document = config.Document;
        if (config.Files.FirstOrDefault(file => MachineConfigFacts.IsBlacklist(file) && MachineConfigFacts.Content(file).Contains("sctp", StringComparison.Ordinal)) is { } blacklist)
        {
            report.Add("SCTP028", document, blacklist.At("contents", "source") ?? blacklist, $"{document.Title} writes a blacklist that still names sctp: the module is not loaded at boot", "write an empty file: source: data:,");
        }
        else if (!config.LiftsBlacklist && !others.Any(other => other.LiftsBlacklist))
        {
            report.Add("SCTP028", document, document.Spec?.At("config", "storage")?.Entry("files")?.Key, $"{document.Title} loads sctp but leaves the blacklist: modules-load honours it, so SCTP stays off", "also write /etc/modprobe.d/sctp-blacklist.conf with source: data:,");
        }

        if (!config.Loads && !others.Any(other => other.Loads))
        {
            report.Add("SCTP028", document, document.Spec?.At("config", "storage")?.Entry("files")?.Key, $"{document.Title} lifts the blacklist but does not load sctp at boot", "also write /etc/modules-load.d/sctp-load.conf with source: data:,sctp");
        }
    }

    private static void SamePath(MachineConfigFacts config, IEnumerable<MachineConfigFacts> others, LintReport report)
    {
        foreach (var file in config.Files.Where(file => MachineConfigFacts.IsBlacklist(file) || MachineConfigFacts.IsLoad(file)))
        {
            var path = MachineConfigFacts.PathOf(file);
            if (others.FirstOrDefault(other => other.Files.Any(one => MachineConfigFacts.PathOf(one) == path)) is { } other)
            {
                var last = string.CompareOrdinal(config.Document.Name, other.Document.Name) > 0 ? config.Document.Name : other.Document.Name;
                report.Add("SCTP026", config.Document, file["path"], $"{path} is also written by {other.Document.Title}; {last} wins, as it comes last by name", "keep one of them");
            }
        }
    }
}
