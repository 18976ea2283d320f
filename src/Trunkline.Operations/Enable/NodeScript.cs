namespace Trunkline.Operations.Enable;

/// <summary>What the DaemonSet does on a node: it runs in the node's own root, with the node's own shell and modprobe. Each may run again and again.</summary>
internal static class NodeScript
{
    // The mark is what makes the lines ours to take back.
    private const string Mark = "#trunkline# ";
    private const string Blocking = "^[[:space:]]*(blacklist[[:space:]]+sctp[[:space:]]*$|install[[:space:]]+sctp[[:space:]])";

    /// <summary>Lifts the blacklist, persists, loads; says which package is missing where there is no such module.</summary>
    public const string On = $$"""
        set -u
        PATH=/usr/sbin:/usr/bin:/sbin:/bin
        for f in /etc/modprobe.d/*.conf; do
          [ -f "$f" ] && grep -Eq '{{Blocking}}' "$f" && sed -E -i 's/{{Blocking}}/{{Mark}}&/' "$f" && echo "blacklist lifted in $f"
        done
        mkdir -p /etc/modules-load.d && { [ "$(cat /etc/modules-load.d/sctp-load.conf 2>/dev/null)" = sctp ] || echo sctp > /etc/modules-load.d/sctp-load.conf; } \
          || echo "warning: /etc/modules-load.d cannot be written: SCTP is gone after a reboot until this Pod has started again"
        grep -q '^SCTP ' /proc/net/protocols && exit 0
        modprobe sctp && exit 0
        [ -r /etc/os-release ] && . /etc/os-release
        case " ${ID:-} ${ID_LIKE:-} " in
          *" ubuntu "*) echo "this kernel lacks sctp: apt-get install linux-modules-extra-$(uname -r)" ;;
          *" rhel "*|*" fedora "*|*" centos "*) echo "this kernel lacks sctp: dnf install kernel-modules-extra-$(uname -r)" ;;
          *) echo "this kernel ($(uname -r)) lacks sctp" ;;
        esac
        exit 1
        """;

    /// <summary>Puts the blacklist back, forgets, unloads; a module in use stays until the next boot, and that is said.</summary>
    public const string Off = $$"""
        set -u
        PATH=/usr/sbin:/usr/bin:/sbin:/bin
        for f in /etc/modprobe.d/*.conf; do
          [ -f "$f" ] && grep -q '^{{Mark}}' "$f" && sed -i 's/^{{Mark}}//' "$f"
        done
        rm -f /etc/modules-load.d/sctp-load.conf
        grep -q '^SCTP ' /proc/net/protocols || exit 0
        modprobe -r sctp_diag 2>/dev/null
        modprobe -r sctp && exit 0
        echo "sctp is in use (or built into the kernel): it stays until this node boots again"
        exit 1
        """;
}
