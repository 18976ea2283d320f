using System.Buffers.Binary;
using Trunkline.Sctp.Association;

namespace Trunkline.Sctp.Endpoint;

/// <summary>Who there is, who is due, and who has something to send.</summary>
public sealed partial class SctpEndpoint
{
    private readonly Dictionary<AssociationId, AssociationMachine> _associations = [];
    private readonly Dictionary<AssociationKey, AssociationMachine> _byKey = [];
    private readonly Dictionary<uint, AssociationMachine> _byTag = [];
    private readonly Dictionary<ushort, int> _portUse = [];
    private readonly ListenerTable _listeners = new();
    private readonly DeadlineHeap _deadlines = new();
    private readonly List<AssociationMachine> _dirty = [];
    private readonly List<AssociationMachine> _waitingForMemory = [];
    private readonly Host _host;
    private long _lastId;

    /// <summary>One send pass: what the burst made due goes to <see cref="Output"/>.</summary>
    public void Flush(long now)
    {
        WakeThoseWhoWaitForMemory();
        foreach (var association in _dirty)
        {
            association.IsDirty = false;
            association.Transmit(now);
            if (!association.HasEnded)
            {
                _deadlines.Set(association);
            }
        }

        _dirty.Clear();
    }

    /// <summary>Runs what is due at <paramref name="now"/>, and a send pass.</summary>
    public void HandleTimeout(long now)
    {
        while (_deadlines.Next <= now)
        {
            var association = _deadlines.First;
            _deadlines.Remove(association);
            association.HandleTimeout(now);
            Touch(association);
        }

        Flush(now);
    }

    private void Touch(AssociationMachine association)
    {
        if (!association.IsDirty && !association.HasEnded)
        {
            association.IsDirty = true;
            _dirty.Add(association);
        }
    }

    private void Add(AssociationMachine association)
    {
        _associations.Add(association.Id, association);
        _byKey.Add(association.Key, association);
        _byTag.Add(association.LocalTag, association);
        _portUse[association.Key.LocalPort] = _portUse.GetValueOrDefault(association.Key.LocalPort) + 1;
        Touch(association);
    }

    private void Leave(AssociationMachine association)
    {
        _byKey.Remove(association.Key);
        _byTag.Remove(association.LocalTag);
        _deadlines.Remove(association);
        LeaveBacklog(association);
        var uses = _portUse.GetValueOrDefault(association.Key.LocalPort) - 1;
        if (uses > 0)
        {
            _portUse[association.Key.LocalPort] = uses;
        }
        else
        {
            _portUse.Remove(association.Key.LocalPort);
        }
    }

    private void LeaveBacklog(AssociationMachine association)
    {
        if (association.InBacklog && _listeners.TryGet(association.Listener, out var listener))
        {
            listener.Pending--;
        }

        association.InBacklog = false;
    }

    private void WakeThoseWhoWaitForMemory()
    {
        if (_waitingForMemory.Count == 0 || !Blocks.HasRoom)
        {
            return;
        }

        foreach (var association in _waitingForMemory)
        {
            association.WakeWriter();
        }

        _waitingForMemory.Clear();
    }

    private bool TryFindPort(Func<ushort, bool> isFree, out ushort port)
    {
        var range = Math.Max(1, Options.EphemeralLast - Options.EphemeralFirst + 1);
        var start = (int)(RandomNumber() % (uint)range);
        for (var i = 0; i < range; i++)
        {
            port = (ushort)(Options.EphemeralFirst + ((start + i) % range));
            if (isFree(port))
            {
                return true;
            }
        }

        port = 0;
        return false;
    }

    private AssociationId NewAssociationId() => new(++_lastId);

    /// <summary>Never 0 (section 3.3.2), never one in use: a tag names one association of the endpoint.</summary>
    private uint NewTag()
    {
        uint tag;
        do
        {
            tag = RandomNumber();
        }
        while (tag == 0 || _byTag.ContainsKey(tag));
        return tag;
    }

    private uint RandomNumber()
    {
        Span<byte> bytes = stackalloc byte[4];
        Random.Fill(bytes);
        return BinaryPrimitives.ReadUInt32LittleEndian(bytes);
    }

    /// <summary>What associations see of their endpoint.</summary>
    private sealed class Host(SctpEndpoint endpoint) : IAssociationHost
    {
        public DatagramBatch Output => endpoint.Output;

        public BlockPool Blocks => endpoint.Blocks;

        public ISctpRandom Random => endpoint.Random;

        public EndpointCounters Counters => endpoint.Counters;

        public void Raise(AssociationMachine association, EndpointEventKind kind) =>
            endpoint._events.Enqueue(new EndpointEvent(kind, association.Id, association.Listener, null));

        public void Ended(AssociationMachine association)
        {
            endpoint.Leave(association);
            var kind = association.Failure is null ? EndpointEventKind.ShutdownComplete : EndpointEventKind.Failed;
            endpoint._events.Enqueue(new EndpointEvent(kind, association.Id, association.Listener, association.Failure));
        }

        public void WaitForMemory(AssociationMachine association) => endpoint._waitingForMemory.Add(association);
    }
}
