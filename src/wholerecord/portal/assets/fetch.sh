#!/bin/sh
# Fetch the NHS design system's compiled stylesheet and icons again, into the folder this is in.
# The Frutiger font is licensed to the NHS and its file is elsewhere: its rules are taken out, and
# what is left says Arial. Nothing else of the package is needed: the pages use no script. The package
# carries no licence file; nhsuk-frontend.LICENSE beside this says where its licence is stated.
set -eu
version=10.6.1
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm pack --silent "nhsuk-frontend@$version" >/dev/null
tar xzf "nhsuk-frontend-$version.tgz"
sed -e 's/@font-face{[^}]*}//g' -e 's/Frutiger W01,//g' -e 's/^\/\*# sourceMappingURL.*$//' \
    package/dist/nhsuk/nhsuk-frontend.min.css >"$here/nhsuk-frontend.css"
mkdir -p "$here/images"
grep -o '/assets/images/[a-z0-9-]*\.svg' "$here/nhsuk-frontend.css" | sort -u | while read -r icon; do
    cp "package/dist/nhsuk$icon" "$here/images/"
done
