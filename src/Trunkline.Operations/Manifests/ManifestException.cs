using Trunkline.Operations.Cluster;

namespace Trunkline.Operations.Manifests;

/// <summary>A text is not a manifest; says where it stops being one.</summary>
public sealed class ManifestException : ClusterException
{
    /// <summary>Makes an exception without a message.</summary>
    public ManifestException()
    {
    }

    /// <summary>Makes an exception with a message.</summary>
    public ManifestException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception with a message and its cause.</summary>
    public ManifestException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Makes an exception for a place in a text.</summary>
    public ManifestException(string message, ManifestMark mark, Exception? cause = null)
        : base($"line {mark.Line}, column {mark.Column}: {message}", cause) => (Mark, Reason) = (mark, message);

    /// <summary>Where it stops being a manifest.</summary>
    public ManifestMark Mark { get; } = new(1, 1, 0);

    /// <summary>The message without the place.</summary>
    public string Reason { get; } = "";
}
