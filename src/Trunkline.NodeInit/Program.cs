using Trunkline.NodeInit.Boot;
using Trunkline.NodeInit.Configuration;
using Trunkline.NodeInit.Machine;

// Two roles, one binary: the machine (outside the node) and its first process (inside). Everything runs from the main thread, because
// PR_SET_PDEATHSIG counts the death of the thread that made the child, not of its process.
if (args is ["machine", var machineFile])
{
    return new MachineLoop(NodeSettings.Read(machineFile), machineFile, TimeProvider.System).Run();
}

if (args is ["init", var initFile])
{
    return InitProcess.Run(NodeSettings.Read(initFile), TimeProvider.System);
}

if (args is ["ctl", var command])
{
    return InitClient.Send(InitSocket.Path, command, Console.Out, Console.Error);
}

Console.Error.WriteLine(
    "usage: trunkline-node machine NODE.json | init NODE.json | ctl reboot|poweroff|load|unload\n" +
    "Starts and holds one node of a lab. `trunkline lab up` calls it; there is no reason to call it by hand.");
return 64;
