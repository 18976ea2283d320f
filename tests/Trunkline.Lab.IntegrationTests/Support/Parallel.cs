// Each class brings up a lab of its own; on two cores they take turns.
[assembly: Xunit.CollectionBehavior(DisableTestParallelization = true)]
