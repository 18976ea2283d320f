namespace Trunkline.Controllers.MachineConfigs.Rendering;

/// <summary>An Ignition config that can not be rendered; the message is what the pool's RenderDegraded condition shows.</summary>
public sealed class IgnitionException : Exception
{
    public IgnitionException()
    {
    }

    public IgnitionException(string message)
        : base(message)
    {
    }

    public IgnitionException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
