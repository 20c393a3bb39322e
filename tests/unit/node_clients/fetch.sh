#!/bin/sh
# JavaScript clients that nobody here wrote. Where there is no npm, their tests are skipped.
#   fhir-kit-client (MIT), by its lock file; fhirclient (Apache-2.0), the file that browsers load.
set -eu
cd "$(dirname "$0")"
SMART=fhirclient-2.6.3.tgz
SUM=0a2ad98b173059e95b9085f1a7194d431e7e65d262ae5e85d6ce32e32bc0d57ee11c092bf67f7d6951da322d305fef7b9c04e3290eb95fa341e5ab3fc19a09ce
test -e node_modules/fhirclient/build/fhir-client.min.js && exit 0
command -v npm >/dev/null 2>&1 || { echo "no npm: the JavaScript clients' tests are skipped"; exit 0; }
npm ci --silent --ignore-scripts --no-audit --no-fund
npm pack --silent --pack-destination node_modules fhirclient@2.6.3 >/dev/null
cd node_modules
echo "$SUM  $SMART" | sha512sum --check --quiet
tar -xzf "$SMART" package/build/fhir-client.min.js package/LICENSE
mv package fhirclient
