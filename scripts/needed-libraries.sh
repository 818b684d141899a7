#!/usr/bin/env bash
# needed-libraries.sh LIBRARY NAME...: fails unless LIBRARY needs no other library than those of the C runtime and the
# NAMEs, e.g. libgomp.so.1, so that it runs wherever they are.
set -euo pipefail
library=$1
shift
needed=$(readelf -d "$library" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p')
bad=0
for name in $needed; do
  case " libc.so.6 libm.so.6 libpthread.so.0 libdl.so.2 librt.so.1 ld-linux-x86-64.so.2 $* " in
    *" $name "*) ;;
    *)
      echo "$library needs $name, which a machine may lack: expected none but libc, libm, libpthread, libdl, librt, $*" >&2
      bad=1
      ;;
  esac
done
exit $bad
