#!/usr/bin/env bash
# kernel-report-test.sh SCRIPT: runs a copy of kernel-report.sh with a CMake, an nvcc and a cuobjdump that only print
# what ptxas and cuobjdump would.
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
printf '#!/bin/sh\n' >"$folder/bin/nvdisasm"
printf '#!/bin/sh\ncat "$SASS"\n' >"$folder/bin/cuobjdump"
chmod +x "$folder"/bin/*

kernel() { # architecture, registers, bytes of static shared memory, bytes spilled
  echo "ptxas info    : Compiling entry function '_ZN7selvage4cuda12_GLOBAL__N_15twiceIfEEvPT_' for 'sm_$1'"
  echo "ptxas info    : Function properties for _ZN7selvage4cuda12_GLOBAL__N_15twiceIfEEvPT_"
  echo "    0 bytes stack frame, $4 bytes spill stores, 0 bytes spill loads"
  echo "ptxas info    : Used $2 registers, used 1 barriers, $3 bytes smem"
}

loop() { # instructions of the body, a letter each, of a main loop: copy, narrow copy, HMMA, other, branch out of it, skip two
  local i=16 letter op
  printf '\tcode for sm_90\n\t\tFunction : _ZN7selvage4cuda12_GLOBAL__N_14gemmIfEEvPT_\n'
  printf '        /*%04x*/                   MOV R1, R2 ;   /* 0x0000a800ff017b82 */\n' 0
  for letter in $(sed 's/./& /g' <<<"$1") j; do
    case $letter in
      c) op="LDGSTS.E.BYPASS.128 [R1], desc[UR4][R2.64], P0" ;;
      n) op="LDGSTS.E.64 [R1], desc[UR4][R2.64], P0" ;;
      h) op="HMMA.16816.F32.BF16 R1, R2, R3, R1" ;;
      o) op="IADD3 R1, R2, R3, RZ" ;;
      b) op="@P1 BRA 0xff0" ;;
      f) op="@P1 BRA $(printf '0x%x' $((i + 48)))" ;;
      j) op="@!P0 BRA 0x10" ;;
    esac
    printf '        /*%04x*/                   %s ;   /* 0x0000a800ff017b82 */\n' $i "$op"
    i=$((i + 16))
  done
}

expect() { # exit code, what is printed
  local code=0 printed
  printed=$(PATH=$folder/bin:$PATH PTXAS=$folder/ptxas SASS=$folder/sass "$folder/scripts/kernel-report.sh" 90 2>&1) || code=$?
  [ "$code" = "$1" ] && [ "$printed" = "$2" ] && return
  printf 'expected exit code %s and\n%s\nfound exit code %s and\n%s\n' "$1" "$2" "$code" "$printed" >&2
  exit 1
}

kernel 90 40 1024 0 >"$folder/ptxas"
loop chfooooohooooooco >"$folder/sass"
expect 0 "sm_90    40 registers   1024 bytes shared    0 bytes spilled  48 of 64 warps  twice<float>
1 kernels, 0 bytes spilled
sm_90   8.00 of 9.5 instructions per HMMA, 2 skipped  1 of 2 copies after the first HMMA  0 narrow 2 branches  gemm<float>
1 main loops, 0 beyond a limit
--roofline"
too_many() { # a body, and its line
  loop "$1" >"$folder/sass"
  expect 1 "sm_90    40 registers   1024 bytes shared    0 bytes spilled  48 of 64 warps  twice<float>
1 kernels, 0 bytes spilled
$2  TOO MANY  gemm<float>
1 main loops, 1 beyond a limit
kernel-report: a main loop is beyond its limit, or none was found"
}
too_many choooooooooohooooooco "sm_90  11.00 of 9.5 instructions per HMMA, 0 skipped  1 of 2 copies after the first HMMA  0 narrow 1 branches"
too_many nhcoooohooooooo "sm_90   8.00 of 9.5 instructions per HMMA, 0 skipped  1 of 2 copies after the first HMMA  1 narrow 1 branches"
too_many cccchoooohooooo "sm_90   8.00 of 9.5 instructions per HMMA, 0 skipped  0 of 4 copies after the first HMMA  0 narrow 1 branches"
too_many chcoobbbohooooo "sm_90   8.00 of 9.5 instructions per HMMA, 0 skipped  1 of 2 copies after the first HMMA  0 narrow 4 branches"
kernel 90 255 0 8 >"$folder/ptxas"
expect 1 "sm_90   255 registers      0 bytes shared    8 bytes spilled   8 of 64 warps  twice<float>
1 kernels, 8 bytes spilled"
: >"$folder/ptxas"
expect 2 "kernel-report: no kernel was compiled; target/kernel-report.log says why"
