using System.Text.RegularExpressions;

namespace Trunkline.Lab;

/// <summary>Names of labs: they become names of directories, control groups and kubeconfig contexts.</summary>
public static partial class LabName
{
    /// <summary>The lab meant when none is named.</summary>
    public const string Default = "lab";

    /// <summary>Longer names would make socket paths below the lab's directory too long (sun_path has 108 bytes).</summary>
    public const int MaximumLength = 20;

    /// <summary>The name, or why it is none.</summary>
    public static string Check(string name) =>
        name.Length <= MaximumLength && Shape().IsMatch(name)
            ? name
            : throw new LabException(
                $"\"{name}\" is no name for a lab: use up to {MaximumLength} small letters, digits and hyphens, a letter first.", LabFailure.Usage);

    [GeneratedRegex("^[a-z]([-a-z0-9]*[a-z0-9])?\\z")]
    private static partial Regex Shape();
}
