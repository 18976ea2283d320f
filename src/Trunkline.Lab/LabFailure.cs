namespace Trunkline.Lab;

/// <summary>Kinds of failure; the number is the command's exit code.</summary>
public enum LabFailure
{
    /// <summary>Something went wrong while the lab came up or down.</summary>
    Failed = 1,

    /// <summary>The call itself is wrong (name, number of workers).</summary>
    Usage = 2,

    /// <summary>There is no such lab.</summary>
    NotUp = 3,

    /// <summary>The machine lacks something: root, a program, a kernel feature.</summary>
    Machine = 4,

    /// <summary>The port on 127.0.0.1 belongs to somebody else.</summary>
    PortInUse = 5,

    /// <summary>The lab is up in another shape than asked for.</summary>
    Different = 6,
}
