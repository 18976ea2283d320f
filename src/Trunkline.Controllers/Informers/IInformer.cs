namespace Trunkline.Controllers.Informers;

internal interface IInformer
{
    /// <summary>Completes when the first list is in the store.</summary>
    Task Synced { get; }

    Task RunAsync(CancellationToken token);
}
