namespace Trunkline.Cli.Output;

/// <summary>How a command that finds things prints what it found.</summary>
internal enum ReportFormat
{
    /// <summary>For people.</summary>
    Text,

    /// <summary>Trunkline's own JSON, <c>trunkline/v1</c>.</summary>
    Json,

    /// <summary>SARIF 2.1.0, for code hosts.</summary>
    Sarif,

    /// <summary>JUnit's XML, for CI systems.</summary>
    JUnit,
}
