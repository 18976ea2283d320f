using Trunkline.ApiServer.Tests.Support;
using Xunit;

namespace Trunkline.ApiServer.Tests.Requests;

/// <summary>Requests that golden/ does not hold: each with the code and the words that the real server's sources give (apiserver handlers, apimachinery).</summary>
public sealed class RefusalTests
{
    private const string N = "/api/v1/namespaces/default";
    private const string Json = "application/json";
    private const string JsonPatch = "application/json-patch+json";
    private const string Merge = "application/merge-patch+json";
    private const string Strategic = "application/strategic-merge-patch+json";
    private const string Apply = "application/apply-patch+yaml";
    private const string PatchRefused = "the server rejected our request due to an error in our request";
    private const string Unrecognized = "the object provided is unrecognized (must be of type Service): ";
    private const string NoKind = Unrecognized + "couldn't get version/kind; json parse error: ";
    private const string TypeMeta = "Go value of type struct { APIVersion string \"json:\\\"apiVersion,omitempty\\\"\"; Kind string \"json:\\\"kind,omitempty\\\"\" }";
    private const string Label = "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

    private sealed record Case(string Method, string Path, string? Body, string Type, int Code, string Reason, string Message);

    private static Case Post(string body, string message, int code = 400, string reason = "BadRequest", string type = Json, string path = N + "/services") => new("POST", path, body, type, code, reason, message);

    private static Case Patch(string type, string body, int code, string reason, string message, string query = "") => new("PATCH", N + "/services/a" + query, body, type, code, reason, message);

    private static Case Get(string query, int code, string reason, string message) => new("GET", N + "/configmaps?" + query, null, Json, code, reason, message);

    private static Case Delete(string body, int code, string reason, string message, string query = "") => new("DELETE", N + "/services/a" + query, body.Length == 0 ? null : body, Json, code, reason, message);

    private static IEnumerable<Case> Bodies() =>
    [
        Post("", NoKind + "unexpected end of JSON input (<empty>)"),
        Post("{", NoKind + "unexpected end of JSON input ({)"),
        Post("nope", NoKind + "invalid character 'o' in literal null (expecting 'u') (6e6f7065)"),
        Post("{\"a\":}", NoKind + "invalid character '}' looking for beginning of value ({\"a\":})"),
        Post("{\"a\":1,}", NoKind + "invalid character '}' looking for beginning of object key string ({\"a\":1,})"),
        Post("{\"a\" 1}", NoKind + "invalid character '1' after object key ({\"a\" 1})"),
        Post("{\"a\":1 2}", NoKind + "invalid character '2' after object key:value pair ({\"a\":1 2})"),
        Post("{\"a\":[1 2]}", NoKind + "invalid character '2' after array element ({\"a\":[1 2]})"),
        Post("{\"a\":\"\\x\"}", NoKind + "invalid character 'x' in string escape code ({\"a\":\"\\x\"})"),
        Post("{\"a\":1.}", NoKind + "invalid character '}' after decimal point in numeric literal ({\"a\":1.})"),
        Post("{} x", NoKind + "invalid character 'x' after top-level value ({} x)"),
        Post("[]", NoKind + $"json: cannot unmarshal array into {TypeMeta} (5b5d)"),
        Post("{\"kind\":5}", NoKind + "json: cannot unmarshal number into Go struct field .kind of type string ({\"kind\":5})"),
        Post("{\"apiVersion\":\"a/b/c\",\"kind\":\"X\"}", Unrecognized + "unexpected GroupVersion string: a/b/c ({\"apiVersion\":\"a/b/c\",\"kind\":\" ...)"),
        Post("{\"apiVersion\":\"v1\",\"kind\":\"Foo\"}", "Foo in version \"v1\" cannot be handled as a Service: no kind \"Foo\" is registered for version \"v1\" in scheme \"pkg/api/legacyscheme/scheme.go:30\""),
        Post("a: [", Unrecognized + "yaml: line 1: did not find expected node content (613a205b)", type: "application/yaml"),
        Post("a: b: c", Unrecognized + "yaml: mapping values are not allowed in this context (613a20623a2063)", type: "application/yaml"),
        Post("- a", NoKind + $"json: cannot unmarshal array into {TypeMeta} (2d2061)", type: "application/yaml"),
        Post("{}", "the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf", 415, "UnsupportedMediaType", "text/plain"),
        Post("{\"metadata\":{\"name\":\"p\",\"finalizers\":[\"foo\"]},\"spec\":{\"ports\":[{\"port\":1}]}}", "Service \"p\" is invalid: metadata.finalizers[0]: Invalid value: \"foo\": name is neither a standard finalizer name nor is it fully qualified", 422, "Invalid"),
        Post("{\"metadata\":{\"name\":\"p\"},\"spec\":{\"ipFamilies\":[\"IPv6\"],\"ports\":[{\"port\":1}]}}", "Service \"p\" is invalid: spec.ipFamilies[0]: Invalid value: \"IPv6\": not configured on this cluster", 422, "Invalid"),
        Post("{\"metadata\":{\"name\":\"p\"},\"spec\":{\"ipFamilyPolicy\":\"RequireDualStack\",\"ports\":[{\"port\":1}]}}", "Service \"p\" is invalid: spec.ipFamilyPolicy: Invalid value: \"RequireDualStack\": this cluster is not configured for dual-stack services", 422, "Invalid"),
        Post("{\"metadata\":{\"name\":\"p\"},\"spec\":{\"trafficDistribution\":\"Foo\",\"ports\":[{\"port\":1}]}}", "Service \"p\" is invalid: spec.trafficDistribution: Unsupported value: \"Foo\": supported values: \"PreferClose\"", 422, "Invalid"),
        Post("{}", "CreateOptions.meta.k8s.io \"\" is invalid: dryRun: Unsupported value: []string{\"Foo\"}: supported values: \"All\"", 422, "Invalid", path: N + "/services?dryRun=Foo"),
        Post("{\"spec\":{}}", "SelfSubjectAccessReview.authorization.k8s.io \"\" is invalid: spec.resourceAttributes: Invalid value: null: exactly one of nonResourceAttributes or resourceAttributes must be specified", 422, "Invalid", path: "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"),
    ];

    private static IEnumerable<Case> Patches() =>
    [
        Patch(JsonPatch, """[{"op":"test","path":"/spec/type","value":"NodePort"}]""", 422, "Invalid", PatchRefused),
        Patch(JsonPatch, """[{"op":"remove","path":"/spec/nosuch"}]""", 422, "Invalid", PatchRefused),
        Patch(JsonPatch, """[{"op":"foo","path":"/spec/type"}]""", 422, "Invalid", PatchRefused),
        Patch(JsonPatch, """[{"op":"add","path":"/spec/ports/9","value":{}}]""", 422, "Invalid", PatchRefused),
        Patch(JsonPatch, """{"op":"replace"}""", 400, "BadRequest", "error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp"),
        Patch(JsonPatch, """{"op":"replace"}""", 400, "BadRequest", "json: cannot unmarshal object into Go value of type jsonpatch.Patch", "?fieldValidation=Ignore"),
        Patch(JsonPatch, "[1]", 400, "BadRequest", "error decoding patch: json: cannot unmarshal number into Go value of type handlers.jsonPatchOp"),
        Patch(JsonPatch, """[{"op":5,"path":"/a"}]""", 400, "BadRequest", "error decoding patch: json: cannot unmarshal number into Go struct field jsonPatchOp.op of type string"),
        Patch(Merge, "[1]", 400, "BadRequest", "error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}"),
        Patch(Merge, "nope", 400, "BadRequest", "error decoding patch: invalid character 'o' in literal null (expecting 'u')"),
        Patch(Merge, "nope", 400, "BadRequest", "Invalid JSON Patch", "?fieldValidation=Ignore"),
        Patch(Merge, """{"metadata":{"name":"b"}}""", 400, "BadRequest", "the name of the object (b) does not match the name on the URL (a)"),
        Patch(Merge, """{"metadata":{"namespace":"b"}}""", 400, "BadRequest", "the namespace of the provided object does not match the namespace sent on the request"),
        Patch(Merge, """{"metadata":{"uid":"b"}}""", 422, "Invalid", "Service \"a\" is invalid: metadata.uid: Invalid value: \"b\": field is immutable"),
        Patch(Merge, """{"metadata":{"resourceVersion":"1"}}""", 409, "Conflict", "Operation cannot be fulfilled on services \"a\": the object has been modified; please apply your changes to the latest version and try again"),
        Patch(Merge, "{}", 422, "Invalid", "PatchOptions.meta.k8s.io \"\" is invalid: force: Forbidden: may not be specified for non-apply patch", "?force=true"),
        Patch(Strategic, """{"spec":{"ports":[{"name":"x"}]}}""", 500, "", "map: map[name:x] does not contain declared merge key: port"),
        Patch(Strategic, """{"spec":{"ports":[{"port":80,"$patch":"foo"}]}}""", 500, "", "unknown patch type: foo in map: map[$patch:foo port:80]"),
        Patch(Strategic, """{"spec":{"$retainKeys":["type"],"ports":[]}}""", 400, "BadRequest", "invalid patch format of retainKeys"),
        Patch(Strategic, """{"spec":{"$setElementOrder/ports":1}}""", 400, "BadRequest", "invalid patch format of setElementOrder list"),
        Patch(Strategic, """{"metadata":{"$deleteFromPrimitiveList/finalizers":1}}""", 400, "BadRequest", "invalid patch format of primitive list"),
        Patch(Strategic, """{"spec":{"type":1}}""", 422, "Invalid", " \"\" is invalid: patch: Invalid value: \"map[spec:map[type:1]]\": cannot convert int64 to v1.ServiceType"),
        Patch(Strategic, """{"spec":{"ports":{"a":1}}}""", 422, "Invalid", " \"\" is invalid: patch: Invalid value: \"map[spec:map[ports:map[a:1]]]\": cannot restore slice from map"),
        Patch(Strategic, """{"spec":{"bogus":1}}""", 422, "Invalid", " \"\" is invalid: patch: Invalid value: \"map[spec:map[bogus:1]]\": strict decoding error: unknown field \"spec.bogus\"", "?fieldValidation=Strict"),
        Patch(Json, "{}", 415, "UnsupportedMediaType", "415: Unsupported Media Type"),
        Patch(Apply, "kind: Service", 400, "BadRequest", "Incorrect version specified in apply patch. Specified patch version: , expected: v1", "?fieldManager=m"),
        Patch(Apply, "a: [", 400, "BadRequest", "error decoding YAML: error converting YAML to JSON: yaml: line 1: did not find expected node content", "?fieldManager=m"),
        Patch(Apply, """{"apiVersion":"v1","kind":"Service","metadata":{"managedFields":[]}}""", 400, "BadRequest", "metadata.managedFields must be nil", "?fieldManager=m"),
        Patch(Apply, """{"apiVersion":"v1","kind":"Service","spec":{"ports":[{"port":"x"}]}}""", 500, "", "failed to create typed patch object (default/a; v1, Kind=Service): .spec.ports[port=\"x\",protocol=\"TCP\"].port: expected numeric (int or float), got string", "?fieldManager=m"),
        Patch(Apply, """{"apiVersion":"v1","kind":"Service","spec":{"type":1}}""", 500, "", "failed to create typed patch object (default/a; v1, Kind=Service): .spec.type: expected string, got &value.valueUnstructured{Value:1}", "?fieldManager=m"),
    ];

    private static IEnumerable<Case> Others() =>
    [
        new("DELETE", "/api/v1/configmaps", null, Json, 405, "MethodNotAllowed", "the server does not allow this method on the requested resource"),
        new("POST", "/api/v1/configmaps", "{}", Json, 405, "MethodNotAllowed", "the server does not allow this method on the requested resource"),
        new("GET", N + "/pods/x/status/y", null, Json, 404, "NotFound", "the server could not find the requested resource"),
        new("PUT", N + "/services/a", """{"metadata":{"name":"a","resourceVersion":"abc"},"spec":{"ports":[{"port":1}]}}""", Json, 500, "", "strconv.ParseUint: parsing \"abc\": invalid syntax"),
        Get("labelSelector=i>x", 400, "BadRequest", "unable to parse requirement: values[0]: Invalid value: \"x\": for 'Gt', 'Lt' operators, the value must be an integer"),
        Get("labelSelector=-a=1", 400, "BadRequest", "unable to parse requirement: <nil>: Invalid value: \"-a\": " + Label),
        Get("limit=1&resourceVersion=5&continue=eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6MSwic3RhcnQiOiJhIn0", 400, "BadRequest", "specifying resource version is not allowed when using continue"),
        Get("limit=1&continue=eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6MSwic3RhcnQiOiJhIn0", 410, "Expired", "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter."),
        Get("fieldSelector=data=1", 400, "BadRequest", "Unable to find \"/v1, Resource=configmaps\" that match label selector \"\", field selector \"data=1\": field label not supported: data"),
        Delete("""{"preconditions":{"resourceVersion":"1"}}""", 409, "Conflict", "Operation cannot be fulfilled on Service \"a\": the ResourceVersion in the precondition (1) does not match the ResourceVersion in record (RV). The object might have been modified"),
        Delete("""{"preconditions":{"uid":"x"}}""", 409, "Conflict", "Operation cannot be fulfilled on Service \"a\": the UID in the precondition (x) does not match the UID in record (UID). The object might have been deleted and then recreated"),
        Delete("""{"propagationPolicy":"Foo"}""", 422, "Invalid", "DeleteOptions.meta.k8s.io \"\" is invalid: propagationPolicy: Unsupported value: \"Foo\": supported values: \"Foreground\", \"Background\", \"Orphan\", \"nil\""),
        Delete("""{"orphanDependents":true,"propagationPolicy":"Orphan"}""", 422, "Invalid", "DeleteOptions.meta.k8s.io \"\" is invalid: propagationPolicy: Invalid value: \"Orphan\": orphanDependents and deletionPropagation cannot be both set"),
        Delete("""{"gracePeriodSeconds":"x"}""", 500, "", "json: cannot unmarshal string into Go struct field DeleteOptions.gracePeriodSeconds of type int64"),
        Delete("{", 500, "", "couldn't get version/kind; json parse error: unexpected end of JSON input"),
        Delete("", 422, "Invalid", "DeleteOptions.meta.k8s.io \"\" is invalid: dryRun: Unsupported value: []string{\"Foo\"}: supported values: \"All\"", "?dryRun=Foo"),
        Delete("", 400, "BadRequest", "strconv.ParseInt: parsing \"x\": invalid syntax", "?gracePeriodSeconds=x"),
    ];

    [Fact]
    public async Task Each_request_is_refused_with_the_real_servers_words()
    {
        await using var cluster = await TestCluster.StartAsync();
        var (_, made) = await cluster.SendAsync("POST", N + "/services", """{"metadata":{"name":"a"},"spec":{"ports":[{"port":80}]}}""");
        var (uid, version) = ((string)made["metadata"]!["uid"]!, (string)made["metadata"]!["resourceVersion"]!);
        var wrong = new List<string>();
        foreach (var c in Bodies().Concat(Patches()).Concat(Others()))
        {
            var (code, answer) = await cluster.SendAsync(c.Method, c.Path, c.Body, c.Type);
            var message = (string?)answer["message"] ?? "";
            var shown = message.Replace(uid, "UID", StringComparison.Ordinal).Replace($"({version})", "(RV)", StringComparison.Ordinal);
            if ((code, (string?)answer["reason"] ?? "", shown) != (c.Code, c.Reason, c.Message))
            {
                wrong.Add($"{c.Method} {c.Path} {c.Body}\n  {code} {(string?)answer["reason"]}: {shown}\n  {c.Code} {c.Reason}: {c.Message}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.Equal(version, (string?)(await cluster.SendAsync("GET", N + "/services/a")).Body["metadata"]!["resourceVersion"]);
    }
}
