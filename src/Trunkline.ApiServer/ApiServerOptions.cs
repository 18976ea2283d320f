using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Trunkline.ApiServer.Security;
using Trunkline.ApiServer.Streaming;

namespace Trunkline.ApiServer;

/// <summary>How the API server is to run.</summary>
public sealed record ApiServerOptions
{
    /// <summary>The SQLite file; made where it is absent.</summary>
    public required string DatabasePath { get; init; }

    /// <summary>The server's certificate with its key.</summary>
    public required X509Certificate2 ServerCertificate { get; init; }

    /// <summary>Authorities of client certificates.</summary>
    public required X509Certificate2Collection ClientAuthorities { get; init; }

    /// <summary>Descriptors of sockets that listen already; the server takes them over.</summary>
    public IReadOnlyList<ulong> ListenHandles { get; init; } = [];

    /// <summary>Addresses to listen on, beside or instead of handles. Port 0 takes a free one.</summary>
    public IReadOnlyList<IPEndPoint> ListenEndPoints { get; init; } = [];

    /// <summary>Where Pods and nodes reach this server: the endpoint of Service <c>kubernetes</c>. Null: no such Service is made.</summary>
    public IPEndPoint? AdvertisedEndPoint { get; init; }

    /// <summary>Addresses of Services. Default OpenShift's, 172.30.0.0/16.</summary>
    public IPNetwork ServiceNetwork { get; init; } = IPNetwork.Parse("172.30.0.0/16");

    /// <summary>Addresses of Services in the other family. Null: a cluster of one family.</summary>
    public IPNetwork? SecondaryServiceNetwork { get; init; }

    /// <summary>Node ports, first and last. Default Kubernetes', 30000-32767.</summary>
    public (int First, int Last) NodePorts { get; init; } = (30000, 32767);

    /// <summary>Opens a TCP connection to a node agent (address and port 10250), in whatever namespace reaches it. Null: a plain connection.</summary>
    public NodeDialer? NodeDialer { get; init; }

    /// <summary>The certificate shown to node agents.</summary>
    public X509Certificate2? NodeClientCertificate { get; init; }

    /// <summary>Bearer tokens known beforehand, and whose they are.</summary>
    public IReadOnlyDictionary<string, UserInfo> Tokens { get; init; } = new Dictionary<string, UserInfo>();

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    public ILoggerFactory Loggers { get; init; } = NullLoggerFactory.Instance;
}
