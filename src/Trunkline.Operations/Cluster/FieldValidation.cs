namespace Trunkline.Operations.Cluster;

/// <summary>How the server treats unknown and duplicate fields: <c>kubectl</c> sends Strict, <c>oc</c> sends Ignore.</summary>
public enum FieldValidation
{
    /// <summary>Refuse the object with 400.</summary>
    Strict,

    /// <summary>Accept it and answer with a warning for each field.</summary>
    Warn,

    /// <summary>Drop the fields in silence.</summary>
    Ignore,
}
