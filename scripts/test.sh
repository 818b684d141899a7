#!/usr/bin/env bash
# Builds everything and passes every test, Java and C++, on a bare Debian 12; the C++ tests a second
# time under AddressSanitizer and UndefinedBehaviorSanitizer. With --sanitize only that second part,
# every case of it.
set -euo pipefail
cd "$(dirname "$0")/.."
case "${1:-}" in
  "" | --sanitize) ;;
  *)
    echo "scripts/test.sh: expected no argument or --sanitize, found '$1'" >&2
    exit 2
    ;;
esac
. scripts/install.sh
need clang-format clang-format
need chromium chromium # looks at the pages
need chromedriver chromium-driver
need mpicxx libopenmpi-dev openmpi-bin # trains on several ranks

sanitize() {
  cmake -S . -B target/sanitize -DCMAKE_BUILD_TYPE=RelWithDebInfo -DSELVAGE_SANITIZE=ON -DSELVAGE_TESTS=ON >/dev/null
  cmake --build target/sanitize --parallel "$(nproc)" >/dev/null
  ctest --test-dir target/sanitize --output-on-failure --parallel "$(nproc)" "$@"
}

if [ "${1:-}" = --sanitize ]; then
  sanitize
else
  mvn -B -q verify -Dnative.tests=ON
  mvn -B -q -f src/spark-test/pom.xml test # on the jar that verify has built
  sanitize --label-exclude long
fi
