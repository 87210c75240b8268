# shellcheck shell=bash
# Sections with headings and times, and the clean-up at the end: for scripts that set root.

# Java decodes file names by the locale, and tests use names that only UTF-8 can represent.
export LC_ALL=C.UTF-8

fail() {
  echo "$0: error: $*" >&2
  exit 1
}

# Headings, and the duration of each section.
times=()
title=
begin() {
  end
  title=$1
  started=$SECONDS
  printf '\n===== %s =====\n\n' "$title"
}

end() {
  [ -z "$title" ] || times+=("$(printf '%5d s  %s' $((SECONDS - started)) "$title")")
  title=
}

# What runs beside others.
beside_titles=()
beside_jobs=()

scratch=$(mktemp -d)
stack=$root/.cache/sigstore
finish() {
  status=$?
  # A job that runs a script lets it clean up. Until it has ended, it writes to what is removed then.
  for job in $(jobs -p); do
    pkill -TERM -P "$job" || true
    kill "$job" 2> /dev/null || true
  done
  wait || true
  if [ "$status" -ne 0 ]; then
    for number in "${!beside_titles[@]}"; do
      printf '\n----- %s, ended before its time -----\n\n' "${beside_titles[number]}"
      cat "$scratch/beside.$number.log" || true
    done
  fi
  rm -rf "$scratch" || status=1
  [ ! -d "$stack/state" ] || "$root/integration/sigstore/stop" "$stack" || status=1
  [ "$status" -eq 0 ] || title="$title (failed)"
  end
  printf '\n===== times =====\n\n'
  printf '%s\n' "${times[@]}" "$(printf '%5d s  in all' "$SECONDS")"
}
trap finish EXIT

# Runs mvn verify with a JDK in a directory, with the examples and packages, and checks its summary of the tests.
#
#   verify JDK DIRECTORY WITHOUT [OPTION...]   skipped are those that WITHOUT describes, an extended
#                                              regular expression, and those that this user cannot run
verify() {
  local log counts reasons user
  log=$(mktemp "$scratch/verify.XXXXXX")
  (cd "$2" && JAVA_HOME=$1 mvn -B -ntp -Pexamples,dist "${@:4}" clean verify) | tee "$log"
  counts=$(grep '^tests: [0-9,]* ran' "$log" | tail -n 1) || fail 'the build does not say how many tests ran'
  [[ $counts =~ ^tests:\ [1-9][0-9]{0,2},[0-9]{3}\ ran,\  ]] || fail "expected thousands of tests: $counts"
  if [ "$(id -u)" -eq 0 ]; then
    user='permissions do not bind this user'
  else
    user='this already is an ordinary user|mounts a file system'
  fi
  # One reason on each line, without its number.
  reasons=$(sed -n 's/^[^(]* skipped (\(.*\))$/; \1/p' <<< "$counts" | sed 's/; \([0-9,]*\): /\n\1: /g' \
    | sed 1d)
  if grep -v -E "^[0-9,]+: (Assumption failed: )?(.*no chromium|$user${may_skip:+|$may_skip}${3:+|$3})" <<< "$reasons" | grep .; then
    fail "these tests were skipped, though all is there: $counts"
  fi
  if [ -n "$3" ]; then
    grep -q -E "^[0-9,]+: $3" <<< "$reasons" || fail "expected skipped tests ($3): $counts"
  fi
}

# Copies the files that git tracks or would add to a directory without other content, as in a clone.
clone() {
  mkdir -p "$1"
  git ls-files -z --cached --others --exclude-standard \
    | tar -c --null --no-recursion --files-from=- | tar -x -C "$1"
}

# Installs each package that verify built on a root of its own, which only root can make.
#
#   packages [--full]
# shellcheck disable=SC2120 # .ci/full passes it
packages() {
  lintian --fail-on error --tag-display-limit 0 --allow-root dist/target/model-signing_*.deb
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    sudo -n true || fail 'this user cannot become root by sudo without a password, so no package can be installed'
    .ci/packages --tools
    # Here sudo has a PATH of its own, without Go and Maven of this user.
    as_root=(sudo -n env "PATH=$PATH" "HOME=$HOME" "JAVA_HOME=$JAVA_HOME"
      ${MODEL_SIGNING_ROOTS:+"MODEL_SIGNING_ROOTS=$MODEL_SIGNING_ROOTS"}
      ${MODEL_SIGNING_OCI:+"MODEL_SIGNING_OCI=$MODEL_SIGNING_OCI"})
  fi
  "${as_root[@]}" .ci/packages "$@"
}

# Starts a section beside others; what it prints is printed by gather.
#
#   beside TITLE COMMAND [ARGUMENT...]
beside() {
  local prefix=$scratch/beside.${#beside_titles[@]}
  beside_titles+=("$1")
  shift
  (
    SECONDS=0
    trap 'echo "$SECONDS" > "$prefix.seconds"' EXIT
    "$@"
  ) > "$prefix.log" 2>&1 < /dev/null &
  beside_jobs+=("$!")
}

# Waits for what was started beside, prints one after the other, and fails if one of them has failed.
gather() {
  local number seconds failed=
  for number in "${!beside_titles[@]}"; do
    wait "${beside_jobs[number]}" || failed="$failed; ${beside_titles[number]}"
    seconds=$(cat "$scratch/beside.$number.seconds")
    printf '\n----- %s, %d s -----\n\n' "${beside_titles[number]}" "$seconds"
    cat "$scratch/beside.$number.log"
    times+=("$(printf '%5d s  beside others: %s' "$seconds" "${beside_titles[number]}")")
  done
  beside_titles=()
  beside_jobs=()
  [ -z "$failed" ] || fail "failed: ${failed#; }"
}
