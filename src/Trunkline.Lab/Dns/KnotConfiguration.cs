namespace Trunkline.Lab.Dns;

/// <summary>
/// The DNS server's configuration and the commands around it. Pure. Knot answers only from its zones: it never asks anybody, so no name can lead out of the lab.
/// </summary>
internal static class KnotConfiguration
{
    /// <summary>Where the server finds its program, its files, and a place of its own: in a mount namespace that nobody else sees.</summary>
    private const string Program = "/mnt/program", Files = "/mnt/files", Own = "/mnt/own";

    // $1 the unpacked program's root, $2 the directory with configuration and zones. The server reads what any Pod sends it: it runs as nobody, with the one right to
    // listen below port 1024, and sees no file of the machine's in the places where it writes.
    private const string Enter =
        $"mount -t tmpfs -o size=32m,mode=755 dns /mnt && mkdir {Program} {Files} && mkdir -m 700 {Own} && chown 65534:65534 {Own} && mount --bind \"$1\" {Program} && " +
        $"mount --bind \"$2\" {Files} && mount -t tmpfs -o size=16m,mode=1777 dns /tmp && cd / && exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin MALLOC_ARENA_MAX=1 " +
        $"LD_LIBRARY_PATH=\"$(echo {Program}/usr/lib/*-linux-gnu*)\" setpriv --reuid=65534 --regid=65534 --clear-groups --no-new-privs " +
        $"--bounding-set=-all,+net_bind_service --inh-caps=-all,+net_bind_service --ambient-caps=-all,+net_bind_service {Program}/usr/sbin/knotd -c {Files}/knot.conf";

    /// <summary>The command that starts the server in a network namespace.</summary>
    public static IReadOnlyList<string> Command(string networkNamespace, string programRoot, string files) =>
        [$"nsenter", $"--net={networkNamespace}", "--", "unshare", "--mount", "--propagation", "private", "sh", "-c", Enter, "sh", programRoot, files];

    /// <summary>The name of a zone's file; the root's name is empty.</summary>
    public static string FileOf(string zone) => zone.Length == 0 ? "root.zone" : $"{zone}.zone";

    /// <summary>knot.conf. Zones live in memory and are read whole; nothing is kept but the files.</summary>
    public static string Text(IEnumerable<string> zones, int port) => $"""
        server:
            rundir: {Own}
            listen: [ 0.0.0.0@{port}, ::@{port} ]
            identity: ""
            version: ""
            nsid: ""
            udp-workers: 1
            tcp-workers: 1
            background-workers: 1
            tcp-max-clients: 256
            automatic-acl: off
        control:
            listen: {Own}/knot.sock
        log:
          - target: stdout
            any: warning
        database:
            storage: {Own}
            journal-db-max-size: 1M
            kasp-db-max-size: 5M
            timer-db-max-size: 1M
            catalog-db-max-size: 5M
        template:
          - id: default
            storage: {Files}
            zonefile-load: whole
            zonefile-sync: -1
            journal-content: none
            semantic-checks: off
        zone:

        """ + string.Concat(zones.Select(zone => $"  - domain: {zone}.\n    file: {FileOf(zone)}\n"));
}
