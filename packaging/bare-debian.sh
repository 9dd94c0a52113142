#!/bin/sh
# Tries Tidemill on a bare Debian 12: a new chroot with python3, python3-venv, make and git, a clone of the last commit
# in it, and then `make run` and `make test` with nothing typed before them.
#
#     packaging/bare-debian.sh FOLDER                 run both
#     packaging/bare-debian.sh FOLDER make install     or whatever else
#
# Needs root and debootstrap. FOLDER/base is kept for the next time, FOLDER/try is made anew. What the network here needs
# is handed in from outside: PIP_* and *_PROXY of the environment are passed on (a folder of PIP_FIND_LINKS is copied),
# BARE_CA names a bundle of certificates and BARE_APT_CONF a file for apt.conf.d, and both are copied in.
set -eu

[ $# -ge 1 ] || { sed -n '2,10s/^# \{0,1\}//p' "$0" >&2; exit 2; }
repository=$(cd "$(dirname "$0")/.." && pwd)
mkdir -p "$1"
folder=$(cd "$1" && pwd)
shift
base=$folder/base
root=$folder/try

if [ ! -e "$base/etc/debian_version" ]; then
    debootstrap --variant=minbase --include=python3,python3-venv,make,git,ca-certificates bookworm "$base"
fi
rm -rf --one-file-system "$root"
cp -a "$base" "$root"
cp /etc/resolv.conf "$root/etc/resolv.conf"
[ -z "${BARE_APT_CONF:-}" ] || cp "$BARE_APT_CONF" "$root/etc/apt/apt.conf.d/99outside"
ca=/etc/ssl/certs/ca-certificates.crt
if [ -n "${BARE_CA:-}" ]; then
    # Not over Debian's own bundle: apt writes that anew.
    ca=/etc/ssl/outside.crt
    cp "$BARE_CA" "$root$ca"
fi
if [ -d "${PIP_FIND_LINKS:-}" ]; then
    mkdir -p "$root$PIP_FIND_LINKS"
    cp -a "$PIP_FIND_LINKS/." "$root$PIP_FIND_LINKS"
fi
git clone --quiet "$repository" "$root/root/tidemill"

# One word a variable: values with spaces are not handed in.
passed="$(env | grep -E '^PIP_|_(PROXY|proxy)=' | grep -v ' ' || true) PIP_CERT=$ca SSL_CERT_FILE=$ca"

inside() {
    # The mounts live in a name space of their own and are gone with it.
    # shellcheck disable=SC2086
    unshare --mount --pid --fork sh -c '
        root=$1; shift
        mount -t proc proc "$root/proc"
        mount --rbind /dev "$root/dev"
        exec chroot "$root" env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 "$@"
    ' sh "$root" $passed sh -c 'cd /root/tidemill && exec "$@"' sh "$@"
}

if [ $# -gt 0 ]; then
    inside "$@"
    exit
fi

echo "== make run"
code=0
inside make run >"$folder/run.log" 2>&1 </dev/null || code=$?
cat "$folder/run.log"
grep -q -- '--headless --take PATH' "$folder/run.log" || {
    echo "make run (exit $code) does not say how to run headless" >&2
    exit 1
}
echo "== make test"
inside make test </dev/null
