#!/bin/sh
# Installs what only tests need (a browser, a speech synthesizer's tools), where this machine allows it.

# The oldest PostgreSQL that CallX runs on, but no cluster of the system's own with it.
if [ ! -x /usr/lib/postgresql/15/bin/postgres ] && command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
    own_cluster=/etc/postgresql-common/createcluster.d/callx-tests.conf
    mkdir -p "${own_cluster%/*}" && echo "create_main_cluster = false" >"$own_cluster"
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq postgresql-15; } >/dev/null 2>&1 ||
        echo "!!! PostgreSQL 15 is not installable here. The tests that need it will be skipped." >&2
    rm -f "$own_cluster"
fi

missing=""
for part in chromium:chromium sox:sox espeak-ng:espeak-ng; do
    command -v "${part%%:*}" >/dev/null 2>&1 || missing="$missing ${part##*:}"
done
[ -z "$missing" ] && exit 0
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
    echo "Installing for the tests:$missing"
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $missing; } >/dev/null 2>&1 && exit 0
fi
echo "!!! Not installed and not installable here:$missing. The tests that need them will be skipped." >&2
exit 0
