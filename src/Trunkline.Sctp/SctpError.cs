namespace Trunkline.Sctp;

/// <summary>The kernel's error numbers (Linux) that SCTP's socket calls give. A number that has no name here still travels as a number.</summary>
#pragma warning disable CA1008 // errno 0 is no error
public enum SctpError
{
    NotPermitted = 1,
    InputOutput = 5,
    BadDescriptor = 9,
    TryAgain = 11,
    AccessDenied = 13,
    InvalidArgument = 22,
    BrokenPipe = 32,
    ProtocolError = 71,
    MessageTooLong = 90,
    ProtocolNotAvailable = 92,
    ProtocolNotSupported = 93,
    OperationNotSupported = 95,
    AddressFamilyNotSupported = 97,
    AddressInUse = 98,
    AddressNotAvailable = 99,
    NetworkDown = 100,
    NetworkUnreachable = 101,
    ConnectionAborted = 103,
    ConnectionReset = 104,
    NoBufferSpace = 105,
    AlreadyConnected = 106,
    NotConnected = 107,
    EndpointShutdown = 108,
    TimedOut = 110,
    ConnectionRefused = 111,
    HostUnreachable = 113,
    Stale = 116,
}
