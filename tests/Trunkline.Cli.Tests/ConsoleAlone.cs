using Xunit;

namespace Trunkline.Cli.Tests;

/// <summary>Tests that take the process's own output: one at a time, and beside no others.</summary>
[CollectionDefinition("console", DisableParallelization = true)]
public sealed class ConsoleAlone;
