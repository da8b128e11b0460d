#!/bin/sh
# The real servers and clients that the tests start: from Debian's packages, when we are root and apt is there.
# Where they cannot be had, the tests that need them are skipped and named; LOA_TESTS_REQUIRE=1 makes that a failure.
set -e
missing=""
command -v redis-server >/dev/null || missing="$missing redis-server"
ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || missing="$missing postgresql"
command -v chromium >/dev/null || missing="$missing chromium"
command -v gpo >/dev/null || missing="$missing gpodder"
command -v podboat >/dev/null || missing="$missing newsboat"
command -v mpv >/dev/null || missing="$missing mpv"
command -v liquidsoap >/dev/null || missing="$missing liquidsoap"
command -v wget >/dev/null || missing="$missing wget"
command -v mcopy >/dev/null || missing="$missing mtools"
command -v mkfs.vfat >/dev/null || missing="$missing dosfstools"
command -v pdftotext >/dev/null || missing="$missing poppler-utils"
command -v bsdtar >/dev/null || missing="$missing libarchive-tools"
command -v busybox >/dev/null || missing="$missing busybox"
command -v nginx >/dev/null || missing="$missing nginx-light"
command -v caddy >/dev/null || missing="$missing caddy"
command -v promtool >/dev/null || missing="$missing prometheus"
command -v curl >/dev/null || missing="$missing curl"
command -v dovecot >/dev/null || missing="$missing dovecot-imapd"
command -v php >/dev/null || missing="$missing php-cli"
command -v node >/dev/null || missing="$missing nodejs npm"
# A podcast parser and two examiners of pages, from npm's registry; the folder is git-ignored.
npm_packages() {
    command -v npm >/dev/null || return 0
    wanted=""
    for package in podcast-partytime@5.0.0 axe-core@4.14.1 lighthouse@12.8.2; do
        [ -d ".node/node_modules/${package%@*}" ] || wanted="$wanted $package"
    done
    [ -n "$wanted" ] || return 0
    # shellcheck disable=SC2086
    npm install --prefix .node --no-audit --no-fund --silent $wanted >/dev/null 2>&1 || echo "npm could not install$wanted"
}
if [ -z "$missing" ]; then
    npm_packages
    exit 0
fi
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
npm_packages
