# Sourced by the scripts in this directory, which set $directory and $state. A server runs in its own
# directory, $state/NAME, which identifies its process as ours: the process ID in $state/NAME.pid may belong
# to another process by now.
# shellcheck shell=bash disable=SC2154

fail() {
  echo "$0: error: $*" >&2
  exit 1
}

running() {
  local pid
  pid=$(cat -- "$state/$1.pid" 2> /dev/null) &&
    [[ $(readlink -- "/proc/$pid/cwd") == "$state/$1" ]]
}

# Prints the names of the servers that were started, only those that are still running, or only those that are
# not.
servers() {
  local name
  [[ -f $state/started ]] || return 0
  while read -r name; do
    case $1 in
      started) echo "$name" ;;
      running) ! running "$name" || echo "$name" ;;
      ended) running "$name" || echo "$name" ;;
    esac
  done < "$state/started"
}

signal() {
  local name
  for name in $(servers running); do
    kill "-$1" "$(cat -- "$state/$name.pid")" 2> /dev/null || true
  done
}

# Stops all servers. Trillian takes ten seconds to shut down, to notify other servers that do not exist here,
# and its data are not kept: what is still running after three seconds is killed.
stop_servers() {
  local deadline=$((SECONDS + 3))
  signal TERM
  while [[ -n $(servers running) ]]; do
    ((SECONDS < deadline)) || signal KILL
    ((SECONDS < deadline + 20)) || fail "cannot end $(servers running | tr '\n' ' ')"
    sleep 0.1
  done
  rm -f -- "$state/started" "$state"/*.pid
}

# Only one script at a time; the lock file remains.
lock() {
  exec 9> "$directory/lock"
  flock -w 60 9 || fail "another start or stop of $directory has been running for a minute"
}
