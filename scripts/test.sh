#!/usr/bin/env bash
# Builds everything and passes every test, Java and C++, on a bare Debian 12.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/install.sh
mvn -B -q verify -Dnative.tests=ON
