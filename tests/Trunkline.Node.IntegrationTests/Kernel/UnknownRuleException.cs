namespace Trunkline.Node.IntegrationTests.Kernel;

/// <summary>The kernel's rules say something the model does not know. Never guessed: the test fails.</summary>
internal sealed class UnknownRuleException(string message) : Exception(message);
