using CsCheck;
using Trunkline.Operations.Manifests;
using Xunit;

namespace Trunkline.Operations.Tests.Manifests;

public sealed class ManifestReaderTests
{
    [Fact]
    public void Every_value_knows_its_place()
    {
        var root = Assert.Single(ManifestReader.Read("# first\nspec:\n  ports:\n  - port: 80\n    protocol: \"SCTP\"\n"));
        var ports = root.At("spec", "ports")!;
        var protocol = Assert.Single(ports.Items!).Entry("protocol")!;
        Assert.Equal(new ManifestMark(5, 5, 40), protocol.Key.Start);
        Assert.Equal((5, 15, 5, 21), (protocol.Value.Start.Line, protocol.Value.Start.Column, protocol.Value.End.Line, protocol.Value.End.Column));
    }

    [Fact]
    public void Documents_before_an_error_are_had()
    {
        var seen = new List<string>();
        var error = Assert.Throws<ManifestException>(() =>
        {
            foreach (var document in ManifestReader.Read("kind: Pod\n---\n\n---\nkind: Service\n---\nkind: [\n"))
            {
                seen.Add(document["kind"]!.Text!);
            }
        });
        Assert.Equal(["Pod", "Service"], seen);
        Assert.InRange(error.Mark.Line, 7, 8);
    }

    [Fact]
    public void Aliases_and_merge_keys_stand_for_what_they_name()
    {
        var root = Assert.Single(ManifestReader.Read("base: &b {a: 1, b: 2}\nmade: {<<: *b, b: 3}\nsame: *b\n"));
        Assert.Equal("""{"base":{"a":1,"b":2},"made":{"b":3,"a":1},"same":{"a":1,"b":2}}""", root.ToJson()!.ToJsonString());
    }

    [Theory]
    [InlineData("a: 0x1F", "31")]
    [InlineData("a: 0b11", "3")]
    [InlineData("a: -0644", "-420")]
    [InlineData("a: 0899", "899")]
    [InlineData("a: 1.5e3", "1500")]
    [InlineData("a: Off", "false")]
    [InlineData("a: 1.2.3.4", "\"1.2.3.4\"")]
    [InlineData("a: 10.0.0.0/8", "\"10.0.0.0/8\"")]
    [InlineData("a: --5", "\"--5\"")]
    [InlineData("a: e5", "\"e5\"")]
    [InlineData("a: 123456789012345678901234567890", "123456789012345680000000000000")]
    public void Plain_scalars_are_read_by_yaml_1_1(string yaml, string json) =>
        Assert.Equal(json, Assert.Single(ManifestReader.Read(yaml)).ToJson()!["a"]!.ToJsonString().Replace("1.2345678901234568E+29", "123456789012345680000000000000", StringComparison.Ordinal));

    [Fact]
    public void A_text_of_brackets_is_refused_and_does_not_end_the_process() =>
        Assert.Contains("levels deep", Assert.Throws<ManifestException>(() => ManifestReader.Read(new string('[', 1_000_000)).ToList()).Message, StringComparison.Ordinal);

    [Fact]
    public void A_few_aliases_do_not_grow_without_bound()
    {
        var lines = Enumerable.Range(1, 12).Select(i => $"a{i}: &a{i} [{string.Join(',', Enumerable.Repeat($"*a{i - 1}", 10))}]");
        var root = Assert.Single(ManifestReader.Read($"a0: &a0 [1,2,3]\n{string.Join('\n', lines)}\n"));
        Assert.Contains("aliases make more than", Assert.Throws<ManifestException>(root.ToJson).Message, StringComparison.Ordinal);
        var merges = Enumerable.Range(1, 40).Select(i => $"m{i}: &m{i} {{<<: [*m{i - 1}, *m{i - 1}]}}");
        Assert.Throws<ManifestException>(() => ManifestReader.Read($"m0: &m0 {{a: 1}}\n{string.Join('\n', merges)}\n").ToList());
    }

    [Fact]
    public void Any_text_is_read_or_refused_with_a_place() => Gen.Char["ab:-[]{}&*#'\"|>!%@`,?\n \t<0~."].Array[0, 60].Sample(characters =>
    {
        try
        {
            foreach (var document in ManifestReader.Read(new string(characters)))
            {
                document.ToJson();
            }
        }
        catch (ManifestException error)
        {
            Assert.True(error.Mark.Line >= 1 && error.Mark.Column >= 1);
        }
    }, iter: 100_000);
}
