namespace Trunkline.Controllers.Tests.Recorded;

/// <summary>What was done beside the recorded steps, as later answers show.</summary>
internal static class Unrecorded
{
    /// <summary>Done before a step.</summary>
    public static async Task BeforeAsync(RecordedSession session, string step, CancellationToken token)
    {
        var command = step switch
        {
            // Controllers do their part between two commands of a person; here a moment is left to them.
            "02/013-ns-get" or "03/023-ep" or "03/034-sa" or "04/003-nodes" or "04/013-svc-describe-with-ep" => "sleep 1",
            "08/011-ns-after" => "kubectl -n project1 patch cm hold --type=merge -p '{\"metadata\":{\"finalizers\":null}}'; for i in 1 2 3 4 5 6 7 8 9 10; do kubectl get ns project1 >/dev/null 2>&1 || break; sleep 0.3; done",
            "10/002-asis-ellipsis-01-pod-ns-exists" => "sleep 0.5",
            "06/020-svc-clusterip-taken" => """kubectl -n sctp-demo create --field-manager=curl -f - <<<'{"apiVersion":"v1","kind":"Service","metadata":{"name":"clusterip-none"},"spec":{"clusterIP":"None","selector":{"a":"b"},"ports":[{"port":80}]}}' """,
            "06/031-svc-UPPER" => """kubectl -n sctp-demo create --field-manager=curl -f - <<<'{"apiVersion":"v1","kind":"Service","metadata":{"name":"lb-mixed"},"spec":{"type":"LoadBalancer","ports":[{"name":"a","port":80,"protocol":"SCTP"},{"name":"b","port":81}]}}' """,
            "06/064-np-port-named" => """kubectl -n sctp-demo create --field-manager=curl -f - <<<'{"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy","metadata":{"name":"noproto"},"spec":{"podSelector":{},"ingress":[{"ports":[{"port":80}]}]}}' """,
            "06/070-np-ipblock-and-sel" => """kubectl -n sctp-demo create --field-manager=curl -f - <<<'{"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy","metadata":{"name":"endport"},"spec":{"podSelector":{},"ingress":[{"ports":[{"port":80,"endPort":90,"protocol":"SCTP"}]}]}}' """,

            // Namespaces went slowly there; here something holds it.
            "08/009-ns-delete-nowait" => """kubectl create -f - <<<'{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"hold","namespace":"project1","finalizers":["test.trunkline/hold"]}}' """,
            _ => null,
        };
        if (command is not null)
        {
            await session.ShellAsync(command, token);
        }
    }

    /// <summary>Done while a step runs.</summary>
    public static Task During(RecordedSession session, string step, CancellationToken token) => step == "07/002-watch-svc-live"
        ? session.ShellAsync(
            "sleep 1; kubectl -n sctp-demo annotate svc sctpservice t=1; kubectl -n sctp-demo create service clusterip w1 --tcp=80:80; kubectl -n sctp-demo delete svc w1", token)
        : Task.CompletedTask;
}
