#!/usr/bin/env bash
# kernel-report.sh [ARCHITECTURE...]: compiles every kernel for the architectures (default 80 90) and prints what each needs
# of a GPU: registers a thread, static shared memory a block, bytes spilled. Fails if any kernel spills. Needs nvcc, no GPU.
set -euo pipefail
cd "$(dirname "$0")/.."
if ! command -v nvcc >/dev/null; then
  echo "nvcc is missing: install NVIDIA's CUDA toolkit 12 or newer and put its bin folder on the PATH" >&2
  exit 2
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for architecture in "${@:-80 90}"; do
  for number in $architecture; do
    for source in cuda/*.cu; do
      nvcc -std=c++17 -arch="sm_$number" -Icuda -Inative -Inative/include -Xptxas -v -cubin "$source" \
        -o "$work/out.cubin" 2>>"$work/log" || { cat "$work/log" >&2; exit 1; }
    done
  done
done
c++filt -p <"$work/log" | awk '
  /Compiling entry function/ {
    split($0, part, "\047"); name = part[2]; architecture = part[4]
    gsub(/selvage::cuda::|\(anonymous namespace\)::/, "", name); sub(/^void /, "", name)
  }
  /spill stores/ { spilled = $5 + $9 }
  /Used [0-9]+ registers/ {
    shared = 0
    for (i = 1; i <= NF; i++) {
      if ($i == "registers,") registers = $(i - 1)
      if ($i ~ /^smem/) shared = $(i - 2)
    }
    printf "%-6s %4d registers %6d bytes shared %4d bytes spilled  %s\n", architecture, registers, shared, spilled, name
    kernels++; total += spilled
  }
  END { printf "%d kernels, %d bytes spilled\n", kernels, total; exit total > 0 }
'
