namespace Trunkline.Node.IntegrationTests.Kernel.Statements;

internal enum VerdictKind
{
    Continue,
    Accept,
    Drop,
    Reject,
    Queue,
    Jump,
    Goto,
    Return,
}
