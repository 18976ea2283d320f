using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Web;
using k8s;
using k8s.Models;

namespace Trunkline.Controllers.Tests.Support;

/// <summary>
/// An API server in memory, spoken to over the real client's HTTP: conflicts, status apart from spec, graceful deletion, finalizers,
/// eviction that obeys budgets. Small, but with the rules that controllers depend on.
/// </summary>
internal sealed class FakeApi : DelegatingHandler
{
    private readonly CancellationTokenSource _watches = new();

    private CancellationTokenSource _connections = new();

    public FakeStore Store { get; } = new();

    public List<string> Requests { get; } = [];

    /// <summary>Things no controller may do, even if it does better later.</summary>
    public List<string> Violations { get; } = [];

    public Kubernetes Client() => new(new KubernetesClientConfiguration { Host = "http://fake.invalid" }, this);

    /// <summary>Every open watch ends, as when a server restarts.</summary>
    public void DropWatches()
    {
        var old = _connections;
        _connections = new CancellationTokenSource();
        old.Cancel();
    }

    public T? Get<T>(string collection, string? ns, string name)
        where T : class => Store.Get(collection, ns, name) is { } found ? KubernetesJson.Deserialize<T>(found) : null;

    public List<T> List<T>(string collection) => Store.List(collection, null).Items.ConvertAll(o => KubernetesJson.Deserialize<T>(o));

    /// <summary>Creates as a client would.</summary>
    public void Put<T>(T item)
        where T : IKubernetesObject<V1ObjectMeta>
    {
        var document = JsonNode.Parse(KubernetesJson.Serialize(item))!.AsObject();
        var kind = FakeKind.All.Single(k => k.Kind == item.Kind && k.ApiVersion == item.ApiVersion);
        Create(kind, item.Metadata.NamespaceProperty, document, keepStatus: true);
    }

    /// <summary>Changes an object whatever its state, as an agent with a retry loop would.</summary>
    public void Change(string collection, string? ns, string name, Action<JsonObject> change) =>
        Store.Change(collection, ns, name, before =>
        {
            if (before is not null)
            {
                change(before);
            }

            return before;
        });

    public void Remove(string collection, string? ns, string name) => Store.Change(collection, ns, name, _ => null);

    protected override void Dispose(bool disposing)
    {
        _watches.Cancel();
        _connections.Cancel();
        base.Dispose(disposing);
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var path = request.RequestUri!.AbsolutePath.Trim('/');
        lock (Requests)
        {
            Requests.Add($"{request.Method} {request.RequestUri.PathAndQuery}");
        }

        var body = request.Content is null ? null : await request.Content.ReadAsStringAsync(cancellationToken);
        try
        {
            var response = Answer(request, path, body);
            response.RequestMessage = request;
            return response;
        }
        catch (FakeApiException e)
        {
            var status = new JsonObject { ["kind"] = "Status", ["apiVersion"] = "v1", ["status"] = "Failure", ["code"] = (int)e.Code, ["message"] = e.Message };
            return new HttpResponseMessage(e.Code) { Content = Json(status), RequestMessage = request };
        }
    }

    private HttpResponseMessage Answer(HttpRequestMessage request, string path, string? body)
    {
        var parts = path.Split('/');
        if (parts[0] == "apis" && parts.Length == 1)
        {
            return Ok(FakeDiscovery.Groups());
        }

        var core = parts[0] == "api";
        var group = core ? "" : parts[1];
        var rest = parts[(core ? 2 : 3)..];
        if (rest.Length == 0)
        {
            return Ok(FakeDiscovery.Resources(group));
        }

        string? ns = null;
        if (rest is ["namespaces", var home, _, ..] && !(rest.Length == 3 && rest[2] is "finalize" or "status"))
        {
            ns = home;
            rest = rest[2..];
        }

        var kind = FakeKind.All.SingleOrDefault(k => k.Group == group && k.Plural == rest[0]) ?? throw new FakeApiException(HttpStatusCode.NotFound, "no such resource");
        var query = HttpUtility.ParseQueryString(request.RequestUri!.Query);
        return rest.Length == 1
            ? OnCollection(request.Method, kind, ns, query, body)
            : OnObject(request, kind, ns, rest[1], rest.Length > 2 ? rest[2] : "", body);
    }

    private HttpResponseMessage OnCollection(HttpMethod method, FakeKind kind, string? ns, System.Collections.Specialized.NameValueCollection query, string? body)
    {
        if (method == HttpMethod.Post)
        {
            return Ok(Create(kind, ns, JsonNode.Parse(body!)!.AsObject(), keepStatus: false), HttpStatusCode.Created);
        }

        if (method == HttpMethod.Delete)
        {
            foreach (var item in Store.List(kind.Collection, ns).Items)
            {
                Delete(kind, (string?)item["metadata"]!["namespace"], (string)item["metadata"]!["name"]!, null);
            }

            return Ok(new JsonObject { ["kind"] = "Status", ["status"] = "Success" });
        }

        if (query["watch"] == "true")
        {
            var since = long.Parse(query["resourceVersion"] ?? "0", CultureInfo.InvariantCulture);
            if (since < Store.Compacted)
            {
                var gone = new JsonObject { ["kind"] = "Status", ["apiVersion"] = "v1", ["status"] = "Failure", ["code"] = 410, ["reason"] = "Expired", ["message"] = "too old resource version" };
                return new HttpResponseMessage(HttpStatusCode.OK)
                {
                    Content = new StringContent(new JsonObject { ["type"] = "ERROR", ["object"] = gone }.ToJsonString() + "\n", Encoding.UTF8, "application/json"),
                };
            }

            var template = new JsonObject { ["apiVersion"] = kind.ApiVersion, ["kind"] = kind.Kind };
            return new HttpResponseMessage(HttpStatusCode.OK) { Content = new WatchContent(Store, kind.Collection, ns, since, template, _connections.Token) };
        }

        var (items, revision) = Store.List(kind.Collection, ns);
        foreach (var item in items)
        {
            // As a real server: items of a list do not repeat what they are.
            item.Remove("kind");
            item.Remove("apiVersion");
        }

        return Ok(new JsonObject
        {
            ["kind"] = kind.Kind + "List",
            ["apiVersion"] = kind.ApiVersion,
            ["metadata"] = new JsonObject { ["resourceVersion"] = revision.ToString(CultureInfo.InvariantCulture) },
            ["items"] = new JsonArray([.. items]),
        });
    }

    private HttpResponseMessage OnObject(HttpRequestMessage request, FakeKind kind, string? ns, string name, string sub, string? body)
    {
        if (request.Method == HttpMethod.Get)
        {
            return Ok(Store.Get(kind.Collection, ns, name) ?? throw NotFound(kind, name));
        }

        if (request.Method == HttpMethod.Delete)
        {
            return Ok(Delete(kind, ns, name, string.IsNullOrEmpty(body) ? null : JsonNode.Parse(body)!.AsObject()));
        }

        var document = JsonNode.Parse(body!)!.AsObject();
        return (request.Method.Method, sub) switch
        {
            ("POST", "binding") => Bind(ns!, name, document),
            ("POST", "eviction") => Evict(kind, ns!, name),
            ("PUT", "finalize") => Finalize(name, document),
            ("PUT", _) => Ok(Write(kind, ns, name, sub, document, _ => document)),
            ("PATCH", _) => Ok(Write(kind, ns, name, sub, document, before => Merge((JsonObject)before.DeepClone(), document))),
            _ => throw new FakeApiException(HttpStatusCode.MethodNotAllowed, "the server does not allow this method on the requested resource"),
        };
    }

    private JsonObject Create(FakeKind kind, string? ns, JsonObject item, bool keepStatus)
    {
        var meta = item["metadata"]!.AsObject();
        if (kind.Namespaced && Store.Get("/namespaces", null, ns!) is { } home && home["metadata"]!["deletionTimestamp"] is not null)
        {
            throw new FakeApiException(HttpStatusCode.Forbidden, $"unable to create new content in namespace {ns} because it is being terminated");
        }

        if (meta["name"] is null)
        {
            meta["name"] = (string)meta["generateName"]! + Guid.NewGuid().ToString("N")[..5];
        }

        meta["uid"] = Guid.NewGuid().ToString();
        meta["creationTimestamp"] ??= Stamp();
        meta["generation"] = 1L;
        meta.Remove("resourceVersion");
        if (kind.Namespaced)
        {
            meta["namespace"] = ns;
        }

        if (!keepStatus)
        {
            item.Remove("status");
        }

        if (kind.Kind == "Namespace")
        {
            item["spec"] = new JsonObject { ["finalizers"] = new JsonArray("kubernetes") };
            item["status"] = new JsonObject { ["phase"] = "Active" };
        }

        var name = (string)meta["name"]!;
        return Store.Change(kind.Collection, ns, name, before =>
            before is null ? item : throw new FakeApiException(HttpStatusCode.Conflict, $"{kind.Plural} \"{name}\" already exists"))!;
    }

    private JsonObject Write(FakeKind kind, string? ns, string name, string sub, JsonObject asked, Func<JsonObject, JsonObject> apply)
    {
        var deleted = false;
        var written = Store.Change(kind.Collection, ns, name, before =>
        {
            if (before is null)
            {
                throw NotFound(kind, name);
            }

            Guard(kind, name, before, asked);
            var after = (JsonObject)apply(before).DeepClone();
            var result = sub == "status" ? (JsonObject)before.DeepClone() : after;
            if (sub == "status")
            {
                result["status"] = after["status"]?.DeepClone();
            }
            else if (before["status"] is { } status)
            {
                // Without the subresource a client can not write status (kinds without one keep what they have).
                result["status"] = status.DeepClone();
            }

            foreach (var kept in new[] { "uid", "creationTimestamp", "generation", "deletionTimestamp", "resourceVersion" })
            {
                result["metadata"]![kept] = before["metadata"]![kept]?.DeepClone();
            }

            if (!JsonNode.DeepEquals(before["spec"], result["spec"]))
            {
                result["metadata"]!["generation"] = (long)before["metadata"]!["generation"]! + 1;
            }

            deleted = result["metadata"]!["deletionTimestamp"] is not null && result["metadata"]!["finalizers"] is not JsonArray { Count: > 0 } && kind.Kind != "Pod"
                && kind.Kind != "Namespace";
            return Clean(result);
        })!;
        if (deleted)
        {
            Remove(kind.Collection, ns, name);
        }

        return written;
    }

    private static JsonObject Clean(JsonObject item)
    {
        var meta = item["metadata"]!.AsObject();
        foreach (var empty in meta.Where(p => p.Value is null).Select(p => p.Key).ToList())
        {
            meta.Remove(empty);
        }

        return item;
    }

    private static void Guard(FakeKind kind, string name, JsonObject before, JsonObject asked)
    {
        foreach (var field in new[] { "resourceVersion", "uid" })
        {
            if (asked["metadata"]?[field] is { } wanted && (string?)wanted != (string?)before["metadata"]![field])
            {
                throw new FakeApiException(HttpStatusCode.Conflict,
                    $"Operation cannot be fulfilled on {kind.Plural} \"{name}\": the object has been modified; please apply your changes to the latest version and try again");
            }
        }
    }

    private JsonObject Delete(FakeKind kind, string? ns, string name, JsonObject? options)
    {
        var answer = default(JsonObject);
        Store.Change(kind.Collection, ns, name, before =>
        {
            if (before is null)
            {
                throw NotFound(kind, name);
            }

            if (options?["preconditions"]?["uid"] is { } uid && (string?)uid != (string?)before["metadata"]!["uid"])
            {
                throw new FakeApiException(HttpStatusCode.Conflict, "Precondition failed: UID in precondition");
            }

            answer = before;
            var meta = before["metadata"]!.AsObject();
            if ((string?)options?["propagationPolicy"] == "Foreground" && meta["deletionTimestamp"] is null)
            {
                meta["finalizers"] = new JsonArray("foregroundDeletion");
            }

            var bound = kind.Kind == "Pod" && !string.IsNullOrEmpty((string?)before["spec"]?["nodeName"]);
            var graceful = bound && (long?)options?["gracePeriodSeconds"] != 0;
            if (!graceful && kind.Kind != "Namespace" && meta["finalizers"] is not JsonArray { Count: > 0 })
            {
                return null;
            }

            meta["deletionTimestamp"] ??= Stamp();
            if (kind.Kind == "Namespace")
            {
                before["status"] = new JsonObject { ["phase"] = "Terminating" };
            }

            return before;
        });
        return answer!;
    }

    private HttpResponseMessage Bind(string ns, string name, JsonObject binding)
    {
        Store.Change("/pods", ns, name, before =>
        {
            if (before is null)
            {
                throw new FakeApiException(HttpStatusCode.NotFound, $"pods \"{name}\" not found");
            }

            if (!string.IsNullOrEmpty((string?)before["spec"]!["nodeName"]))
            {
                throw new FakeApiException(HttpStatusCode.Conflict, $"pod {name} is already assigned to node");
            }

            before["spec"]!["nodeName"] = (string?)binding["target"]!["name"];
            return before;
        });
        return Ok(new JsonObject { ["kind"] = "Status", ["apiVersion"] = "v1", ["status"] = "Success", ["code"] = 201 }, HttpStatusCode.Created);
    }

    private HttpResponseMessage Evict(FakeKind kind, string ns, string name)
    {
        var pod = Get<V1Pod>("/pods", ns, name) ?? throw NotFound(kind, name);
        foreach (var budget in List<V1PodDisruptionBudget>("policy/poddisruptionbudgets").Where(b =>
            b.Metadata.NamespaceProperty == ns && b.Spec.Selector.MatchLabels.All(l => pod.Metadata.Labels?.TryGetValue(l.Key, out var v) == true && v == l.Value)))
        {
            if (!(budget.Status?.DisruptionsAllowed > 0))
            {
                throw new FakeApiException(HttpStatusCode.TooManyRequests, "Cannot evict pod as it would violate the pod's disruption budget.");
            }

            Change("policy/poddisruptionbudgets", ns, budget.Metadata.Name, b => b["status"]!["disruptionsAllowed"] = budget.Status.DisruptionsAllowed - 1);
        }

        Delete(kind, ns, name, null);
        return Ok(new JsonObject { ["kind"] = "Status", ["apiVersion"] = "v1", ["status"] = "Success" }, HttpStatusCode.Created);
    }

    private HttpResponseMessage Finalize(string name, JsonObject asked)
    {
        if (asked["spec"]?["finalizers"] is JsonArray { Count: > 0 })
        {
            throw new FakeApiException(HttpStatusCode.BadRequest, "still has finalizers");
        }

        if (Store.List("/pods", name).Items.Count > 0)
        {
            Violations.Add($"namespace {name} was finalized with Pods in it");
            throw new FakeApiException(HttpStatusCode.Conflict, "there are Pods left");
        }

        Remove("/namespaces", null, name);
        return Ok(asked);
    }

    private static JsonObject Merge(JsonObject onto, JsonObject patch)
    {
        foreach (var (name, value) in patch)
        {
            if (value is null)
            {
                onto.Remove(name);
            }
            else if (value is JsonObject inner)
            {
                onto[name] = Merge(onto[name] as JsonObject is { } o ? (JsonObject)o.DeepClone() : [], inner);
            }
            else
            {
                onto[name] = value.DeepClone();
            }
        }

        return onto;
    }

    private static FakeApiException NotFound(FakeKind kind, string name) => new(HttpStatusCode.NotFound, $"{kind.Plural} \"{name}\" not found");

    private static string Stamp() => TimeProvider.System.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static HttpResponseMessage Ok(JsonObject body, HttpStatusCode code = HttpStatusCode.OK) => new(code) { Content = Json(body) };

    private static StringContent Json(JsonObject body) => new(body.ToJsonString(), Encoding.UTF8, "application/json");
}
