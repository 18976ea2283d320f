namespace Trunkline.NodeInit.Boot;

/// <summary>Something the owner of the node's state must act on.</summary>
internal abstract record InitEvent;

/// <summary>A child, ours or an inherited orphan, has ended.</summary>
internal sealed record ChildExited(int ProcessId, int ExitCode) : InitEvent;

/// <summary>A program opened its first SCTP socket while the module was only waiting for one.</summary>
internal sealed record LoadRequested : InitEvent;

/// <summary>A line came in at init's socket.</summary>
internal sealed record CommandReceived(string Text, Action<string> Reply) : InitEvent;
