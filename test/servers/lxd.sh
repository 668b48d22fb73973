#!/usr/bin/env bash
# A real LXD cluster on this machine: every member is a daemon with its own LXD_DIR, on 127.0.0.2, .3, .4 ...
#
#   lxd.sh start DIR [MEMBERS]          default 3 members; DIR gets cluster.json, client.crt, client.key, server.crt
#   lxd.sh stop DIR                     removes containers, daemons, mounts and everything `start` made in DIR
#   lxd.sh kill-member DIR nodeK        the member dies without a word (SIGKILL)
#   lxd.sh revive-member DIR nodeK      its daemon comes back
#
# Exit codes: 0 done; 77 LXD cannot run on this machine (the reason is the last line on stderr); 1 anything else.
# KAPPA4_LXD_PORT chooses the port; without it a free one is found, so clusters in different DIRs do not clash.
set -euo pipefail

readonly HERE=$(cd "$(dirname "$0")" && pwd)
readonly CANNOT_RUN=77
readonly ALIAS=tiny

main() {
  local verb=${1:-} dir=${2:-}
  if [ -z "$verb" ] || [ -z "$dir" ]; then
    usage
    exit 1
  fi
  case $verb in
    start | stop | kill-member | revive-member) ;;
    *) usage; exit 1 ;;
  esac
  if [ "$verb" = start ]; then mkdir -p "$dir"; fi
  if [ "$verb" = stop ] && [ ! -d "$dir" ]; then exit 0; fi
  dir=$(cd "$dir" && pwd -P)
  case $verb in
    start) start "$dir" "${3:-3}" ;;
    stop) stop "$dir" ;;
    kill-member) kill_member "$dir" "$3" ;;
    revive-member) revive_member "$dir" "$3" ;;
  esac
}

usage() { sed -n '2,8s/^# \{0,1\}//p' "$0" >&2; }

cannot_run() {
  echo "LXD cannot run here: $1" >&2
  exit $CANNOT_RUN
}

start() {
  local dir=$1 members=$2
  if [ -f "$dir/cluster.json" ] && all_alive "$dir" "$members"; then
    return 0
  fi
  # A unix socket's path has 107 characters, and LXD appends to ours.
  [ "${#dir}" -le 70 ] || { echo "The path of DIR is too long for LXD's sockets: $dir" >&2; exit 1; }
  need_lxd "$dir"
  stop "$dir"
  mkdir -p "$dir"
  chmod 711 "$dir"
  mkdir -p "$dir/lxc-home"
  echo '{}' > "$dir/lxc-home/config.yml" # without it the client prints a greeting
  make_client_certificate "$dir"
  "$HERE/lxd-image.sh" "$(busybox_of "$dir")" "$dir/image" "$dir/$ALIAS.tar.gz" &
  local image=$!

  local port=${KAPPA4_LXD_PORT:-$(free_port "$members")} number
  for ((number = 1; number <= members; number++)); do
    start_daemon "$dir" "$number"
  done
  for ((number = 1; number <= members; number++)); do
    LXD_DIR=$dir/n$number lxd waitready --timeout 30 ||
      cannot_run "the daemon did not become ready: $(tail -n 1 "$dir/n$number.log")"
  done
  first_preseed "$port" | LXD_DIR=$dir/n1 lxd init --preseed
  for ((number = 2; number <= members; number++)); do
    join "$dir" "$number" "$port"
  done
  client "$dir" 1 config set cluster.offline_threshold 11
  wait $image
  client "$dir" 1 image import "$dir/$ALIAS.tar.gz" --alias $ALIAS --quiet
  client "$dir" 1 config trust add "$dir/client.crt" --name kappa4
  cp "$dir/n1/cluster.crt" "$dir/server.crt"
  describe "$dir" "$members" "$port" > "$dir/cluster.json.new"
  mv "$dir/cluster.json.new" "$dir/cluster.json"
}

need_lxd() {
  local dir=$1
  [ "$(uname -s)" = Linux ] || cannot_run "this is not Linux"
  [ "$(id -u)" = 0 ] || cannot_run "it needs root"
  if command -v lxd > /dev/null && command -v lxc > /dev/null && command -v openssl > /dev/null; then
    return 0
  fi
  command -v apt-get > /dev/null || cannot_run "neither lxd nor apt-get is installed"
  apt_install > "$dir/apt.log" 2>&1 || cannot_run "apt-get could not install it: $(tail -n 1 "$dir/apt.log")"
  rm -f "$dir/apt.log"
}

apt_install() {
  export DEBIAN_FRONTEND=noninteractive
  local install=(apt-get -o DPkg::Lock::Timeout=120 install --yes --no-install-recommends lxd openssl)
  "${install[@]}" || { apt-get -o DPkg::Lock::Timeout=120 update && "${install[@]}"; }
}

# The static busybox: the machine's own, or the one inside the Debian package (which is not installed).
busybox_of() {
  local dir=$1
  local own
  own=$(command -v busybox || true)
  if [ -n "$own" ] && ! ldd "$own" > /dev/null 2>&1; then
    echo "$own"
    return 0
  fi
  local cache=/var/cache/kappa4-lxd
  if [ ! -x "$cache/busybox" ]; then
    mkdir -p "$dir/busybox"
    (
      cd "$dir/busybox"
      apt-get download busybox-static || { apt-get update && apt-get download busybox-static; }
      dpkg -x busybox-static_*.deb .
    ) > /dev/null 2>&1 || cannot_run "apt-get could not download busybox-static"
    mkdir -p "$cache"
    mv "$dir/busybox/bin/busybox" "$cache/busybox.$$"
    mv "$cache/busybox.$$" "$cache/busybox"
    rm -rf "$dir/busybox"
  fi
  echo "$cache/busybox"
}

make_client_certificate() {
  local dir=$1
  (umask 077 && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:secp384r1 -nodes -days 30 \
    -subj /CN=kappa4-test -keyout "$dir/client.key" -out "$dir/client.crt" 2> /dev/null)
}

# One port number that nobody uses on any member's address.
free_port() {
  local members=$1 port number taken
  while :; do
    port=$((20000 + RANDOM % 10000))
    taken=
    for ((number = 1; number <= members; number++)); do
      if (exec 3<> "/dev/tcp/$(address_of $number)/$port") 2> /dev/null; then taken=yes; fi
    done
    [ -n "$taken" ] || break
  done
  echo $port
}

address_of() { echo "127.0.0.$(($1 + 1))"; }

start_daemon() {
  local dir=$1 number=$2 home=$1/n$2
  mkdir -p "$home"
  chmod 711 "$home" # root of an unprivileged container has to walk through it
  # With --debug the daemon writes down every request: the tests count those that write.
  LXD_DIR=$home setsid lxd --group root --debug --logfile "$dir/n$number.log" > /dev/null 2>&1 < /dev/null &
  echo $! > "$dir/n$number.pid"
}

first_preseed() {
  cat << YAML
config:
  core.https_address: 127.0.0.2:$1
  images.auto_update_interval: "0"
cluster:
  enabled: true
  server_name: node1
storage_pools:
  - name: default
    driver: dir
profiles:
  - name: default
    devices:
      root: { type: disk, path: /, pool: default }
YAML
}

join() {
  local dir=$1 number=$2 port=$3 token
  token=$(client "$dir" 1 cluster add "node$number" --quiet | tail -n 1)
  LXD_DIR=$dir/n$number lxd init --preseed << YAML
cluster:
  enabled: true
  server_name: node$number
  server_address: $(address_of "$number"):$port
  cluster_token: "$token"
  member_config: []
YAML
}

# The lxc client, talking to one member's unix socket, with a home of its own.
client() {
  local dir=$1 number=$2
  shift 2
  LXD_DIR=$dir/n$number LXD_CONF=$dir/lxc-home lxc "$@" < /dev/null
}

describe() {
  local dir=$1 members=$2 port=$3 number comma= endpoints= names=
  local fingerprint
  fingerprint=$(openssl x509 -in "$dir/server.crt" -outform der | sha256sum | cut -d ' ' -f 1)
  for ((number = 1; number <= members; number++)); do
    endpoints+="$comma\"https://$(address_of $number):$port\""
    names+="$comma\"node$number\""
    comma=", "
  done
  cat << JSON
{
  "endpoints": [$endpoints],
  "members": [$names],
  "fingerprint": "$fingerprint",
  "certFile": "$dir/client.crt",
  "keyFile": "$dir/client.key",
  "serverCertFile": "$dir/server.crt",
  "image": "$ALIAS"
}
JSON
}

all_alive() {
  local dir=$1 members=$2 number
  for ((number = 1; number <= members; number++)); do
    daemon_of "$dir" "$number" > /dev/null || return 1
  done
  [ ! -f "$dir/n$((members + 1)).pid" ]
}

# The process id of a member's daemon, if it lives and is a daemon of ours.
daemon_of() {
  local pid
  pid=$(cat "$1/n$2.pid" 2> /dev/null) || return 1
  tr '\0' ' ' 2> /dev/null < "/proc/$pid/cmdline" | grep -qF -- "--logfile $1/n$2.log" || return 1
  echo "$pid"
}

kill_member() {
  local dir=$1 number=${2#node} pid
  pid=$(daemon_of "$dir" "$number") || return 0
  kill -KILL "$pid"
  wait_gone "$pid" 50
}

revive_member() {
  local dir=$1 number=${2#node}
  daemon_of "$dir" "$number" > /dev/null && return 0
  start_daemon "$dir" "$number"
  LXD_DIR=$dir/n$number lxd waitready --timeout 30
}

stop() {
  local dir=$1 file number pid
  local stopping=()
  for file in "$dir"/n*.pid; do
    [ -e "$file" ] || continue
    number=$(basename "$file" .pid)
    number=${number#n}
    if pid=$(daemon_of "$dir" "$number"); then stopping+=("$pid"); kill -KILL "$pid"; fi
  done
  for pid in "${stopping[@]}"; do wait_gone "$pid" 50; done
  kill_containers "$dir"
  unmount_below "$dir"
  rm -rf "$dir"/n[0-9]* "$dir"/image "$dir/$ALIAS.tar.gz" "$dir"/cluster.json* "$dir"/client.{crt,key} \
    "$dir/server.crt" "$dir/lxc-home" "$dir/busybox" "$dir/apt.log"
  rmdir "$dir" 2> /dev/null || true
}

# Every container has a monitor process whose title names our directory; its first child is the container's init.
kill_containers() {
  local dir=$1 monitor
  local monitors=()
  while read -r monitor; do
    monitors+=("$monitor")
    pkill -KILL -P "$monitor" || true
  done < <(pgrep -f "^\[lxc monitor\] $dir/n" || true)
  for monitor in "${monitors[@]}"; do
    wait_gone "$monitor" 20 || kill -KILL "$monitor" 2> /dev/null || true
  done
}

# Waits for a process to end, for so many tenths of a second.
wait_gone() {
  local pid=$1 tenths=$2
  while kill -0 "$pid" 2> /dev/null; do
    [ "$((tenths--))" -gt 0 ] || return 1
    sleep 0.1
  done
}

unmount_below() {
  local dir=$1 mount
  awk -v below="$dir/" 'index($5, below) == 1 { print $5 }' /proc/self/mountinfo | sort -r | while read -r mount; do
    umount -l "$mount" || true
  done
}

main "$@"
