#!/usr/bin/env bash
# Measures what the README states, on this machine, warm: lab up, its memory, the whole guide. Prints a table.
#   eng/figures.sh [RUNS]      default 3
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
runs=${1:-3}
name=figures
cli=$root/.build/bin/trunkline/trunkline
bash "$root/eng/setup.sh"

seconds() { local start end; start=$(date +%s.%N); "$@" >/dev/null; end=$(date +%s.%N); awk "BEGIN { printf \"%.2f\", $end - $start }"; }
middle() { sort -n | sed -n "$(( (runs + 1) / 2 ))p"; }

# Every process of the lab, its nodes' and Pods' included, by its control groups. Resident counts a shared page in each process, proportional once over all.
memory() {
  local pids pid
  pids=$(find /sys/fs/cgroup -path "*/trunkline/$name/*" -name cgroup.procs -exec cat {} + 2>/dev/null | sort -un)
  for pid in $pids; do
    sed -n 's/^VmRSS:/resident/p' "/proc/$pid/status" 2>/dev/null || true
    sed -n 's/^Pss:/proportional/p' "/proc/$pid/smaps_rollup" 2>/dev/null || true
  done | awk '{ sum[$1] += $2 } END { print int(sum["resident"] / 1024), int(sum["proportional"] / 1024) }'
}

"$cli" lab up --name $name >/dev/null && "$cli" lab down --name $name >/dev/null   # warm
ups=() guides=()
for _ in $(seq "$runs"); do
  ups+=("$(seconds "$cli" lab up --name $name)")
  read -r rss pss < <(memory)
  "$cli" lab down --name $name >/dev/null
done
for _ in $(seq "$runs"); do guides+=("$(seconds "$cli" guide --name $name)"); done
"$cli" guide --name $name --keep >/dev/null
read -r rss_after pss_after < <(memory)
"$cli" lab down --name $name >/dev/null

printf '%-52s %s\n' "lab up, 3 nodes Ready (median of $runs)" "$(printf '%s\n' "${ups[@]}" | middle) s"
printf '%-52s %s\n' 'memory of all lab processes, resident' "$rss MiB; after the guide $rss_after MiB"
printf '%-52s %s\n' 'the same, shared pages counted once' "$pss MiB; after the guide $pss_after MiB"
printf '%-52s %s\n' "the whole guide (median of $runs)" "$(printf '%s\n' "${guides[@]}" | middle) s"
