namespace Trunkline.Sctp.Endpoint;

/// <summary>Something the program should know. At most one of each kind waits per association, so a flood cannot grow the queue.</summary>
public readonly record struct EndpointEvent(EndpointEventKind Kind, AssociationId Association, ListenerId Listener, AssociationFailure? Failure);
