#!/usr/bin/env bash
# jar-check.sh JAR: fails unless the jar's libraries are those that THIRD-PARTY.txt and THIRD-PARTY-NATIVE.txt list,
# licence files are in it, nothing of Spark or the build folder is, and it has at most 60 MB (without CUDA). Says so where the bill
# of materials is missing: its Maven plugin works only online.
set -euo pipefail
jar=$(realpath "$1")
cd "$(dirname "$0")/.."
list=THIRD-PARTY-NATIVE.txt
entries=$(jar tf "$jar")
fail() {
  echo "$jar: $1" >&2
  exit 1
}
found=$(sed -nE 's,^.*/([^/]+\.(so|dll|dylib|jnilib)(\.[0-9]+)*)$,\1,p' <<<"$entries" | sort -u)
listed=$(grep -oE '^lib[^ ]+' "$list" | sort -u)
if ! grep -qx libselvage_cuda.so <<<"$found"; then
  listed=$(grep -vx libselvage_cuda.so <<<"$listed")
  size=$(stat -c %s "$jar")
  [ "$size" -le 60000000 ] || fail "expected at most 60000000 bytes, found $size"
fi
if ! grep -qx libselvage_mpi.so <<<"$found"; then # built where there is no MPI
  listed=$(grep -vx libselvage_mpi.so <<<"$listed")
fi
difference=$(diff <(echo "$listed") <(echo "$found")) \
  || fail "its native libraries are not those of THIRD-PARTY-NATIVE.txt (< listed, > found):
$difference"
for needed in META-INF/LICENSE META-INF/NOTICE META-INF/THIRD-PARTY.txt META-INF/THIRD-PARTY-NATIVE.txt \
  META-INF/THIRD-PARTY-STUDIO.txt studio/vendor/vendor.json studio/vendor/LICENSE-preact.txt \
  org/bytedeco/opencv/linux-x86_64/share/licenses/opencv4/libpng-LICENSE; do
  grep -qxF "$needed" <<<"$entries" || fail "expected $needed in it, found no such entry"
done
foreign=$(grep -m1 -E '^(scala|org/apache/(spark|hadoop|commons)|org/slf4j|com/fasterxml)/.*[.]class$' <<<"$entries") &&
  fail "expected nothing of Spark in it, and what Spark has too below dev/selvage/shaded, found $foreign"
! grep -q '^target/' <<<"$entries" || fail "expected nothing of the build folder, found target/ in it"
grep -qx META-INF/sbom/bom.json <<<"$entries" ||
  echo "$jar: built offline, so without META-INF/sbom/bom.json; a release needs it" >&2
unpacked=$(mktemp -d)
trap 'rm -rf "$unpacked"' EXIT
(cd "$unpacked" && jar xf "$jar" META-INF/THIRD-PARTY.txt)
cmp -s THIRD-PARTY.txt "$unpacked/META-INF/THIRD-PARTY.txt" \
  || fail "expected THIRD-PARTY.txt to list its Java libraries; copy target/third-party/META-INF/THIRD-PARTY.txt to it"
