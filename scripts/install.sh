# Sourced by the other scripts: installs what a bare Debian 12 lacks, and sets up Maven. Safe to repeat.

# need COMMAND PACKAGE...: makes sure that COMMAND is there, from Debian's packages where it is not.
need() {
  local command=$1
  shift
  command -v "$command" >/dev/null 2>&1 && return
  if ! command -v apt-get >/dev/null 2>&1 || [ "$(id -u)" -ne 0 ]; then
    echo "$command is missing: install it (Debian: apt-get install $*), since this script can do so only as root with apt-get" >&2
    exit 2
  fi
  if [ -z "${apt_updated:-}" ]; then
    apt-get update -qq
    apt_updated=1
  fi
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

need javac openjdk-17-jdk-headless
need mvn maven
need cmake cmake make
need make make
need g++ g++

# Maven's processes end before an optimizing compiler has paid for itself: half the processor time without it.
export MAVEN_OPTS="${MAVEN_OPTS:--XX:TieredStopAtLevel=1 -XX:+UseSerialGC}"
