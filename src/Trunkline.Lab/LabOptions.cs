namespace Trunkline.Lab;

/// <summary>What kind of lab is wanted.</summary>
public sealed record LabOptions
{
    /// <summary>The most workers a lab has: their addresses run from 192.168.126.11 up to the host outside the cluster at .200.</summary>
    public const int MaximumWorkers = 64;

    /// <summary>The lab's name; default "lab". Labs of different names live side by side.</summary>
    public string Name { get; init; } = LabName.Default;

    /// <summary>How many workers; default 2, or as many as the lab has when it is up already.</summary>
    public int? Workers { get; init; }

    /// <summary>The port on 127.0.0.1; default 6443, or the next one free.</summary>
    public int? Port { get; init; }

    /// <summary>How long to wait for all nodes; default one minute.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(1);
}
