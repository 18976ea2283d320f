namespace Trunkline.Operations.Lint.Silencing;

/// <summary>The configuration is wrong: an unknown rule, a missing reason. The message names file, line and what to write.</summary>
public sealed class LintConfigException : Exception
{
    /// <summary>Makes an exception without a message.</summary>
    public LintConfigException()
    {
    }

    /// <summary>Makes an exception with a message.</summary>
    public LintConfigException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception with a message and its cause.</summary>
    public LintConfigException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
