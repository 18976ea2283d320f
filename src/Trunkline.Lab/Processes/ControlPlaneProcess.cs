using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using k8s;
using Microsoft.Extensions.Logging;
using Trunkline.ApiServer;
using Trunkline.Controllers;
using Trunkline.Controllers.Dns;
using Trunkline.Lab.Dns;
using Trunkline.Lab.Network;
using Trunkline.Lab.Pki;

namespace Trunkline.Lab.Processes;

/// <summary>
/// API server and controllers in one process. The controllers reach the server as anybody does, by TLS on 127.0.0.1; the server reaches
/// node agents through sockets made in the control-plane node's namespace.
/// </summary>
public static class ControlPlaneProcess
{
    /// <summary>Runs until cancelled, or until one of the two ends.</summary>
    public static async Task RunAsync(string name, TimeProvider time, CancellationToken cancel)
    {
        var paths = new LabPaths(LabName.Check(name));
        var lab = LabDescription.Read(paths)
            ?? throw new LabException($"there is no lab \"{name}\"; bring one up with `trunkline lab up --name {name}`.", LabFailure.NotUp);
        var pki = LabPki.Ensure(paths.Pki, lab.Nodes, time);
        using var loggers = ProcessLog.Create();
        var dns = new DnsServer(paths, lab, BuildDirectory.Find(), time, loggers.CreateLogger<DnsServer>());
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var names = dns.KeepAsync(stop.Token);
        await using var server = await ApiServerHost.StartAsync(Options(paths, lab, pki, time, loggers), cancel);
        using var client = new Kubernetes(KubernetesClientConfiguration.BuildConfigFromConfigFile(paths.ControllersKubeconfig));
        var options = new ControllerOptions
        {
            RootCertificateAuthority = await File.ReadAllTextAsync(pki.CaFile, cancel),
            SecondaryClusterCidr = lab.DualStack ? LabDescription.PodNetwork6 : null,
            LoadBalancerPools = lab.DualStack ? [LabDescription.BalancerPool, LabDescription.BalancerPool6] : [LabDescription.BalancerPool],
            Dns = new ClusterDnsOptions
            {
                ServerAddresses = lab.ControlPlane.Addresses,
                ServiceAddresses = lab.DualStack ? [LabDescription.DnsAddress, LabDescription.DnsAddress6] : [LabDescription.DnsAddress],
                Sink = dns,
            },
        };
        var controllers = new ControllerHost(client, options, time, loggers.CreateLogger<ControllerHost>()).RunAsync(stop.Token);
        var collector = QuietCollector.RunAsync(time, stop.Token);
        await await Task.WhenAny(controllers, names);
        await stop.CancelAsync();
        await Task.WhenAll(controllers, names);
        await collector.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // cancelled is how it ends
    }

    private static ApiServerOptions Options(LabPaths paths, LabDescription lab, LabPki pki, TimeProvider time, ILoggerFactory loggers)
    {
        var inside = new IPEndPoint(IPAddress.Parse(LabDescription.ControlPlaneAddress), LabDescription.ControlPlanePort);
        var netns = paths.Netns(lab.ControlPlane.Name);
        return new ApiServerOptions
        {
            DatabasePath = paths.Database,
            ServerCertificate = Load(pki.ApiServer),
            ClientAuthorities = [X509CertificateLoader.LoadCertificateFromFile(pki.CaFile)],
            ListenHandles =
            [
                .. lab.ControlPlane.Addresses.Select(address =>
                    Release(NamespaceSockets.Listener(netns, new IPEndPoint(IPAddress.Parse(address), LabDescription.ControlPlanePort)))),
                Release(NamespaceSockets.Listener(new IPEndPoint(IPAddress.Loopback, lab.Port))),
            ],
            AdvertisedEndPoint = inside,
            SecondaryServiceNetwork = lab.DualStack ? IPNetwork.Parse(LabDescription.ServiceNetwork6) : null,
            NodeDialer = (address, port, stop) => NamespaceSockets.ConnectAsync(netns, new IPEndPoint(IPAddress.Parse(address), port), stop),
            NodeClientCertificate = Load(pki.ApiServerClient),
            Clock = time,
            Loggers = loggers,
        };
    }

    private static X509Certificate2 Load(Certificate certificate) => X509Certificate2.CreateFromPemFile(certificate.CertificateFile, certificate.KeyFile);

    // The server takes the descriptor over, and would find it closed by this object's finalizer.
    private static ulong Release(Socket socket)
    {
        var descriptor = (ulong)socket.Handle;
        socket.SafeHandle.SetHandleAsInvalid();
        return descriptor;
    }
}
