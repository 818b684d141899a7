#!/usr/bin/env bash
# kernel-report-test.sh SCRIPT: runs a copy of kernel-report.sh with a CMake and an nvcc that only print what ptxas would.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/scripts" "$folder/bin"
cp "$1" "$folder/scripts"
printf '#!/bin/sh\n' >"$folder/bin/nvcc"
cat >"$folder/bin/cmake" <<'END'
#!/bin/sh
case "$*" in
  *--build*) cat "$PTXAS" ;;
  *)
    mkdir -p target/kernel-report/native/checks
    printf '#!/bin/sh\necho $*\n' >target/kernel-report/native/checks/gpu_check
    chmod +x target/kernel-report/native/checks/gpu_check
    ;;
esac
END
chmod +x "$folder/bin/nvcc" "$folder/bin/cmake"

kernel() { # architecture, registers, bytes of static shared memory, bytes spilled
  echo "ptxas info    : Compiling entry function '_ZN7selvage4cuda12_GLOBAL__N_15twiceIfEEvPT_' for 'sm_$1'"
  echo "ptxas info    : Function properties for _ZN7selvage4cuda12_GLOBAL__N_15twiceIfEEvPT_"
  echo "    0 bytes stack frame, $4 bytes spill stores, 0 bytes spill loads"
  echo "ptxas info    : Used $2 registers, used 1 barriers, $3 bytes smem"
}

expect() { # exit code, what is printed
  local code=0 printed
  printed=$(PATH=$folder/bin:$PATH PTXAS=$folder/ptxas "$folder/scripts/kernel-report.sh" 90 2>&1) || code=$?
  [ "$code" = "$1" ] && [ "$printed" = "$2" ] && return
  printf 'expected exit code %s and\n%s\nfound exit code %s and\n%s\n' "$1" "$2" "$code" "$printed" >&2
  exit 1
}

kernel 90 40 1024 0 >"$folder/ptxas"
expect 0 "sm_90    40 registers   1024 bytes shared    0 bytes spilled  48 of 64 warps  twice<float>
1 kernels, 0 bytes spilled
--roofline"
kernel 90 255 0 8 >"$folder/ptxas"
expect 1 "sm_90   255 registers      0 bytes shared    8 bytes spilled   8 of 64 warps  twice<float>
1 kernels, 8 bytes spilled"
: >"$folder/ptxas"
expect 2 "kernel-report: no kernel was compiled; target/kernel-report.log says why"
