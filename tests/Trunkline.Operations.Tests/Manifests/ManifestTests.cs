using Trunkline.Operations.Manifests;
using Xunit;

namespace Trunkline.Operations.Tests.Manifests;

public sealed class ManifestTests
{
    [Theory]
    [InlineData("a: 0644", "{\"a\":420}")]
    [InlineData("a: \"0644\"", "{\"a\":\"0644\"}")]
    [InlineData("a: null", "{\"a\":null}")]
    [InlineData("a: {}", "{\"a\":{}}")]
    [InlineData("a: [1, true, x]", "{\"a\":[1,true,\"x\"]}")]
    [InlineData("source: data:,", "{\"source\":\"data:,\"}")]
    public void Scalars_are_read_by_yaml_1_1(string yaml, string json) => Assert.Equal(json, Manifest.Parse(yaml).ToJsonString());

    [Fact]
    public void What_follows_the_end_of_a_document_is_not_read() =>
        Assert.Equal("{\"kind\":\"Pod\"}", Manifest.Parse("kind: Pod\n...\n      ports: [").ToJsonString());

    [Fact]
    public void Without_its_ellipsis_the_rest_of_a_manifest_counts() =>
        Assert.Equal("{\"a\":{\"b\":1,\"c\":2}}", Manifest.Parse(Manifest.WithoutEllipsis("a:\n  b: 1\n...\n  c: 2")).ToJsonString());

    [Theory]
    [InlineData("a: [")]
    [InlineData("just text")]
    [InlineData("")]
    public void What_is_no_manifest_is_refused(string yaml) => Assert.Throws<ManifestException>(() => Manifest.Parse(yaml));
}
