#!/usr/bin/env bash
# Makes sure that Debian's proxmoxer is there and prints the Python that has it.
#
#   proxmoxer.sh             uses what is installed; with KAPPA4_SERVERS=required it installs what is missing
#
# Exit codes: 0 done; 77 proxmoxer cannot be had on this machine (the reason is the last line on stderr).
set -euo pipefail

readonly CANNOT_RUN=77

main() {
  find_python && return 0
  [ "${KAPPA4_SERVERS:-}" = required ] ||
    cannot_run "python3-proxmoxer is missing (apt-get install python3-proxmoxer python3-requests)"
  command -v apt-get > /dev/null || cannot_run "there is no apt-get to install python3-proxmoxer with"
  [ "$(id -u)" = 0 ] || cannot_run "python3-proxmoxer is missing and installing it takes root"
  install >&2 || cannot_run "apt-get could not install python3-proxmoxer"
  find_python || cannot_run "python3-proxmoxer is installed but no Python can import it"
}

# The distribution's Python first: that is the one its packages are for.
find_python() {
  local python
  for python in /usr/bin/python3 python3; do
    if "$python" -c 'import proxmoxer, requests' 2> /dev/null; then
      command -v "$python"
      return 0
    fi
  done
  return 1
}

install() {
  export DEBIAN_FRONTEND=noninteractive
  local apt=(apt-get -o DPkg::Lock::Timeout=120)
  local install=("${apt[@]}" install --yes --no-install-recommends python3-proxmoxer python3-requests)
  "${install[@]}" || { "${apt[@]}" update && "${install[@]}"; }
}

cannot_run() {
  echo "proxmoxer cannot run here: $1" >&2
  exit $CANNOT_RUN
}

main
