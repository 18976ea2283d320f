using System.CommandLine;
using System.Net;
using System.Security.Cryptography;
using Trunkline.Operations.Probes;

namespace Trunkline.Cli.Verbs;

/// <summary><c>lab-process send-init</c>: one INIT from the namespace that it is run in; the guide's first step runs it in a Pod's.</summary>
internal static class SendInitVerb
{
    public static Command Create()
    {
        var source = new Option<string>("--source") { Required = true };
        var destination = new Option<string>("--destination") { Required = true };
        var port = new Option<ushort>("--port") { Required = true };
        var command = new Command("send-init", "Send one SCTP INIT.") { source, destination, port };
        command.SetAction(parsed =>
        {
            var tag = BitConverter.ToUInt32(RandomNumberGenerator.GetBytes(4)) | 1;
            var sourcePort = (ushort)RandomNumberGenerator.GetInt32(49152, 65536);
            InitSender.Send(IPAddress.Parse(parsed.GetValue(source)!), IPAddress.Parse(parsed.GetValue(destination)!), sourcePort, parsed.GetValue(port), tag);
            return 0;
        });
        return command;
    }
}
