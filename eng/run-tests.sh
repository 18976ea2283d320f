#!/usr/bin/env bash
# Builds the solution, checks its formatting, runs test projects one after the other and sums their TRX reports. Called by ./test.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
results=$root/artifacts/test-results
longest=900 # seconds a project may take before it counts as crashed
export TRUNKLINE_ROOT=$root PATH="$root/.build/bin:$PATH:/usr/sbin:/sbin"

printf 'building\n'
dotnet build Trunkline.slnx -c Release -v quiet --nologo

rm -rf "$results" && mkdir -p "$results"
crashed=0

# Formatting counts as a test. What was found good is not looked at again before it changes.
formatted=$(find src tests benchmarks .editorconfig -name obj -prune -o -name bin -prune -o -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum)
if [ "$(cat .build/stamps/format 2>/dev/null)" != "$formatted" ]; then
  printf 'checking the formatting\n'
  if dotnet format whitespace Trunkline.slnx --no-restore --verify-no-changes -v quiet >"$results/format.log" 2>&1; then
    printf '%s' "$formatted" > .build/stamps/format
  else
    crashed=1
    grep -oE '[^/]*/[^/]*\([0-9,]+\): error [A-Z]+' "$results/format.log" | sort -u | head -10
    printf 'the formatting is not as .editorconfig has it: run `dotnet format whitespace Trunkline.slnx`\n'
  fi
fi

chosen() { [ $# = 1 ] && return 0; local name=$1 word; shift; for word; do [[ $name == *"$word"* ]] && return 0; done; return 1; }

for project in tests/*.Tests tests/*.IntegrationTests; do
  name=${project##*/}
  chosen "$name" "$@" || continue
  # A project without a single test file is not there yet.
  compgen -G "$project/*.cs" >/dev/null || [ -n "$(find "$project" -name '*.cs' -not -path '*/obj/*' -not -path '*/bin/*' -print -quit)" ] || continue
  started=$SECONDS
  code=0
  timeout --kill-after=30 $longest "$project/bin/Release/net10.0/$name" --report-trx --report-trx-filename "$name.trx" \
    --results-directory "$results" --progress off --output Normal >"$results/$name.log" 2>&1 || code=$?
  summary=$(grep -oE '<Counters [^>]*>' "$results/$name.trx" 2>/dev/null || true)
  # 0: all passed, 2: some failed, 8: none ran. Anything else, or no report, is a crash: it must not look like success.
  if [ -z "$summary" ] || { [ $code != 0 ] && [ $code != 2 ]; }; then
    crashed=$((crashed + 1))
    tail -30 "$results/$name.log"
    printf '%s: crashed (exit code %s), log %s\n' "$name" "$code" "$results/$name.log"
  else
    [ $code = 0 ] || grep -vE '^ *$' "$results/$name.log" | tail -60
    printf '%s: %s s\n' "$name" $((SECONDS - started))
  fi
done

sum() { cat "$results"/*.trx 2>/dev/null | grep -oE '<Counters [^>]*>' | grep -oE " $1=\"[0-9]+\"" | grep -oE '[0-9]+' | paste -sd+ | sed 's/^$/0/' | { read -r terms || terms=0; echo $((terms)); }; }
passed=$(sum passed)
failed=$(($(sum failed) + crashed))
skipped=$(sum notExecuted)
printf '%s passed, %s failed, %s skipped\n' "$passed" "$failed" "$skipped"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
