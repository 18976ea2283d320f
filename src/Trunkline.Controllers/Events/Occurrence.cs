using System.Globalization;
using k8s.Models;

namespace Trunkline.Controllers.Events;

/// <summary>One thing that happened, before it is an Event object.</summary>
internal sealed record Occurrence(V1ObjectReference About, string Component, string Type, string Reason, string Message, DateTimeOffset At)
{
    public (string Uid, string Reason, string Message) Identity => (About.Uid ?? About.Name, Reason, Message);

    public Corev1Event ToEvent(string @namespace)
    {
        var stamp = DateTimeOffset.FromUnixTimeSeconds(At.ToUnixTimeSeconds()).UtcDateTime;
        return new Corev1Event
        {
            Metadata = new V1ObjectMeta
            {
                // client-go's name: the object's, a dot, and the time in hexadecimal nanoseconds.
                Name = string.Create(CultureInfo.InvariantCulture, $"{About.Name}.{(At - DateTimeOffset.UnixEpoch).Ticks * 100:x}"),
                NamespaceProperty = @namespace,
            },
            InvolvedObject = About,
            Type = Type,
            Reason = Reason,
            Message = Message,
            Source = new V1EventSource { Component = Component },
            ReportingComponent = Component,
            ReportingInstance = "",
            FirstTimestamp = stamp,
            LastTimestamp = stamp,
            Count = 1,
        };
    }
}
