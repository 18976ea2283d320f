using System.Runtime.InteropServices;
using Trunkline.SctpService;

const string usage = "usage: trunkline-sctp --registry DIRECTORY [--log FILE]";
string? registry = null;
string? logPath = null;
for (var i = 0; i < args.Length; i += 2)
{
    if (i + 1 == args.Length || args[i] is not ("--registry" or "--log"))
    {
        await Console.Error.WriteLineAsync(usage);
        return 2;
    }

    registry = args[i] == "--registry" ? args[i + 1] : registry;
    logPath = args[i] == "--log" ? args[i + 1] : logPath;
}

if (registry is null)
{
    await Console.Error.WriteLineAsync(usage);
    return 2;
}

var log = LogFile.Open(logPath, TimeProvider.System);
using var stopping = new CancellationTokenSource();
using var onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
log.Write($"SCTP service: registry {registry}");
await new NamespaceSupervisor(registry, log.Write).RunAsync(stopping.Token);
log.Write("SCTP service: ended");
return 0;

void Stop(PosixSignalContext context)
{
    context.Cancel = true;
    stopping.Cancel();
}
