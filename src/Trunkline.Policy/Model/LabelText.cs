using System.Buffers;

namespace Trunkline.Policy.Model;

/// <summary>
/// Keys and values of labels in texts by which selectors are compared. What is no label by Kubernetes' rules (and so matches none) is quoted, so that no two selectors of
/// different meaning ever read the same.
/// </summary>
internal static class LabelText
{
    private static readonly SearchValues<char> s_plain = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./");

    public static string Of(string text) => text.AsSpan().ContainsAnyExcept(s_plain)
        ? $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\""
        : text;
}
