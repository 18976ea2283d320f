namespace Trunkline.Node.Pods.Variables;

/// <summary>A container cannot be made as its spec and the cluster are now (a missing ConfigMap, say): CreateContainerConfigError.</summary>
public sealed class ConfigurationException : Exception
{
    public ConfigurationException()
    {
    }

    public ConfigurationException(string message)
        : base(message)
    {
    }

    public ConfigurationException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
