#!/usr/bin/env bash
# Measures what the README states, on this machine, warm: lab up, its memory, the whole guide. Prints a table.
#   eng/figures.sh [RUNS]      default 3
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
runs=${1:-3}
name=figures
cli=$root/.build/bin/trunkline/trunkline
bash "$root/eng/setup.sh"

seconds() { local start end; start=$(date +%s.%N); "$@" >/dev/null; end=$(date +%s.%N); echo "$end - $start" | bc; }
middle() { sort -n | sed -n "$(( (runs + 1) / 2 ))p"; }

# Proportional set size counts a shared page once over all processes; resident counts it in each.
memory() {
  "$cli" lab status --name $name --output json | python3 -c '
import json, sys
status = json.load(sys.stdin)
pids = [status["controlPlane"]["pid"]] + [p for n in status["nodes"] for p in n["processes"]]
def kib(pid, file, key):
    try:
        return next((int(l.split()[1]) for l in open(f"/proc/{pid}/{file}") if l.startswith(key)), 0)
    except FileNotFoundError:
        return 0
print(sum(kib(p, "status", "VmRSS:") for p in pids) // 1024, sum(kib(p, "smaps_rollup", "Pss:") for p in pids) // 1024)'
}

"$cli" lab up --name $name >/dev/null && "$cli" lab down --name $name >/dev/null   # warm
ups=() guides=()
for _ in $(seq "$runs"); do
  ups+=("$(seconds "$cli" lab up --name $name)")
  read -r rss pss < <(memory)
  "$cli" lab down --name $name >/dev/null
done
for _ in $(seq "$runs"); do guides+=("$(seconds "$cli" guide --name $name)"); done

printf '%-44s %s\n' "lab up, 3 nodes Ready (median of $runs)" "$(printf '%s\n' "${ups[@]}" | middle) s"
printf '%-44s %s\n' 'memory of all lab processes, resident' "$rss MiB"
printf '%-44s %s\n' 'the same, shared pages counted once' "$pss MiB"
printf '%-44s %s\n' "the whole guide (median of $runs)" "$(printf '%s\n' "${guides[@]}" | middle) s"
