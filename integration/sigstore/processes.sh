# Sourced by the scripts beside it, which set $directory and $state. A server runs in a directory of its own,
# $state/NAME, which is how its process is known to be ours: the number in $state/NAME.pid may be that of
# another by now.
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

# Prints the names of the servers that were started, of those of them that still run, or that do not.
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

# Ends all servers. Trillian takes ten seconds to leave, for the sake of other servers that there are none of,
# and nothing of its data is kept: what still runs after three is killed.
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

# Only one script at a time; the file stays.
lock() {
  exec 9> "$directory/lock"
  flock -w 60 9 || fail "another start or stop of $directory has been running for a minute"
}
