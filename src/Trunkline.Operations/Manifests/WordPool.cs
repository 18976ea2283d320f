namespace Trunkline.Operations.Manifests;

/// <summary>Short texts that manifests say again and again (keys, kinds, protocols), kept once: ten thousand manifests have a few hundred of them.</summary>
internal static class WordPool
{
    private const int LongestWord = 40;

    // A slot holds whichever word came last; threads may overwrite each other's, which costs a copy and nothing else.
    private static readonly string?[] s_words = new string?[4096];

    /// <summary>The same text, as one object where it was seen before.</summary>
    public static string One(string text)
    {
        if (text.Length > LongestWord)
        {
            return text;
        }

        ref var slot = ref s_words[(uint)string.GetHashCode(text.AsSpan()) % (uint)s_words.Length];
        var known = slot;
        if (known == text)
        {
            return known;
        }

        slot = text;
        return text;
    }
}
