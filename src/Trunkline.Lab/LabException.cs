namespace Trunkline.Lab;

/// <summary>Why the lab cannot do what was asked: one sentence that ends with what to do.</summary>
public sealed class LabException : Exception
{
    /// <summary>Makes one.</summary>
    public LabException(string message, LabFailure failure = LabFailure.Failed, Exception? inner = null)
        : base(message, inner) => Failure = failure;

    /// <summary>What kind of failure, which is also the exit code.</summary>
    public LabFailure Failure { get; }
}
