#!/usr/bin/env bash
# gpu-check.sh [--device cuda[:N]] [--cases-only] [--with FOLDER]: holds every kernel to the native tests' table of cases on
# this machine's GPU, then times the operations of a training step. Needs nvcc, CMake and a C++ compiler; no Maven and no
# Java. --with takes libselvage_cuda.so and gpu_check out of a folder in place of building them. Exit code 0 if every
# kernel passes, 1 if one fails, 2 if there is nothing to check with.
set -euo pipefail
cd "$(dirname "$0")/.."

give_up() {
  echo "gpu-check: $1" >&2
  exit 2
}

device=cuda cases_only="" folder=""
while [ $# -gt 0 ]; do
  case "$1" in
    --device | --with)
      [ $# -gt 1 ] || give_up "option $1: expected a value, found none"
      if [ "$1" = --device ]; then device=$2; else folder=$2; fi
      shift 2
      ;;
    --cases-only)
      cases_only=$1
      shift
      ;;
    *) give_up "expected --device, --cases-only or --with, found '$1'" ;;
  esac
done
[[ $device =~ ^cuda(:[0-9]+)?$ ]] || give_up "option --device: expected cuda or cuda:N, found '$device'"

if [ -z "$folder" ]; then
  PATH=$PATH:/usr/local/cuda/bin
  command -v nvcc >/dev/null ||
    give_up "nvcc is missing: install NVIDIA's CUDA toolkit 12 or newer and put its bin folder on the PATH"
  command -v cmake >/dev/null || give_up "cmake is missing (Debian: apt-get install cmake make g++)"
  command -v nvidia-smi >/dev/null || give_up "no NVIDIA driver is installed (nvidia-smi is not found)"
  capability=$(nvidia-smi --query-gpu=compute_cap --format=csv,noheader 2>/dev/null | sort -u | tr -d . | paste -sd ';') ||
    capability=""
  [ -n "$capability" ] || give_up "the NVIDIA driver sees no GPU"
  folder=target/gpu-check
  mkdir -p target
  echo "gpu-check: compiling the kernels for sm_${capability//;/, sm_}" >&2
  cmake -S . -B "$folder" -DCMAKE_BUILD_TYPE=Release -DSELVAGE_CPU=OFF -DSELVAGE_CUDA=ON \
    "-DSELVAGE_CUDA_ARCHITECTURES=$capability" >"$folder.log" 2>&1 &&
    cmake --build "$folder" --parallel "$(nproc)" >>"$folder.log" 2>&1 || {
    tail -20 "$folder.log" >&2
    give_up "the kernels did not compile; $folder.log says why"
  }
  mkdir -p "$folder/bin"
  cp "$folder"/cuda/libselvage_cuda.so "$folder"/native/checks/libselvage_checks.so "$folder"/native/checks/gpu_check \
    "$folder/bin"
  folder=$folder/bin
fi
[ -x "$folder/gpu_check" ] || give_up "option --with: expected a folder with gpu_check, found none in $folder"
exec "$folder/gpu_check" "$(cd "$folder" && pwd)/libselvage_cuda.so" "$device" $cases_only
