#!/bin/sh
# Fetch the NHS design system's compiled stylesheet again, trim it to what our pages can use (see
# stylesheet.py), and put that and the icons it names into the package.
# The Frutiger font is licensed to the NHS and its file is elsewhere: its rules are taken out, and
# what is left says Arial. Nothing else of the package is needed: the pages use no script. The package
# carries no licence file; assets/nhsuk-frontend.LICENSE says where its licence is stated.
set -eu
version=10.6.1
here=$(cd "$(dirname "$0")" && pwd)
assets=$here/../src/wholerecord/portal/assets
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
(cd "$work" && npm pack --silent "nhsuk-frontend@$version" >/dev/null)
tar xzf "$work/nhsuk-frontend-$version.tgz" -C "$work"
sed -e 's/@font-face{[^}]*}//g' -e 's/Frutiger W01,//g' -e 's/^\/\*# sourceMappingURL.*$//' \
    "$work/package/dist/nhsuk/nhsuk-frontend.min.css" >"$here/nhsuk-frontend.css"
(cd "$here/.." && .venv/bin/python -m tools.stylesheet)
rm -f "$assets"/images/*.svg
mkdir -p "$assets/images"
grep -o '/assets/images/[a-z0-9-]*\.svg' "$assets/nhsuk-frontend.css" | sort -u | while read -r icon; do
    cp "$work/package/dist/nhsuk$icon" "$assets/images/"
done
