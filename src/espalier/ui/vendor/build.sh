#!/bin/sh
# Rebuild the vendored nhsuk-frontend files: see README.md in this folder.
# Usage: sh build.sh NODE_FOLDER   (a folder in which npm has installed nhsuk-frontend, sass and esbuild)
set -eu
here=$(cd "$(dirname "$0")" && pwd)
node=$(cd "$1" && pwd)
version=$(sed -n 's/.*"version": "\([0-9.]*\)".*/\1/p' "$node/node_modules/nhsuk-frontend/package.json" | head -n 1)
out="$here/../static/ui/nhsuk-$version"
mkdir -p "$out"

cd "$node"
npx --no-install sass --no-source-map --no-charset --quiet --style=compressed \
    --load-path="node_modules/nhsuk-frontend/dist" "$here/nhsuk.scss" "$out/nhsuk.css"
# Old Microsoft browsers' contrast query is dead weight, and the colours become custom properties.
sed -i 's/,(-ms-high-contrast: active)//g; s/,(-ms-high-contrast:active)//g' "$out/nhsuk.css"
while read -r colour property; do
    sed -i "s/$colour/var($property)/g" "$out/nhsuk.css"
done < "$here/colours.txt"
# url("name.svg") is now relative to the style sheet; copy exactly the images it names.
grep -oE 'nhsuk-[a-z-]+\.svg' "$out/nhsuk.css" | sort -u | while read -r image; do
    find node_modules/nhsuk-frontend/dist -name "$image" -exec cp {} "$out/" \;
done

cp "$here/nhsuk.mjs" ./nhsuk-entry.mjs
npx --no-install esbuild nhsuk-entry.mjs --bundle --format=esm --minify --target=es2020 \
    --legal-comments=none --outfile="$out/nhsuk.js" --log-level=warning
rm nhsuk-entry.mjs
gzip -9c "$out/nhsuk.css" | wc -c
gzip -9c "$out/nhsuk.js" | wc -c
