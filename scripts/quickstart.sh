#!/usr/bin/env bash
# From a bare Debian 12 to pictures of a trained model: builds Selvage, draws the sample photos, trains on one half of
# them from scratch, and says what the result is worth on the other half. Safe to repeat: it goes on where it stopped.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/install.sh

selvage() { java -jar target/selvage.jar "$@"; }

mvn -B -q package -DskipTests
selvage sample target/sample
# bf16 is a third faster, and the model is as good, on processors that compute with it
precision=f32
if grep -qw avx512_bf16 /proc/cpuinfo; then precision=bf16; fi
selvage train --data target/sample --preset sample --precision $precision --run runs/sample
selvage evaluate --data target/sample --weights runs/sample --split valid --samples 12 --out runs/sample/pictures

echo
echo "Truth (left) and result (right): runs/sample/pictures"
echo "AP is COCO's average precision over all classes, 1 at best. AP50 counts a detection whose overlap with the truth is 0.5 or more."
echo "Look at the run in a browser: java -jar target/selvage.jar studio --data target/sample"
echo "Train on your own photos from here: java -jar target/selvage.jar train --data DIR --preset street --weights runs/sample"
