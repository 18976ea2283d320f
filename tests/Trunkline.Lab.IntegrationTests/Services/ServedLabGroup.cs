using Xunit;

namespace Trunkline.Lab.IntegrationTests.Services;

[CollectionDefinition(Name)]
public sealed class ServedLabGroup : ICollectionFixture<ServedLab>
{
    public const string Name = "a lab with servers";
}
