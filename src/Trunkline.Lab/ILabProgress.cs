namespace Trunkline.Lab;

/// <summary>Hears what the lab is doing, one short line at a time.</summary>
public interface ILabProgress
{
    /// <summary>Something was done.</summary>
    void Did(string what);
}
