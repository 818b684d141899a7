#!/usr/bin/env bash
# The scripts of other authors that the studio's pages and their tests use, from npm's tarballs. Without an argument it
# writes them and vendor.json again: change a version below, run it, and commit what it writes. With --check it fails if
# a file in the tree differs from the published one.
set -euo pipefail
cd "$(dirname "$0")/.."

# name version licence tarball's-file=file...
preact="preact 11.2.0 MIT dist/preact.mjs=preact.js hooks/dist/hooks.mjs=hooks.js LICENSE=LICENSE-preact.txt"
htm="htm 3.1.1 Apache-2.0 dist/htm.mjs=htm.js LICENSE=LICENSE-htm.txt"
uplot="uplot 1.6.32 MIT dist/uPlot.esm.js=uplot.js dist/uPlot.min.css=uplot.css LICENSE=LICENSE-uplot.txt"
axe="axe-core 4.14.1 MPL-2.0 axe.min.js=axe.js LICENSE=LICENSE-axe-core.txt LICENSE-3RD-PARTY.txt=LICENSE-axe-core-parts.txt"

case "${1:-}" in
  "" | --check) ;;
  *)
    echo "scripts/vendor-studio.sh: expected no argument or --check, found '$1'" >&2
    exit 2
    ;;
esac
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# vendor FOLDER PACKAGE...: fetches the packages, and describes them in FOLDER/vendor.json, a bill of materials in
# CycloneDX's format.
vendor() {
  local out="$work/new/$1" components=() package
  mkdir -p "$out"
  shift
  for package in "$@"; do
    local name version licence pairs url files=() pair file
    read -r name version licence pairs <<<"$package"
    url="https://registry.npmjs.org/$name/-/$name-$version.tgz"
    mkdir -p "$work/$name"
    curl -fsS "$url" | tar xz -C "$work/$name"
    for pair in $pairs; do
      file=${pair#*=}
      # a page finds no bare names and no source maps
      sed -e 's,from"preact",from"./preact.js",' -e '/^\/\/# sourceMappingURL=/d' "$work/$name/package/${pair%%=*}" >"$out/$file"
      files+=("$(printf '        { "type": "file", "name": "%s", "hashes": [{ "alg": "SHA-256", "content": "%s" }] }' \
        "$file" "$(sha256sum "$out/$file" | cut -d' ' -f1)")")
    done
    components+=("$(printf '    {
      "type": "library",
      "name": "%s",
      "version": "%s",
      "licenses": [{ "license": { "id": "%s" } }],
      "purl": "pkg:npm/%s@%s",
      "externalReferences": [{ "type": "distribution", "url": "%s" }],
      "components": [
%s
      ]
    }' "$name" "$version" "$licence" "$name" "$version" "$url" "$(join "${files[@]}")")")
  done
  printf '{\n  "bomFormat": "CycloneDX",\n  "specVersion": "1.6",\n  "version": 1,\n  "components": [\n%s\n  ]\n}\n' \
    "$(join "${components[@]}")" >"$out/vendor.json"
}

# join LINES...: with commas between them
join() {
  local text
  text=$(printf '%s,\n' "$@")
  printf '%s' "${text%,}"
}

pages=src/main/resources/studio/vendor
tests=src/test/resources/dev/selvage/studio/vendor
vendor "$pages" "$preact" "$htm" "$uplot"
vendor "$tests" "$axe"
for folder in "$pages" "$tests"; do
  if [ "${1:-}" = --check ]; then
    diff -r "$work/new/$folder" "$folder"
  else
    rm -rf "$folder"
    mkdir -p "$(dirname "$folder")"
    cp -r "$work/new/$folder" "$folder"
  fi
done
