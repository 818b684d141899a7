#!/usr/bin/env bash
# kernel-report.sh [ARCHITECTURE...]: compiles every kernel for the architectures (default 80 90 100) and prints what each
# needs of a GPU: registers a thread, static shared memory a block, bytes spilled, and how many warps of 256-thread blocks
# a multiprocessor holds at once by registers and static shared memory (a product's ring of dynamic shared memory allows
# fewer: docs/gpu.md). Then the main loops of the matrix kernels in 16 bits, as compiled. Last the least time of each
# operation of a training step (ResNet-50 with FPN, 8 images of 800 x 1344, bf16) by the data sheets of A100 and H100.
# Fails if any kernel spills, a main loop is beyond its limit, or products by warpgroups wait for each other. Needs nvcc,
# cuobjdump, nvdisasm, CMake and a C++ compiler, no GPU. All seven architectures of a release: 75 80 86 89 90 100 120,
# some minutes.
set -euo pipefail
cd "$(dirname "$0")/.."

give_up() {
  echo "kernel-report: $1" >&2
  exit 2
}

PATH=$PATH:/usr/local/cuda/bin
command -v nvcc >/dev/null ||
  give_up "nvcc is missing: install NVIDIA's CUDA toolkit 12 or newer and put its bin folder on the PATH"
command -v cuobjdump >/dev/null && command -v nvdisasm >/dev/null ||
  give_up "cuobjdump or nvdisasm is missing: both are part of NVIDIA's CUDA toolkit"
[ $# -gt 0 ] || set -- 80 90 100
for number in "$@"; do
  [[ $number =~ ^[0-9]+$ ]] || give_up "expected architectures like 80 or 90, found '$number'"
done
architectures=$(printf ';%s-real' "$@")
architectures=${architectures%-real}  # the last one's PTX too, as the release has it
folder=target/kernel-report
mkdir -p target
# Of each file, what ptxas says of its kernels stays together: the lines of several compilers are not mixed.
cmake -G "Unix Makefiles" -S . -B "$folder" -DCMAKE_BUILD_TYPE=Release -DSELVAGE_CPU=OFF -DSELVAGE_CUDA=ON \
  "-DSELVAGE_CUDA_ARCHITECTURES=${architectures#;}" -DCMAKE_CUDA_FLAGS=-Xptxas=-v >"$folder.log" 2>&1 &&
  cmake --build "$folder" --clean-first --parallel "$(nproc)" -- --output-sync=target >>"$folder.log" 2>&1 || {
  tail -20 "$folder.log" >&2
  give_up "the kernels did not compile; $folder.log says why"
}
c++filt -p <"$folder.log" | awk '
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
  END {
    if (kernels == 0) exit 3
    printf "%d kernels, %d bytes spilled\n", kernels, total; exit total > 0
  }
' || {
  code=$?
  [ $code != 3 ] || give_up "no kernel was compiled; $folder.log says why"
  exit $code
}

# The main loop of each matrix kernel in 16 bits, from sm_80 on. Its limits: a tensor core takes 4 clocks of an H100 for
# an HMMA, and a scheduler issues one instruction a clock; all copies are of 16 bytes and have no branches around them;
# in the two large tiles half of them are issued after the first HMMA, so that it does not wait for all of them. The sums
# of the bias gradient, which all but the first rows of blocks skip, have a limit of their own.
cuobjdump -sass "$folder/cuda/libselvage_cuda.so" 2>>"$folder.log" | LC_ALL=C awk '
  # Addresses are hexadecimal: as strings of one length they compare like numbers.
  function address(text) { gsub(/0x|[^0-9a-f]/, "", text); return substr("00000000", 1, 8 - length(text)) text "x" }
  /code for sm_/ { architecture = $3 }
  /Function :/ { name = $3; n = 0; found = 0 }
  /^ +\/\*[0-9a-f]+\*\/ / {
    at[++n] = address($1)
    op[n] = $2 ~ /^@/ ? $3 : $2
    if (found || op[n] !~ /^BRA/) next
    target = ""
    for (i = 2; i <= NF && target == ""; i++) if ($i ~ /^0x[0-9a-f]+;?$/) target = address($i)
    to[n] = target
    if (target == "" || target > at[n]) next
    hmma = copies = narrow = among = branches = skipped = 0  # of the loop, from its end to its beginning
    for (i = n; i > 0 && at[i] >= target; i--) {
      if (op[i] ~ /^BRA/ && to[i] > at[i] && to[i] <= at[n]) for (k = i + 1; at[k] < to[i]; k++) skipped++
      if (op[i] ~ /^HMMA\.16816/) { hmma++; among = copies }
      if (op[i] ~ /^LDGSTS/) { copies++; if (op[i] !~ /128/) narrow++ }
      if (op[i] ~ /^(BRA|BSSY|CALL)/) branches++
    }
    if (hmma == 0) next
    found = 1
    limit = hmma >= 64 ? 4.7 : hmma >= 32 ? 6 : 9.5
    wrong = (n - i - skipped) / hmma > limit || skipped > 112 || narrow > 0 || branches > 3 ||
      among < (hmma >= 32 ? copies / 2 : 1)
    loops++; failed += wrong
    printf "%-6s %5.2f of %.1f instructions per HMMA, %d skipped %2d of %d copies after the first HMMA %2d narrow %d branches%s  %s\n",
      architecture, (n - i - skipped) / hmma, limit, skipped, among, copies, narrow, branches, wrong ? "  TOO MANY" : "", name
  }
  END { printf "%d main loops, %d beyond a limit\n", loops, failed; exit loops == 0 || failed > 0 }
' | c++filt -p | sed -E 's/selvage::cuda::|\(anonymous namespace\):://g' || {
  echo "kernel-report: a main loop is beyond its limit, or none was found" >&2
  exit 1
}

# ptxas says so where it cannot prove that nothing reads the sums of products that are still running.
if grep -q "wgmma.mma_async instructions are serialized" "$folder.log"; then
  echo "kernel-report: the products by warpgroups wait for each other; $folder.log says why" >&2
  exit 1
fi

"$folder/native/checks/gpu_check" --roofline
