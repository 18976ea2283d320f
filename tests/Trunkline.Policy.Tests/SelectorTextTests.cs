using Trunkline.Policy.Model;
using Xunit;

namespace Trunkline.Policy.Tests;

/// <summary>Sets of the kernel are named by selectors' texts: two selectors of different meaning must never read the same.</summary>
public sealed class SelectorTextTests
{
    private static LabelSelector Labels(params (string Key, string Value)[] labels) => new() { MatchLabels = labels.ToDictionary(pair => pair.Key, pair => pair.Value) };

    [Fact]
    public void What_is_no_label_is_quoted()
    {
        Assert.Equal("{a=b,c=d}", $"{Labels(("c", "d"), ("a", "b"))}");
        Assert.NotEqual($"{Labels(("a", "b"), ("c", "d"))}", $"{Labels(("a", "b,c=d"))}");
        Assert.NotEqual($"{Labels(("a", "b\",\"c"))}", $"{Labels(("a", "b"), ("c", ""))}");
        var (one, two) = (new SelectorRequirement("a", SelectorOperator.In, ["b,c"]), new SelectorRequirement("a", SelectorOperator.In, ["b", "c"]));
        Assert.NotEqual($"{one}", $"{two}");
        Assert.Equal("a in (b,c)", $"{two}");
    }
}
