#!/bin/sh
# Installs what packaging/system-packages.txt names and this Debian lacks. Without root it says what to type instead;
# on another system it names the packages and goes on.
#
#     packaging/install-system-packages.sh [LIST...]     other lists of this folder besides
set -eu

cd "$(dirname "$0")"
wanted=$(sed 's/#.*//' system-packages.txt "$@")

if ! command -v dpkg-query >/dev/null 2>&1; then
    echo "Not a Debian: the window's tests need the counterparts of these packages:" $wanted >&2
    exit 0
fi

missing=""
for package in $wanted; do
    status=$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null || true)
    [ "$status" = installed ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" -ne 0 ]; then
    echo "Tests and packages need real windows, and this system lacks what that takes. Install it with" >&2
    echo >&2
    echo "    sudo apt-get install --no-install-recommends$missing" >&2
    echo >&2
    exit 1
fi

echo "Installing:$missing"
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
# shellcheck disable=SC2086  # one word a package
apt-get install -qq -y --no-install-recommends -o Dpkg::Use-Pty=0 $missing >/dev/null
