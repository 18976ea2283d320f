namespace Trunkline.ApiServer.Validation.Decoding;

/// <summary>How a field of an API type is read and written: the kinds of Go values that a Kubernetes API type is made of.</summary>
public enum GoKind
{
    Text,
    Bytes,
    Bool,
    Whole32,
    Whole64,
    Real,
    Time,
    MicroTime,
    IntOrString,
    Quantity,
    Struct,
    List,
    Map,
    Any,
}
