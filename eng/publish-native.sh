#!/usr/bin/env bash
# Compiles the small programs ahead of time into .build/bin: nc (static: it must run in any image), trunkline-sctp, trunkline-node.
# Each is made again only when what it is made from has changed (.build/stamps/native-*).
#   eng/publish-native.sh [nc|trunkline-sctp|trunkline-node]...
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
bin=$root/.build/bin
stamps=$root/.build/stamps
mkdir -p "$bin" "$stamps"

content() { (cd "$root" && find "$@" -type d \( -name bin -o -name obj \) -prune -o -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -c1-32); }

case $(uname -m) in
  x86_64) rid=linux-x64 ;;
  aarch64) rid=linux-arm64 ;;
  *) echo "no native programs for $(uname -m)" >&2; exit 1 ;;
esac

# The machine's gcc links as well as clang does.
linker=()
command -v clang >/dev/null 2>&1 || linker=(-p:CppCompilerAndLinker=gcc)

publish() {
  local name=$1 project=$2
  shift 2
  local key
  key=$(content eng/publish-native.sh Directory.Build.props Directory.Packages.props global.json src/Directory.Build.props src/Trunkline.Sctp "src/$project")
  if [ -x "$bin/$name" ] && [ -f "$stamps/native-$name" ] && [ "$(cat "$stamps/native-$name")" = "$key" ]; then
    return
  fi

  local out=$root/.build/native/$name
  rm -rf "$out"
  (cd "$root" && dotnet publish "src/$project" -c Release -r "$rid" -o "$out" -v quiet --nologo -p:DebugType=none "${linker[@]}" "$@")
  local made
  made=$(find "$out" -maxdepth 1 -type f -executable ! -name '*.dbg' ! -name '*.so' | head -1)
  [ -n "$made" ] || { echo "publishing $project made no program" >&2; exit 1; }

  # Renamed into place: a running program keeps its file.
  install -m 0755 "$made" "$bin/.$name.new"
  mv -f "$bin/.$name.new" "$bin/$name"
  printf '%s' "$key" > "$stamps/native-$name"
}

wanted=("$@")
[ ${#wanted[@]} -gt 0 ] || wanted=(nc trunkline-sctp trunkline-node)
for name in "${wanted[@]}"; do
  case $name in
    nc)
      # StripSymbols off: objcopy refuses the static binary's relocations; strip itself does not.
      # lld: binutils 2.40 fails an assertion of its own (elflink.c:15293) on the static position-independent link.
      publish nc Trunkline.Netcat -p:StaticExecutable=true -p:StripSymbols=false -p:LinkerFlavor=lld
      ;;
    trunkline-sctp) publish trunkline-sctp Trunkline.SctpService ;;
    trunkline-node) publish trunkline-node Trunkline.NodeInit ;;
    *) echo "no such program: $name" >&2; exit 2 ;;
  esac
done
