using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Trunkline.ApiServer.Http;
using Trunkline.ApiServer.Kinds;
using Trunkline.ApiServer.Kinds.Strategies;
using Trunkline.ApiServer.Registry;
using Trunkline.ApiServer.Registry.Services;
using Trunkline.ApiServer.Security;
using Trunkline.ApiServer.Storage;

namespace Trunkline.ApiServer.Hosting;

/// <summary>Objects that every cluster has from the first moment: its namespaces, and the Service by which Pods reach this server.</summary>
internal sealed class Bootstrap(ObjectStore store, ServiceAllocator services, ApiServerOptions options)
{
    private static readonly string[] Namespaces = ["default", "kube-system", "kube-public", "kube-node-lease"];
    private static readonly UserInfo Self = new("system:apiserver", [UserInfo.Masters]);
    private readonly Creator _creator = new(services);

    public Task RunAsync() => store.WriteAsync(session =>
    {
        foreach (var ns in Namespaces)
        {
            Ensure(session, "", "namespaces", "", new JsonObject { ["metadata"] = new JsonObject { ["name"] = ns } });
        }

        Ensure(session, "config.openshift.io", "clusterversions", "", ClusterVersion());
        if (options.AdvertisedEndPoint is { } endPoint)
        {
            Ensure(session, "", "services", "default", Service(endPoint));
            Ensure(session, "", "endpoints", "default", Endpoints(endPoint));
            Ensure(session, "discovery.k8s.io", "endpointslices", "default", Slice(endPoint));
        }

        return true;
    });

    private void Ensure(WriteSession session, string group, string plural, string ns, JsonObject wanted)
    {
        var kind = KindCatalog.Find(group, "v1", plural)!;
        var write = new WriteRequest(kind, ns, "", "", Self, WriteOptions.Default with { FieldManager = "kube-apiserver" }, options.Clock.GetUtcNow());
        var name = wanted.Name();
        if (session.Get(write.Key(name)) is null)
        {
            _creator.Create(session, write, StrategyCatalog.For(kind).Decode(GoJson.ToBytes(wanted)).Document);
        }
    }

    private JsonObject Service(IPEndPoint endPoint)
    {
        var address = options.ServiceNetwork.BaseAddress.GetAddressBytes();
        address[^1]++;
        var ip = new IPAddress(address).ToString();
        return new JsonObject
        {
            ["metadata"] = Metadata(new JsonObject { ["component"] = "apiserver", ["provider"] = "kubernetes" }),
            ["spec"] = new JsonObject
            {
                ["type"] = "ClusterIP",
                ["clusterIP"] = ip,
                ["clusterIPs"] = new JsonArray(ip),
                ["ports"] = new JsonArray(new JsonObject { ["name"] = "https", ["protocol"] = "TCP", ["port"] = 443, ["targetPort"] = endPoint.Port }),
            },
        };
    }

    private static JsonObject Endpoints(IPEndPoint endPoint) => new()
    {
        ["metadata"] = Metadata(new JsonObject { ["endpointslice.kubernetes.io/skip-mirror"] = "true" }),
        ["subsets"] = new JsonArray(new JsonObject
        {
            ["addresses"] = new JsonArray(new JsonObject { ["ip"] = endPoint.Address.ToString() }),
            ["ports"] = new JsonArray(new JsonObject { ["name"] = "https", ["port"] = endPoint.Port, ["protocol"] = "TCP" }),
        }),
    };

    private static JsonObject Slice(IPEndPoint endPoint) => new()
    {
        ["metadata"] = Metadata(new JsonObject { ["kubernetes.io/service-name"] = "kubernetes" }),
        ["addressType"] = "IPv4",
        ["endpoints"] = new JsonArray(new JsonObject
        {
            ["addresses"] = new JsonArray(endPoint.Address.ToString()),
            ["conditions"] = new JsonObject { ["ready"] = true },
        }),
        ["ports"] = new JsonArray(new JsonObject { ["name"] = "https", ["port"] = endPoint.Port, ["protocol"] = "TCP" }),
    };

    private static JsonObject ClusterVersion() => new()
    {
        ["metadata"] = new JsonObject { ["name"] = "version" },
        ["spec"] = new JsonObject { ["channel"] = "stable-4.19", ["clusterID"] = Guid.NewGuid().ToString("D", CultureInfo.InvariantCulture) },
    };

    private static JsonObject Metadata(JsonObject labels) => new() { ["name"] = "kubernetes", ["labels"] = labels };
}
