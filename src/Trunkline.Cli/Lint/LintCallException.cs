namespace Trunkline.Cli.Lint;

/// <summary>The call asks for what cannot be done; the message says what.</summary>
internal sealed class LintCallException(string message) : Exception(message);
