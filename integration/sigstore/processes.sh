# Sourced by the scripts beside it. A server runs in a directory of its own, $state/NAME, which is how its
# process is known to be ours: the number in $state/NAME.pid may long be that of another.
# shellcheck shell=bash

fail() {
  echo "$0: error: $*" >&2
  exit 1
}

# Names of the servers that were started, the last one first.
started_servers() {
  [[ ! -f $state/started ]] || tac -- "$state/started"
}

running() {
  local pid
  pid=$(cat -- "$state/$1.pid" 2> /dev/null) &&
    [[ $(readlink -- "/proc/$pid/cwd") == "$state/$1" ]]
}

# Ends all servers, those first that need others, and waits for each.
stop_servers() {
  local name pid deadline
  for name in $(started_servers); do
    running "$name" || continue
    pid=$(cat -- "$state/$name.pid")
    kill -TERM "$pid" 2> /dev/null || true
    deadline=$((SECONDS + 20))
    while running "$name"; do
      if ((SECONDS > deadline)); then
        echo "$0: $name did not end by itself, killing it" >&2
        kill -KILL "$pid" 2> /dev/null || true
        deadline=$((SECONDS + 20))
      fi
      sleep 0.05
    done
  done
  rm -f -- "$state/started" "$state"/*.pid
}

# Only one script at a time; the file stays.
lock() {
  exec 9> "$directory/lock"
  flock -w 60 9 || fail "another start or stop of $directory has been running for a minute"
}
