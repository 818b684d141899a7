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

build() { # FOLDER [TARGET]
  cmake --build "$1" --parallel "$(nproc)" ${2:+--target "$2"} >/dev/null
}

sanitize() {
  cmake -S . -B target/sanitize -DSELVAGE_SANITIZE=ON -DSELVAGE_TESTS=ON >/dev/null
  build target/sanitize selvage_tests
  ctest --test-dir target/sanitize --output-on-failure --parallel "$(nproc)" "$@"
}

cpp_tests() {
  renice -n 10 "$BASHPID" >/dev/null # takes what Java's tests leave idle
  build target/cmake
  sanitize --label-exclude long >target/sanitize.log 2>&1 &
  ctest --test-dir target/cmake --output-on-failure --parallel "$(nproc)"
  local sanitized=0
  wait $! || sanitized=$?
  cat target/sanitize.log
  return "$sanitized"
}

java_tests() {
  mvn -B -q verify -Dnative.ready &&
    mvn -B -q -f src/spark-test/pom.xml test # on the jar that verify has built
}

if [ "${1:-}" = --sanitize ]; then
  sanitize
  exit
fi
cmake -S . -B target/cmake -DCMAKE_BUILD_TYPE=Release -DSELVAGE_TESTS=ON \
  -DCMAKE_INSTALL_PREFIX="$PWD/target/classes/dev/selvage/runtime/linux-x86_64" >/dev/null
build target/cmake java_tests
cmake --install target/cmake >/dev/null
set -m # so that the C++ tests can be ended with all that they have started
cpp_tests >target/cpp-tests.log 2>&1 &
cpp=$!
set +m
trap 'kill -- -$cpp 2>/dev/null || true' EXIT
failed=0
java_tests || failed=1
wait "$cpp" || failed=1
cat target/cpp-tests.log
exit "$failed"
