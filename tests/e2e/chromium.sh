#!/bin/sh
# The end-to-end tests drive Debian's Chromium; install it where it is missing and we may.
set -eu
command -v chromium >/dev/null 2>&1 && exit 0
if [ "$(id -u)" = 0 ]; then sudo=""; else sudo="sudo -n"; fi
echo "installing chromium for the browser tests"
$sudo apt-get update -qq && $sudo apt-get install -qq -y --no-install-recommends chromium >/dev/null || {
    echo "chromium could not be installed: install the package 'chromium', then run 'make test' again" >&2
    exit 1
}
