using Xunit;

namespace Trunkline.Lab.Tests;

public sealed class LabNameTests
{
    [Theory]
    [InlineData("lab")]
    [InlineData("a")]
    [InlineData("second-lab-2")]
    [InlineData("it-12345-abcd")]
    public void A_label_is_a_name(string name) => Assert.Equal(name, LabName.Check(name));

    [Theory]
    [InlineData("")]
    [InlineData("Lab")]
    [InlineData("1lab")]
    [InlineData("lab-")]
    [InlineData("../etc")]
    [InlineData("a/b")]
    [InlineData("lab\n")]
    [InlineData("a-name-that-is-too-long")]
    public void Anything_else_is_refused_with_what_to_do(string name)
    {
        var error = Assert.Throws<LabException>(() => LabName.Check(name));

        Assert.Equal(LabFailure.Usage, error.Failure);
        Assert.Contains("use up to 20 small letters", error.Message, StringComparison.Ordinal);
    }
}
