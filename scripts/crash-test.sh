#!/usr/bin/env bash
# Kills train, resize and submit at random moments, and lets their disk run full at many sizes. After
# each: what was written before is intact. In the end the same command has made the same bytes as
# one that was never disturbed. Prints a table; exit code 1 if anything was lost.
#
#   scripts/crash-test.sh [KILLS [SIZES [SEED]]]     (default: 100 kills, 20 sizes for each command)
#
# Full disks are small mounts of tmpfs, which only root can make; others get the kills alone.
# SELVAGE: the command that runs Selvage (default: java -jar target/selvage.jar)
set -u
KILLS=${1:-100} SIZES=${2:-20} RANDOM=${3:-1}
read -ra SELVAGE <<<"${SELVAGE:-java -jar target/selvage.jar}"
WORK=$(mktemp -d)
DISK=$WORK/disk
trap 'umount "$DISK" 2>/dev/null; rm -rf "$WORK"' EXIT
COMMANDS=(train resize submit)
lost=0
declare -A kills disks full time

# A model and a run so small that a command is over in seconds.
SETTINGS=(NAME=tiny BACKBONE=resnet18 BACKBONE_WIDTH=8 IMAGE_MIN_DIM=64 IMAGE_MAX_DIM=64
  FPN_CLASSIF_FC_LAYERS_SIZE=16 TOP_DOWN_PYRAMID_SIZE=16 RPN_CHANNELS=16 MASK_CHANNELS=16
  RPN_ANCHOR_SCALES=8,16,32,64,128 POST_NMS_ROIS_TRAINING=40 TRAIN_ROIS_PER_IMAGE=12
  STEPS_PER_EPOCH=2 VALIDATION_STEPS=1 VALIDATION_FRACTION=0.3 EPOCHS=1,3 LRS=0.01 LAYERS=heads,all
  FLIPS=false,true EVAL_EVERY=1 KEEP_CHECKPOINTS=2)

# run COMMAND FOLDER: the command with its results in a folder
run() {
  case $1 in
    train) "${SELVAGE[@]}" train --data "$WORK/data" --run "$2/run" "${SETTINGS[@]/#/--set=}" ;;
    resize) "${SELVAGE[@]}" resize --data "$WORK/data" --out "$2/small" --side 128 --threads 1 ;;
    submit) # every object that the tiny model sees, so that the file is longer than a page of the disk
      "${SELVAGE[@]}" submit --data "$WORK/data" --weights "$WORK/train/run" --out "$2/submission.csv" \
        --set DETECTION_MIN_CONFIDENCE=0 ;;
  esac >"$WORK/out" 2>"$WORK/err"
}

fail() {
  echo "LOST: $*"
  tail -3 "$WORK/err"
  lost=1
}

# losses LOG: the columns that the clock does not change
losses() { cut -d, -f1-16 "$1"; }

# intact COMMAND FOLDER: every file under its own name is whole and as in the undisturbed result
intact() {
  local file name reference=$WORK/$1
  while read -r name; do
    file=$2/$name
    case $name in
      *.part | */.lock | */resize.part/* | */state_* | */*_best.h5 | */events.* | */split.html) ;;
      */config.json) [ "$(tail -c 2 "$file")" = "}" ] || fail "$1: $file is cut off" ;;
      */log.csv) # a row of an epoch that is trained again may be there already
        losses "$file" | cmp -s - <(losses "$reference/$name" | head -n "$(wc -l <"$file")") ||
          fail "$1: $file has other rows" ;;
      *) [ ! -e "$reference/$name" ] || cmp -s "$file" "$reference/$name" || fail "$1: $file differs" ;;
    esac
  done < <(cd "$2" && find . -type f)
}

# epochs FOLDER: how many epochs are complete
epochs() { find "$1" -name 'state_0*.safetensors' | sed 's/.*state_0*//; s/[.].*//' | sort -n | tail -1; }

# same COMMAND FOLDER: the finished result is the undisturbed one
same() {
  intact "$1" "$2"
  local name
  while read -r name; do
    [ -e "$2/$name" ] || fail "$1: $2/$name is missing"
    case $name in *.h5) cmp -s "$2/$name" "$WORK/$1/$name" || fail "$1: $2/$name differs" ;; esac
  done < <(cd "$WORK/$1" && find . -type f -not -name 'events.*')
}

"${SELVAGE[@]}" sample "$WORK/data" --images 12 >/dev/null || exit 2
for command in "${COMMANDS[@]}"; do
  mkdir "$WORK/$command"
  start=$(date +%s%N)
  run $command "$WORK/$command" || { cat "$WORK/err"; exit 2; }
  time[$command]=$((($(date +%s%N) - start) / 1000000))
  kills[$command]=0 disks[$command]=0 full[$command]=0
done

# Kills: three of five hit the training. A command is killed again and again until it ends.
order=(train train train resize submit)
done_kills=0
while [ "$done_kills" -lt "$KILLS" ]; do
  command=${order[$((RANDOM % 5))]}
  folder=$WORK/killed
  rm -rf "$folder"
  mkdir "$folder"
  for ((round = 0; round < 4 && done_kills < KILLS; round++)); do
    before=$(epochs "$folder")
    (run $command "$folder") &
    pid=$!
    # most of the time goes by before anything is written
    sleep "$(printf '%d.%03d' $((wait_ms = time[$command] * (35 + RANDOM % 65) / 100, wait_ms / 1000)) $((wait_ms % 1000)))"
    child=$(pgrep -P $pid)
    [ -n "$child" ] && kill -9 "$child" && kills[$command]=$((kills[$command] + 1)) && done_kills=$((done_kills + 1))
    wait $pid 2>/dev/null && break
    intact $command "$folder"
    [ "$(epochs "$folder")" -ge "${before:-0}" ] 2>/dev/null || [ -z "$before" ] || fail "$command: epoch $before is gone"
  done
  run $command "$folder" || fail "$command: does not go on after a kill"
  same $command "$folder"
done

# Full disks: of sizes up to the one that holds the whole result.
if [ "$(id -u)" = 0 ]; then
  mkdir "$DISK"
  for command in "${COMMANDS[@]}"; do
    need=$(du -sk "$WORK/$command" | cut -f1)
    for ((i = 1; i <= SIZES; i++)); do
      mount -t tmpfs -o size=$(((need * i / SIZES + 3) / 4 * 4 + 4))k tmpfs "$DISK" || exit 2
      run $command "$DISK"
      code=$?
      disks[$command]=$((disks[$command] + 1))
      if [ $code != 0 ]; then
        full[$command]=$((full[$command] + 1))
        [ $code = 2 ] && [ "$(grep -c '^selvage: .*cannot be ' "$WORK/err")" = 1 ] && ! grep -q '^\sat ' "$WORK/err" ||
          fail "$command: exit code $code without a sentence"
      fi
      intact $command "$DISK"
      mount -o remount,size=1g "$DISK"
      run $command "$DISK" || fail "$command: does not go on after room was made"
      same $command "$DISK"
      umount "$DISK"
    done
  done
else
  echo "not root: no full disks"
fi

printf '%-8s %8s %8s %14s\n' command kills disks 'of them full'
for command in "${COMMANDS[@]}"; do
  printf '%-8s %8d %8d %14d\n' $command "${kills[$command]}" "${disks[$command]}" "${full[$command]}"
done
[ $lost = 0 ] && echo "nothing was lost" || echo "something was lost"
exit $lost
