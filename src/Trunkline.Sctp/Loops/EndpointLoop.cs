using System.Collections.Concurrent;
using Trunkline.Sctp.Endpoint;
using Trunkline.Sctp.Transports;

namespace Trunkline.Sctp.Loops;

/// <summary>
/// The thread of one endpoint: drains a burst of packets and requests, makes one send pass, hands out events, and sleeps until the next
/// packet, request or deadline. Everything the endpoint does happens here, so nothing in it is locked.
/// </summary>
public sealed class EndpointLoop : IDisposable
{
    // A burst ends after so many rounds of receiving even under a flood, so that timers and requests get their turn.
    private const int RoundsInABurst = 8;
    private const int StackSize = 256 * 1024;
    private static readonly TimeSpan _secretLife = TimeSpan.FromMinutes(1);
    private readonly IPacketTransport _transport;
    private readonly SctpEndpoint _endpoint;
    private readonly TimeProvider _time;
    private readonly SystemRandom _random = new();
    private readonly ConcurrentQueue<Action<SctpEndpoint, long>> _requests = new();
    private readonly Dictionary<AssociationId, LoopAssociation> _associations = [];
    private readonly Dictionary<ListenerId, LoopListener> _listeners = [];
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long _start;
    private readonly Thread _thread;
    private readonly TaskCompletionSource<Exception?> _completed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _endGate = new();
    private volatile bool _stopping;
    private volatile bool _ended;
    private volatile Exception? _fault;
    private long _nextSecret;

    public EndpointLoop(IPacketTransport transport, EndpointOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(transport);
        ArgumentNullException.ThrowIfNull(time);
        _transport = transport;
        _time = time;
        _endpoint = new SctpEndpoint(options, _random);
        _start = time.GetTimestamp();
        _thread = new Thread(Run, StackSize) { IsBackground = true, Name = "sctp loop" };
    }

    /// <summary>What the endpoint runs over.</summary>
    public IPacketTransport Transport => _transport;

    /// <summary>Done when the thread has ended: null where it was told to, else what went wrong.</summary>
    public Task<Exception?> Ended => _completed.Task;

    /// <summary>Starts the thread; done when its sockets are open.</summary>
    public Task StartAsync()
    {
        _thread.Start();
        return _opened.Task;
    }

    /// <summary>Ends the thread and closes the sockets. Associations end without a word, as at a crash, unless they were ended before.</summary>
    public void Dispose()
    {
        _stopping = true;
        _transport.Wake();
        if (_thread.IsAlive && Thread.CurrentThread != _thread)
        {
            _thread.Join();
        }

        _transport.Dispose();
    }

    /// <summary>Aborts every association, as a kernel does when its SCTP is taken away; done when the packets are on their way.</summary>
    public async Task AbortAllAsync()
    {
        try
        {
            await InvokeAsync((endpoint, now) =>
            {
                foreach (var id in _associations.Keys.ToList())
                {
                    endpoint.Abort(id, "the SCTP service ends"u8, now);
                }

                return true;
            });

            // The turn that ran the request sends its packets before it takes another.
            await InvokeAsync((_, _) => true);
        }
        catch (SctpException) when (_stopping)
        {
            // The loop has ended by itself; there is nothing left to abort.
        }
    }

    /// <summary>Runs something on the loop's thread.</summary>
    internal void Post(Action<SctpEndpoint, long> request)
    {
        _requests.Enqueue(request);
        _transport.Wake();
        if (_ended)
        {
            RunWhatIsLeft();
        }
    }

    /// <summary>Runs something on the loop's thread and hands back what it found or threw.</summary>
    internal Task<T> InvokeAsync<T>(Func<SctpEndpoint, long, T> request)
    {
        if (_stopping)
        {
            return Task.FromException<T>(Stopped());
        }

        var completion = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Post((endpoint, now) =>
        {
            if (_stopping)
            {
                completion.TrySetException(Stopped());
                return;
            }

            try
            {
                completion.TrySetResult(request(endpoint, now));
            }
            catch (Exception refused) when (refused is SctpException or ArgumentException)
            {
                // The caller's mistake is the caller's: the loop and everybody else's associations go on.
                completion.TrySetException(refused);
            }
        });
        if (_stopping && !_thread.IsAlive)
        {
            completion.TrySetException(Stopped());
        }

        return completion.Task;
    }

    internal void Add(AssociationId id, LoopAssociation association) => _associations[id] = association;

    internal void Remove(AssociationId id) => _associations.Remove(id);

    internal void Add(ListenerId id, LoopListener listener) => _listeners[id] = listener;

    internal void Remove(ListenerId id) => _listeners.Remove(id);

    private SctpException Stopped() => new(SctpError.NetworkDown, _fault is null ? "the SCTP endpoint has ended" : $"the SCTP endpoint has ended: {_fault.Message}");

    private long Now() => (long)_time.GetElapsedTime(_start).TotalMicroseconds;

    private void Run()
    {
        try
        {
            _transport.Open();
            _opened.SetResult();
            while (!_stopping)
            {
                Turn();
            }
        }
        catch (Exception fault) when (!_opened.Task.IsCompleted)
        {
            _stopping = true;
            _opened.SetException(fault);
        }
        catch (Exception fault)
        {
            // Also a defect of our own: it ends this namespace's endpoint, and not the process with every other namespace's.
            _fault = fault;
        }
        finally
        {
            EndEverything();
        }
    }

    private void Turn()
    {
        var now = Now();
        var more = true;
        for (var round = 0; more && round < RoundsInABurst; round++)
        {
            more = _transport.Receive(_endpoint, now);
        }

        RunRequests(now);
        if (_endpoint.NextDeadline <= now)
        {
            _endpoint.HandleTimeout(now);
        }

        HandOutEvents(now);
        _endpoint.Flush(now);
        SendOutput(now);
        HandOutEvents(now);
        RotateSecret(now);
        if (!more && _requests.IsEmpty && _endpoint.Output.Count == 0)
        {
            _transport.Wait(MillisecondsUntil(_endpoint.NextDeadline, Now()));
        }
    }

    private void RunRequests(long now)
    {
        // Requests that requests bring belong to the next turn.
        for (var count = _requests.Count; count > 0 && _requests.TryDequeue(out var request); count--)
        {
            request(_endpoint, now);
        }
    }

    private void SendOutput(long now)
    {
        if (_endpoint.Output.Count > 0)
        {
            _transport.Send(_endpoint.Output, _endpoint, now);
            _endpoint.Output.Clear();
        }
    }

    private void HandOutEvents(long now)
    {
        while (_endpoint.TryReadEvent(out var occurred))
        {
            if (occurred.Kind == EndpointEventKind.Accepted)
            {
                Accept(occurred, now);
            }
            else if (_associations.TryGetValue(occurred.Association, out var association))
            {
                association.Handle(occurred, _endpoint, now);
            }
            else if (occurred.Kind is EndpointEventKind.Failed or EndpointEventKind.ShutdownComplete)
            {
                _endpoint.Release(occurred.Association, now);
            }
        }
    }

    private void Accept(in EndpointEvent occurred, long now)
    {
        if (!_listeners.TryGetValue(occurred.Listener, out var listener))
        {
            // The listener was closed between the peer's COOKIE ECHO and now.
            _endpoint.Release(occurred.Association, now);
            return;
        }

        var association = new LoopAssociation(this, occurred.Association);
        Add(occurred.Association, association);
        listener.Offer(association);
    }

    private void RotateSecret(long now)
    {
        if (now >= _nextSecret)
        {
            Span<byte> secret = stackalloc byte[32];
            _random.Fill(secret);
            _endpoint.RotateCookieSecret(secret);
            _nextSecret = now + (long)_secretLife.TotalMicroseconds;
        }
    }

    private void EndEverything()
    {
        _stopping = true;
        foreach (var association in _associations.Values.ToList())
        {
            association.LoopEnded(Stopped());
        }

        foreach (var listener in _listeners.Values.ToList())
        {
            listener.LoopEnded(Stopped());
        }

        _ended = true;
        RunWhatIsLeft();
        _completed.TrySetResult(_fault);
    }

    // The thread is at its end: callers run their requests by themselves, one at a time, and find that everything has failed.
    private void RunWhatIsLeft()
    {
        lock (_endGate)
        {
            while (_requests.TryDequeue(out var request))
            {
                request(_endpoint, Now());
            }
        }
    }

    private static int MillisecondsUntil(long deadline, long now) => deadline == long.MaxValue
        ? -1
        : (int)Math.Clamp((deadline - now + 999) / 1000, 0, 60_000);
}
