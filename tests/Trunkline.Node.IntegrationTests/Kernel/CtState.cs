namespace Trunkline.Node.IntegrationTests.Kernel;

/// <summary>What conntrack says of a packet (<c>ct state</c>); the bits are nft's.</summary>
internal enum CtState
{
    Invalid = 1,
    Established = 2,
    Related = 4,
    New = 8,
    Untracked = 64,
}
