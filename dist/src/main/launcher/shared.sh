# shellcheck shell=sh disable=SC2034,SC2154 # variables of the launchers
# What the launchers of a checkout and of a package share: messages, the verdict where the program does
# not start, and how it is started. The build of the packages puts it into bin/model-signing. It needs no
# other program than the shell: whatever it could use besides is taken from /usr/bin or /bin.

line_feed='
'
IFS=" 	$line_feed"

# A temporary directory that is removed where this ends.
work=

# Prints a message. Names in it are untrusted: control characters are replaced by question marks.
# Nothing depends on whether standard error can be written.
say() {
  unsafe="model-signing: $*"
  case $unsafe in
    *[[:cntrl:]]*)
      safe=
      while [ -n "$unsafe" ]; do
        tail=${unsafe#?}
        character=${unsafe%"$tail"}
        unsafe=$tail
        case $character in
          [[:cntrl:]]) safe=$safe'?' ;;
          *) safe=$safe$character ;;
        esac
      done
      unsafe=$safe
      ;;
  esac
  printf '%s\n' "$unsafe" >&2 || true
}

# The exit status of a failure here; 1 is a regular result of diff.
failure=1
case ${1-} in
  diff) failure=2 ;;
esac

# The verdict is printed first, since a message to a closed pipe ends the shell.
fail() {
  refuse_verdict "$*"
  say "error: $*"
  exit "$failure"
}

# Sets format to json or sarif if a program expects a machine-readable verdict, like MachineVerdict:
# it must find a negative verdict wherever this ends. Another format overrides it only where it
# cannot be a name, or the value of an option; arguments after two hyphens are names only where
# these hyphens cannot be such a value.
find_format() {
  format=
  value=false
  revocable=true
  names=false
  for word; do
    after=$value
    if $value; then
      take_format "$word"
      revocable=false
    fi
    value=false
    case $word in
      --format=*) take_format "${word#--format=}" ;;
      --format) value=true ;;
      --)
        ! $revocable || $after || return 0
        names=true
        ;;
    esac
    $value && continue
    case $word in
      -*=*) revocable=true ;;
      -*) revocable=false ;;
      *) revocable=true ;;
    esac
    ! $names || revocable=false
  done
}

take_format() {
  case $1 in
    [Jj][Ss][Oo][Nn]) taken=json ;;
    [Ss][Aa][Rr][Ii][Ff]) taken=sarif ;;
    [Tt][Ee][Xx][Tt]) taken= ;;
    *) return 0 ;;
  esac
  [ -n "$format" ] && ! $revocable || format=$taken
}

# Prints, once, the verdict that nothing was verified, with a message. Non-ASCII characters are
# replaced by question marks.
refuse_verdict() {
  [ -n "$format" ] || return 0
  refused_in=$format
  format=
  LC_ALL=C
  unquoted=$*
  quoted=
  while [ -n "$unquoted" ]; do
    tail=${unquoted#?}
    character=${unquoted%"$tail"}
    unquoted=$tail
    case $character in
      '"' | "\\") quoted=$quoted\\$character ;;
      "$line_feed" | '	') quoted="$quoted " ;;
      [\ -~]) quoted=$quoted$character ;;
      *) quoted=$quoted'?' ;;
    esac
  done
  reason_code=${reason_code:-NOT_STARTED}
  if [ "$refused_in" = sarif ]; then
    # In one write, like the other one. Without rules: a result names its own.
    # shellcheck disable=SC2016 # nothing is to expand
    printf '{"$schema":"https://json.schemastore.org/sarif-2.1.0.json","version":"2.1.0","runs":[%s%s%s]}\n' \
      '{"tool":{"driver":{"name":"model-signing","version":"unknown"}},"invocations":[{"executionSuccessful":false}],' \
      "\"results\":[{\"ruleId\":\"$reason_code\",\"level\":\"error\",\"message\":{\"text\":\"$quoted\"}}]," \
      "\"properties\":{\"verified\":false,\"model\":\"\",\"reason\":\"$reason_code\"}}"
  else
    printf '{"verified":false,"schemaVersion":1,"toolVersion":"unknown","model":"","reason":"%s","message":"%s"}\n' \
      "$reason_code" "$quoted"
  fi
}

# The action at every exit except that of the program.
# shellcheck disable=SC2317 # called by a trap
at_end() {
  [ -z "$work" ] || rm -rf "$work"
  refuse_verdict 'the launcher ended before the program was started, see its messages'
}

# shellcheck disable=SC2317
at_interrupt() {
  at_end
  trap - EXIT INT
  kill -s INT $$
}

watch_end() {
  trap at_end EXIT
  trap at_interrupt INT
  trap 'exit 143' TERM
  trap 'exit 129' HUP
}

# Sets absolute to the absolute directories of a search path: a command or a library in the current
# directory may be an attacker's.
keep_absolute() {
  rest=$1:
  absolute=
  while [ -n "$rest" ]; do
    case $rest in
      /*) absolute=${absolute:+$absolute:}${rest%%:*} ;;
    esac
    rest=${rest#*:}
  done
}

# Leaves nothing in the environment that is below the current directory.
clean_environment() {
  case :${PATH:-}: in
    *:[!/]*)
      keep_absolute "${PATH:-}"
      PATH=${absolute:-/usr/bin:/bin}
      export PATH
      ;;
  esac
  case ${LD_LIBRARY_PATH+:$LD_LIBRARY_PATH:} in
    *:[!/]*)
      keep_absolute "$LD_LIBRARY_PATH"
      LD_LIBRARY_PATH=$absolute
      [ -n "$absolute" ] || unset LD_LIBRARY_PATH
      ;;
  esac
  case ${HOME:-} in
    /*) ;;
    *) unset HOME ;;
  esac
}

# Sets added to the jars of MODEL_SIGNING_CLASSPATH, each preceded by a colon. A relative path would
# refer to the current directory, as an empty one does for Java.
find_added_jars() {
  added=
  rest=${MODEL_SIGNING_CLASSPATH:-}
  while [ -n "$rest" ]; do
    entry=${rest%%:*}
    case $rest in
      *:*) rest=${rest#*:} ;;
      *) rest= ;;
    esac
    case $entry in
      '') continue ;;
      /*) ;;
      *) fail "MODEL_SIGNING_CLASSPATH has $entry, which is not an absolute path" ;;
    esac
    [ -e "$entry" ] || fail "MODEL_SIGNING_CLASSPATH has $entry, which does not exist"
    [ -f "$entry" ] || fail "MODEL_SIGNING_CLASSPATH has $entry, which is no file"
    [ -r "$entry" ] || fail "MODEL_SIGNING_CLASSPATH has $entry, which cannot be read"
    added=$added:$entry
  done
}

# Sets command to the path of a command of the system, or to nothing.
find_command() {
  for command in "/usr/bin/$1" "/bin/$1"; do
    [ ! -x "$command" ] || return 0
  done
  command=
}

# The heap at the start by the larger archives. The JVM copies objects of an archive into what is not for
# young objects, and does not start where there is no room.
large_archive_heap='-Xmn8m -Xms20m'

# What is hot in a transfer is called millions of times; the rest is not worth compiling twice.
transfer='-XX:SurvivorRatio=2 -XX:Tier4InvocationThreshold=15000 -XX:Tier4MinInvocationThreshold=5000'
transfer="$transfer -XX:Tier4CompileThreshold=30000"

# Sets archive to the one for a command, and young to the heap at the start. Older JVMs correct all pointers
# in an archive when they start, newer ones set up each class of it, so by the large one common commands would
# take a fifth more time, and those that verify certificates a tenth.
choose_archive() {
  # Java's HTTP client puts all that it receives into new objects, which soon are garbage. In a small
  # heap they would be moved to where collecting them is slow.
  young='-Xmn8m -Xms12m'
  case "${1-} ${2-}" in
    'verify key' | 'sign key' | 'digest '*)
      case $* in
        *://* | *[Bb][Ll][Aa][Kk][Ee]*) ;;
        *) return ;;
      esac
      ;;
    'verify certificate' | 'verify sigstore')
      # Without a trusted root in a file, one comes from a network.
      case $* in
        *oci://* | *s3://*) ;;
        'verify certificate'* | *' --trusted-root'*) large_archive=$certificates_archive ;;
      esac
      ;;
  esac
  # Where the user decides on the heap, there may not be enough room.
  case " ${JAVA_OPTS:-}" in
    *-XX:+Use*GC* | *-Xm[nsx]* | *-XX:*Heap* | *-XX:*RAM*) ;;
    *)
      young=$large_archive_heap
      [ -z "$archive" ] || archive=$large_archive
      ;;
  esac
}

# Options for the compiler of JVMs that are known to have them: a JVM does not start with one that it does not
# have. They change when something is compiled, and how, not what it does.
#
# BLAKE3 is compiled sooner with vectors of 32 bytes than with those of 64, and as fast or faster then, as fewer
# of them cross cache lines. Nothing else here depends on them.
#
# A JVM replaces its SHA-256 by machine code, but only in callers that it has compiled. By itself it compiles the
# hash function in Java first, which takes a tenth of a second with two processors and is not used afterwards.
# So the callers are compiled sooner, and that function later.
tuning='-XX:MaxVectorSize=32 -XX:CompileCommand=quiet'
sooner=-XX:CompileCommand=CompileThresholdScaling,sun.security.provider
tuning="$tuning $sooner.DigestBase::implCompressMultiBlock,0.01 $sooner.DigestBase::implCompressMultiBlock0,0.01"
tuning="$tuning $sooner.DigestBase::implCompressMultiBlockCheck,0.01 $sooner.SHA2::implCompress,0.01"
tuning="$tuning $sooner.SHA2::implCompress0,5.0"

# With many files, a third of the processor time was compiling what looks at each of them, again and again, as a
# method was compiled together with all that it calls. With smaller pieces that is half; the loops of BLAKE3 stay
# in one piece.
lanes=-XX:CompileCommand=inline,dev.modelsigning.internal.hash.Blake3Lanes
tuning="$tuning -XX:FreqInlineSize=100 $lanes::mix $lanes::load"

# Leaves library empty unless the program can get that directory as descriptor 8. The archives of a package have
# /proc/self/fd/8/model-signing.jar for a jar that may be installed anywhere. The JVM looks for that path with each
# class, until it is there once: 20 ms in all where it is not. Nothing else depends on it, so a descriptor of the
# caller is left alone.
choose_library() {
  [ -n "$library" ] || return 0
  if true 2> /dev/null <&8 || ! true 2> /dev/null 8< "$library"; then
    library=
  fi
}

# Runs the program with these arguments and ends with its exit status.
#
#   java            the Java to use
#   jar, added      the class path
#   native_access   the option that allows native code, or nothing for a Java that has none
#   compiler        $tuning, or nothing for a Java that may not have these options
#   archive         the archive of the classes of common commands, or nothing
#   certificates_archive
#                   that of these, and of commands that verify certificates, or nothing
#   large_archive   that of the classes of all commands, or nothing
#   library         the directory of the jar if the archives do not know where it is, or nothing
run_program() {
  choose_archive "$@"
  # These are for the user's Java programs. Agents could not even be loaded by all runtimes, and some
  # options end a JVM with the status 0 before the program is started.
  unset JDK_JAVA_OPTIONS JAVA_TOOL_OPTIONS _JAVA_OPTIONS

  # Java decodes file names by the locale, which LC_ALL gives, or else LC_CTYPE or LANG, and only UTF-8
  # can represent all of them. Other locales may not be installed, so their names prove nothing.
  LC_ALL=C.UTF-8
  export LC_ALL

  # With -jar, a JVM would read the directory of the jar, although all classes come from an archive.
  # The jar is first, so that added jars cannot replace its classes. The number follows the options
  # of the user, so that no other one counts.
  find_added_jars
  # shellcheck disable=SC2086 # an option or nothing
  set -- -Dmodelsigning.status=64 $native_access -cp "$jar$added" dev.modelsigning.cli.Main "$@"
  case $format$failure${JAVA_OPTS:-} in
    1) shift ;;
  esac
  set -f # JAVA_OPTS is split into words, no more
  # shellcheck disable=SC2086
  set -- ${JAVA_OPTS:-} "$@"
  set +f

  if [ -t 2 ]; then
    find_command stty
    size=
    [ -z "$command" ] || size=$("$command" size <&2 2> /dev/null) || size=
    case ${size#* } in
      '' | 0 | *[!0-9]*) ;; # a terminal that does not tell
      *) set -- "-Dmodelsigning.columns=${size#* }" "$@" ;;
    esac
    set -- -Dmodelsigning.terminal=true "$@"
  fi
  [ ! -t 1 ] || set -- -Dmodelsigning.terminal.out=true "$@"
  case " $* " in
    *" oci://"*) young="-Xmn16m -Xms28m $transfer" ;;
    # On one or two processors, the client would start a thread for each response. Each of the 16 connections
    # has some hundred kilobytes that nobody has taken yet: in less room they would be moved to the old objects.
    *" s3://"*) young="-Xmn32m -Xms56m $transfer -Djava.util.concurrent.ForkJoinPool.common.parallelism=2" ;;
  esac
  case " ${JAVA_OPTS:-}" in
    *-XX:+Use*GC*) ;; # two collectors are an error
    *-Xm[nsx]* | *-XX:*Heap* | *-XX:*RAM*) set -- -XX:+UseSerialGC "$@" ;;
    # A heap that is not much larger than its content, whatever memory the machine has; the maximum
    # stays the default. Little of a million files is retained, so most objects can be collected
    # young.
    *)
      # shellcheck disable=SC2086 # several options
      set -- -XX:+UseSerialGC $young \
        -XX:MinHeapFreeRatio=15 -XX:MaxHeapFreeRatio=30 "$@"
      ;;
  esac
  # A JVM that is told to write an archive would write to this one.
  case " ${JAVA_OPTS:-}" in
    *-Xshare* | *-XX:*Archive* | *-XX:AOT* | *\ @*) archive= ;;
  esac
  if [ -n "$archive" ]; then
    set -- -XX:SharedArchiveFile="$archive" "$@"
    choose_library
  else
    library=
  fi

  # If a token's module crashes, a JVM would write arguments and environment, including PINs, to a
  # world-readable file in the current directory, or leave a core dump there.
  # shellcheck disable=SC3045 # where a shell has no such option, the JVM is told the same
  ulimit -c 0 2> /dev/null || true
  set -- -XX:ErrorFile=/dev/null -XX:-CreateCoredumpOnCrash -XX:-DumpReplayDataOnError "$@"

  # shellcheck disable=SC2086 # several options or nothing
  set -- $compiler "$@"

  # Suppresses warnings of the JVM, also about an archive that it cannot use and about its
  # configuration files in the current directory, which it ignores. It need not publish performance
  # data for tools such as jstat.
  set -- -Xshare:auto -Xlog:disable -XX:-PrintWarnings -XX:-UsePerfData -Djdk.console=java.base "$@"
  case $format$failure${JAVA_OPTS:-} in
    1)
      # Not before: some shells close for a program what they opened for themselves.
      [ -z "$library" ] || exec "$java" "$@" 8< "$library"
      exec "$java" "$@"
      ;;
  esac
  await_program "$@"
}

# Waits for the program where an exit status by itself proves nothing. A JVM that does not start or
# is killed prints no verdict; its own exit status for that is 1, which is a regular result of diff;
# and options such as -version or -Xshare:dump have it end with 0 without a program. So the program
# adds a number to its exit status to distinguish it. It still receives signals, except the
# interrupt, which the shell blocks for background processes; and a thread dump by SIGQUIT does not
# end this script.
await_program() {
  interrupted=
  child=
  trap 'told INT' INT
  trap 'told TERM' TERM
  trap 'told HUP' HUP
  trap 'woken=true' QUIT

  # A shell redirects standard input of background processes, unless it has another descriptor
  # number; the number must not be that of a file of the caller, which may be named by /dev/fd.
  true 2> /dev/null 3<&0 || exec < /dev/null
  free=
  for number in 9 7 6 5 4 3 8; do
    true 2> /dev/null <&"$number" || {
      free=$number
      break
    }
  done
  [ -n "$free" ] || fail 'the descriptors 3 to 9 are all open; close one of them before you start it'
  [ "$free" != 8 ] || library=
  eval "exec $free<&0"
  # Nothing but a verdict may be on standard output: a JVM that crashes would report it there,
  # independent of other options.
  case $format$failure in
    1) ;;
    *) set -- -XX:+DisplayVMOutputToStderr -XX:+SuppressFatalErrorMessage "$@" ;;
  esac
  set -- "$java" "$@"
  # This shell cannot pass on a signal that kills it. If the system has a command for that, the JVM
  # is then terminated too, so that it does not hash for a caller that is gone. Where all is
  # forbidden that is not needed, the command may not run.
  find_command setpriv
  if [ -n "$command" ] && "$command" --pdeathsig TERM "$command" --version > /dev/null 2>&1; then
    set -- "$command" --pdeathsig TERM "$@"
  fi
  if [ -n "$library" ]; then
    eval '"$@" 8< "$library" <&'"$free $free<&- &"
  else
    eval '"$@" <&'"$free $free<&- &"
  fi
  child=$!
  trap - EXIT
  [ -z "$interrupted" ] || told "$interrupted"

  # A wait ends with the process, or with a signal. A process that was already waited for has status
  # 127. If a process ends within a millisecond of a signal, bash may have lost its status, and
  # returns a negative one: it is treated as interrupted, even if there was a verdict.
  status=127
  woken=true
  while $woken; do
    woken=false
    now=0
    wait "$child" || now=$?
    case $now in
      127 | -*) ;;
      *) status=$now ;;
    esac
  done
  trap - INT TERM HUP QUIT
  case $status in
    64 | 65 | 66) exit "$((status - 64))" ;;
  esac
  if [ -n "$interrupted" ]; then
    reason_code=INTERRUPTED
    refuse_verdict 'told to end before there was a verdict'
    kill -s "$interrupted" $$
    # The first process of a container is not killed by its own signals.
    case $interrupted in
      INT) exit 130 ;;
      HUP) exit 129 ;;
      *) exit 143 ;;
    esac
  fi
  refuse_verdict "Java ended with the status $status, without a verdict; standard error says more"
  say "error: Java ended with the status $status, without a verdict"
  case $status in
    0 | 1) status=$failure ;;
  esac
  exit "$status"
}

# shellcheck disable=SC2317
told() {
  woken=true
  interrupted=$1
  [ -z "$child" ] || kill -s TERM "$child" 2> /dev/null || true
}
