using Trunkline.Controllers.Client;
using Trunkline.Controllers.Informers;

namespace Trunkline.Controllers.Queues;

/// <summary>Brings one thing from what it is to what it should be. Called again for every change; never twice at once for one key.</summary>
internal interface IReconciler
{
    string Name { get; }

    /// <summary>How many keys may be worked on at once. Decisions that share state (an address range, a node's room) take one.</summary>
    int Workers { get; }

    /// <summary>What must have been listed before the first decision.</summary>
    IReadOnlyList<IInformer> Needs { get; }

    /// <summary>Subscribes to changes and adds the keys they touch. Called once, before the informers run.</summary>
    void Subscribe(WorkQueue queue);

    /// <summary>Returns when to look again even without a change, or null.</summary>
    Task<TimeSpan?> ReconcileAsync(ObjectKey key, CancellationToken token);
}
