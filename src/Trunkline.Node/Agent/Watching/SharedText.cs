using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Trunkline.Node.Agent.Watching;

/// <summary>One copy of words that thousands of objects say (a namespace, the name of a port), which a reader of JSON makes anew each time.</summary>
internal static class SharedText
{
    // Enough for what repeats; what does not would only fill it, so beyond it words stay as they came.
    private const int Most = 4096;
    private static readonly ConcurrentDictionary<string, string> s_words = new(StringComparer.Ordinal);

    [return: NotNullIfNotNull(nameof(word))]
    public static string? Of(string? word)
    {
        if (word is null)
        {
            return null;
        }

        return s_words.TryGetValue(word, out var known) ? known : s_words.Count < Most ? s_words.GetOrAdd(word, word) : word;
    }
}
