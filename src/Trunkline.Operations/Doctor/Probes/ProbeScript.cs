namespace Trunkline.Operations.Doctor.Probes;

/// <summary>What a probe runs in a Pod: it reads files and /proc, and nothing else.</summary>
internal static class ProbeScript
{
    // cat of /proc and of files only. SCTP is looked for in /proc/net/protocols: a socket of its own would load the module.
    private const string Passive = """
        p() { for f in "$@"; do if [ -r "$f" ]; then echo "=== $f"; cat "$f"; echo; fi; done; }
        p /proc/net/protocols /proc/modules /proc/net/sctp/eps /proc/net/sctp/snmp /proc/net/stat/nf_conntrack /sys/class/net/eth0/mtu
        p /proc/sys/net/netfilter/nf_conntrack_max /proc/sys/net/netfilter/nf_conntrack_sctp_timeout_established
        if [ -e /run/trunkline-sctp/sctp.sock ]; then echo "=== /run/trunkline-sctp/sctp.sock"; fi
        if [ -r /proc/net/nf_conntrack ] && command -v grep > /dev/null 2>&1; then echo "=== conntrack"; grep ' sctp ' /proc/net/nf_conntrack; echo
        elif command -v conntrack > /dev/null 2>&1; then echo "=== conntrack"; conntrack -L -p sctp 2> /dev/null; echo; fi
        for r in /host /rootfs; do
          for d in /etc/modprobe.d /etc/modules-load.d; do
            if [ -d "$r$d" ]; then echo "=== folder $d"; for f in "$r$d"/*.conf; do p "$f"; done; fi
          done
          m="$r/lib/modules/$(cat /proc/sys/kernel/osrelease)"
          if [ -d "$m/kernel" ]; then echo "=== module"; ls "$m"/kernel/net/sctp/sctp.ko* 2> /dev/null || echo missing; fi
        done

        """;

    // Opens an SCTP socket, which may load the module: only with --active.
    private const string Active = """
        if command -v nc > /dev/null 2>&1; then echo "=== active"; nc --sctp -w 1 127.0.0.1 9 < /dev/null 2>&1; echo; fi

        """;

    /// <summary>The command.</summary>
    /// <param name="active">Whether an SCTP socket may be opened.</param>
    public static string[] Command(bool active) => ["sh", "-c", $"{Passive}{(active ? Active : "")}echo '=== end'"];
}
