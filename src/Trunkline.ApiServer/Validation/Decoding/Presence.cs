namespace Trunkline.ApiServer.Validation.Decoding;

/// <summary>When a field is written: the difference between Go's pointers, plain values with <c>omitempty</c> and plain values without.</summary>
public enum Presence
{
    /// <summary>A plain value with <c>omitempty</c>: the zero value is not written.</summary>
    OmitEmpty,

    /// <summary>A pointer: written whenever it was given, also when it is zero.</summary>
    WhenGiven,

    /// <summary>A plain value without <c>omitempty</c>: always written.</summary>
    Always,
}
