using Trunkline.Node.IntegrationTests.Kernel.Statements;

namespace Trunkline.Node.IntegrationTests.Kernel;

/// <param name="Text">As the kernel's list has it.</param>
/// <param name="Statements">Its parts, in order.</param>
internal sealed record KernelRule(string Text, IReadOnlyList<Statement> Statements);
