using k8s.Models;

namespace Trunkline.Node.Agent.Events;

/// <summary>Something an Event is to be written about.</summary>
internal sealed record Occurrence(V1ObjectReference About, string Type, string Reason, string Message, DateTime At, int Times = 1);
