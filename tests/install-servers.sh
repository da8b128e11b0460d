#!/bin/sh
# The real servers and clients that the tests start: from Debian's packages, when we are root and apt is there.
# Where they cannot be had, the tests that need them are skipped and named; LOA_TESTS_REQUIRE=1 makes that a failure.
set -e
missing=""
command -v redis-server >/dev/null || missing="$missing redis-server"
ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || missing="$missing postgresql"
command -v chromium >/dev/null || missing="$missing chromium"
command -v gpo >/dev/null || missing="$missing gpodder"
[ -z "$missing" ] && exit 0
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "not installed (needs root and apt):$missing"
    exit 0
fi
echo "installing$missing"
export DEBIAN_FRONTEND=noninteractive
# PostgreSQL's package would start a server of its own at once; ours are started by the tests.
mkdir -p /etc/postgresql-common
[ -e /etc/postgresql-common/createcluster.conf ] || echo "create_main_cluster = false" > /etc/postgresql-common/createcluster.conf
apt-get update -qq || true
# shellcheck disable=SC2086
apt-get install -y -qq --no-install-recommends $missing >/dev/null || echo "apt could not install$missing"
