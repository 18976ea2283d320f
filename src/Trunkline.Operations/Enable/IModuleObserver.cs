namespace Trunkline.Operations.Enable;

/// <summary>Is told how a change goes on.</summary>
public interface IModuleObserver
{
    /// <summary>Something happened; one line.</summary>
    void Say(string line);

    /// <summary>Where the roll-out stands now; told at each look, changed or not.</summary>
    void Table(RolloutTable table);
}
