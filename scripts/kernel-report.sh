#!/usr/bin/env bash
# kernel-report.sh [ARCHITECTURE...]: compiles every kernel for the architectures (default 80 90) and prints what each needs
# of a GPU: registers a thread, static shared memory a block, bytes spilled, and how many warps of 256-thread blocks a
# multiprocessor holds at once by registers and static shared memory (a product's ring of dynamic shared memory allows
# fewer: docs/gpu.md). Then the least time of the products and maps of a training step (ResNet-50 with FPN, 8 images of
# 800 x 1344, bf16) by the data sheets of A100 and H100. Fails if any kernel spills. Needs nvcc, no GPU.
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
  # What a multiprocessor has: 65536 registers, given to warps in units of 256 (8 a lane); threads and shared memory vary.
  function warps(number, registers, shared,   most, bytes, blocks, limit) {
    most = number == 75 ? 32 : number == 86 || number == 89 || number == 120 ? 48 : 64
    bytes = number == 75 ? 64 : number == 86 || number == 89 || number == 120 ? 100 : number == 80 ? 164 : 228
    blocks = int(65536 / (int((registers + 7) / 8) * 8 * 256))
    limit = shared > 0 ? int(bytes * 1024 / (shared + 1024)) : blocks
    if (limit < blocks) blocks = limit
    return blocks * 8 < most ? blocks * 8 " of " most : most " of " most
  }
  /spill stores/ { spilled = $5 + $9 }
  /Used [0-9]+ registers/ {
    shared = 0
    for (i = 1; i <= NF; i++) {
      if ($i == "registers,") registers = $(i - 1)
      if ($i ~ /^smem/) shared = $(i - 2)
    }
    number = substr(architecture, 4) + 0
    printf "%-6s %4d registers %6d bytes shared %4d bytes spilled %9s warps  %s\n", architecture, registers, shared, spilled,
      warps(number, registers, shared), name
    kernels++; total += spilled
  }
  END { printf "%d kernels, %d bytes spilled\n", kernels, total; exit total > 0 }
'

# Least work and bytes, each operand read or written once; the larger of the two times.
awk -F'|' '
  function row(name, gflop, mb,   a, h) {
    a = gflop / 312; if (mb / 2039 > a) a = mb / 2039     # ms: A100 80 GB, 312 TFLOP/s, 2.039 TB/s
    h = gflop / 989; if (mb / 3350 > h) h = mb / 3350     # H100 SXM, 989 TFLOP/s, 3.35 TB/s
    printf "%-28s %-12s %8.0f GFLOP %8.0f MB %9.0f us A100 %9.0f us H100\n", name, pass, gflop, mb, a * 1000, h * 1000
    total_a += a; total_h += h
  }
  # The table of products in docs/gpu.md: layers, pass, products, GFLOP, MB, ...
  /^\| [^|]+ \| (forward|data grad|weight grad) \|/ {
    gsub(/^ +| +$/, "", $2); gsub(/^ +| +$/, "", $3); pass = $3
    row($2, $5 + 0, $6 + 0)
  }
  END {
    pass = ""
    row("ReLU gradients", 0, 9300); row("sums of gradients", 0, 9000); row("bias gradients", 0, 4700)
    row("pool, upsample, P6, images", 0, 1300); row("ROIAlign", 0, 600); row("weights to bf16", 0, 500); row("SGD", 0, 900)
    printf "together %.1f ms on an A100, %.1f ms on an H100\n", total_a, total_h
  }
' docs/gpu.md
