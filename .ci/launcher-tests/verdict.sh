# shellcheck shell=bash disable=SC2016,SC2103,SC2154,SC2164 # commands in single quotes are for another shell; .ci/launcher has the variables and set -e
# What a program finds that waits for a verdict: one document, whatever happens.

echo '--- a program that waits for a verdict'

# Standard output only, followed by the exit status.
waiting() {
  local status=0
  "$@" verify key model --format json 2> /dev/null || status=$?
  echo "status $status"
}
refused() {
  printf '{"verified":false,"schemaVersion":1,"toolVersion":"*","model":"","reason":"%s","message":"%s"*}\nstatus %s' "$@"
}
for shell in sh bash; do
  expect "finds one where the usage is wrong, $shell" 0 \
    "$(refused WRONG_USAGE '*' 2)" waiting "$shell" "$tool"
  expect "finds one where a name is wrong, whatever is in it, $shell" 0 \
    "$(refused NOT_STARTED 'MODEL_SIGNING_CLASSPATH has /a\\"b\\\\c ?, which does not exist' 1)" \
    waiting env MODEL_SIGNING_CLASSPATH=$'/a"b\\c\n\xff' "$shell" "$tool"
  expect "finds one where there is no Java, $shell" 0 \
    "$(refused NOT_STARTED "$why_broken" 1)" waiting "${broken[@]:0:${#broken[@]}-1}" "$shell" "${broken[-1]}"
  for options in -Xmx1k -XX:+NoSuchOption '-cp /nonexistent NoClass' -version -Xshare:dump -XshowSettings\ -version; do
    expect "finds one where Java does not start with $options, $shell" 0 \
      "$(refused NOT_STARTED 'Java ended with the status ?, without a verdict*' 1)" \
      waiting env JAVA_OPTS="$options" "$shell" "$tool"
  done
  expect "finds one where a jar is missing, $shell" 0 \
    "$(refused NOT_STARTED 'MODEL_SIGNING_CLASSPATH has x*' 1)" \
    waiting env MODEL_SIGNING_CLASSPATH=x "$shell" "$tool"
done
expect 'finds one where it asks for the tour' 2 '{"verified":false,*"reason":"WRONG_USAGE",*' \
  "$tool" quickstart --format json
mkdir waited
echo weights > waited/weights
"$tool" generate-key --private-key waited.pem --public-key waited.pub > /dev/null
"$tool" sign key waited --private-key waited.pem --signature waited.sig > /dev/null
expect 'finds one about a signature' 0 '{"signed":true,*' \
  "$tool" sign key waited --private-key waited.pem --signature again.sig --format json
expect 'finds one about a signature that was not made' 0 '{"verified":false,"signed":false,*"reason":"IO_ERROR",*' \
  sh -c '"$@" 2> /dev/null || true' sh "$tool" sign key waited --private-key none.pem --format json
expect 'finds one about a digest' 0 '{"schemaVersion":1,*"digest":"sha256:*' "$tool" digest waited --format json
for command in 'sign key waited' 'digest waited' 'pkcs11 list' 'schema nope'; do
  # shellcheck disable=SC2086
  expect "finds one where there is no Java: $command" 0 '{"verified":false,*"reason":"NOT_STARTED",*}' \
    sh -c '"$@" 2> /dev/null || true' sh "${broken[@]}" $command --format json
done
endless_json() {
  local status=0
  timeout --preserve-status -s "$1" 3 "$tool" digest endless-json --format json 2> /dev/null || status=$?
  echo "status $status"
}
mkdir endless-json
truncate -s 1T endless-json/zeros
expect 'finds one after Ctrl-C' 0 "$(refused INTERRUPTED '*' 130)" endless_json INT
expect 'finds one after a request to end' 0 "$(refused INTERRUPTED '*' 143)" endless_json TERM
verdict() {
  local shell=$1
  shift
  "$shell" "$tool" verify key waited --signature waited.sig --format json "$@" 2> /dev/null
}
quit() {
  sleep 20 | timeout --preserve-status -s QUIT 12 "$1" "$tool" verify key waited \
    --signature waited.sig --public-key /dev/stdin --format json 2> /dev/null
}
# As if a module of a token had crashed.
crashed() {
  local status=0
  sleep 20 | "$1" "$tool" verify key waited --signature waited.sig --public-key /dev/stdin \
    --format json 2> /dev/null &
  sleep 10
  kill -SEGV "$(pgrep -P $! java)"
  wait $! || status=$?
  echo "status $status"
}
for shell in sh bash; do
  expect "finds nothing else where Java crashes, $shell" 0 \
    "$(refused NOT_STARTED 'Java ended with the status 1*' 1)*" crashed "$shell"
  expect "finds one without standard input, $shell" 0 "$(refused WRONG_USAGE '*' 2)" \
    waiting sh -c '"$@" <&-' sh "$shell" "$tool"
  expect "reads standard input where it waits, $shell" 0 '{"verified":true,*' \
    verdict "$shell" --public-key /dev/stdin < waited.pub
  for number in 3 8 9; do
    expect "takes file $number of its caller for nothing else, $shell" 0 '{"verified":true,*' \
      eval "verdict $shell --public-key /dev/fd/$number $number< waited.pub"
  done
  expect "takes no file of its caller where 8 is the only one free, $shell" 0 '{"verified":true,*' \
    eval "verdict $shell --public-key /dev/fd/3 3< waited.pub 4< /dev/null 5< /dev/null 6< /dev/null 7< /dev/null 9< /dev/null"
  expect "says so where none is free, $shell" 1 '{"verified":false,*"reason":"NOT_STARTED","message":"the descriptors 3 to 9 are all open*' \
    eval "verdict $shell --public-key /dev/fd/3 3< waited.pub 4< /dev/null 5< /dev/null 6< /dev/null 7< /dev/null 8< /dev/null 9< /dev/null"
  expect "finds one without standard error, $shell" 0 "$(refused NOT_STARTED 'Java ended with*' 1)" \
    waiting sh -c 'JAVA_OPTS=-Xmx1k "$@" 2>&-' sh "$shell" "$tool"
  expect "finds one after a list of threads, $shell" 1 '{"verified":false,*' quit "$shell"
  expect "finds one where a name looks like another format, $shell" 0 \
    "$(refused NOT_STARTED 'MODEL_SIGNING_CLASSPATH has x*' 1)" \
    waiting sh -c 'MODEL_SIGNING_CLASSPATH=x "$@" --signature --format=text -- --format text' sh "$shell" "$tool"
done
expect 'finds none where only a name looks like the format' 1 \
  'model-signing: error: MODEL_SIGNING_CLASSPATH has x, which is not an absolute path' \
  env MODEL_SIGNING_CLASSPATH=x "$tool" digest waited -- --format=json
expect 'finds one where two hyphens may be a value' 1 '{"verified":false,*"reason":"NOT_STARTED",*' \
  env MODEL_SIGNING_CLASSPATH=x "$tool" verify key waited --signature -- --format=json
mkdir -p ./--format=json
echo weights > ./--format=json/weights
expect 'prints the digest of a model that is named like the format, and nothing else' 0 \
  'sha256:+([0-9a-f])' "$tool" digest -- --format=json
expect 'and so does the jar' 0 'sha256:+([0-9a-f])' \
  "$java" -jar "$jar" digest -- --format=json
expect 'and so does the jar where two hyphens might be a value' 0 'sha256:+([0-9a-f])' \
  "$java" -jar "$jar" digest --quiet -- --format=json
rm -r ./--format=json

# Whether the JVM ends within 20 s after a launcher was killed that waits for a key.
killed() {
  local launcher jvm i
  mkfifo never
  "$tool" verify key waited --signature waited.sig --public-key never --format json > /dev/null 2>&1 &
  launcher=$!
  until jvm=$(pgrep -P "$launcher" java); do sleep 0.1; done
  sleep 3
  kill -KILL "$launcher"
  for ((i = 0; i < 200; i++)); do
    if ! kill -0 "$jvm" 2> /dev/null; then
      rm never
      return 0
    fi
    sleep 0.1
  done
  kill -KILL "$jvm"
  rm never
  return 1
}
if setpriv --pdeathsig TERM true 2> /dev/null; then
  expect 'leaves no JVM behind that works for nobody' 0 '' killed
else
  echo 'skipped leaves no JVM behind that works for nobody: needs setpriv of util-linux'
fi

# The same for SARIF: a single log, with which a gate that counts errors does not pass.
errors() {
  "$@" 2> /dev/null | python3 -c '
import json, sys
log = json.load(sys.stdin)
run, = log["runs"]
print(run["properties"]["verified"], *(each["ruleId"] for each in run["results"] if each["level"] == "error"))'
}
for shell in sh bash; do
  expect "finds a log where a name is wrong, whatever is in it, $shell" 1 'False NOT_STARTED' \
    errors env MODEL_SIGNING_CLASSPATH=$'/a"b\\c\n\xff' "$shell" "$tool" verify key waited --format sarif
  expect "finds a log where Java does not start, $shell" 1 'False NOT_STARTED' \
    errors env JAVA_OPTS=-Xmx1k "$shell" "$tool" verify key waited --format=SARIF
  expect "finds a log where the usage is wrong, $shell" 2 'False WRONG_USAGE' \
    errors "$shell" "$tool" verify key waited --format sarif
  expect "finds a log where the model is verified, $shell" 0 'True' \
    errors "$shell" "$tool" verify key waited --signature waited.sig --public-key waited.pub --format sarif
  expect "finds the log of the last format, $shell" 1 'False NOT_STARTED' \
    errors env MODEL_SIGNING_CLASSPATH=x "$shell" "$tool" verify key waited --format json --format sarif -- --format json
done
expect 'finds a log after a request to end' 124 'False INTERRUPTED' \
  errors timeout -s TERM 3 "$tool" verify key waited --signature waited.sig --public-key <(sleep 9) --format sarif
expect 'finds a log where it asks for the tour' 2 'False WRONG_USAGE' \
  errors "$tool" quickstart --format sarif

for options in -Xmx1k -XX:+NoSuchOption; do
  expect "does not answer in place of diff where Java does not start with $options" 2 '*' \
    env JAVA_OPTS="$options" "$tool" diff "$checkout/docs" "$checkout/docs"
done
expect 'does not answer in place of diff where there is no Java' 2 "*$why_broken*" \
  "${broken[@]}" diff "$checkout/docs" "$checkout/docs"
expect 'hands on the answer of diff that nothing is different' 0 '*Same: *' \
  "$tool" diff "$checkout/docs" "$checkout/docs"
expect 'hands on the answer of diff that something is different' 1 '*Different: *' \
  "$tool" diff "$checkout/docs" "$checkout/bench"
expect 'hands on that diff has no answer' 2 '*' "$tool" diff "$checkout/docs" nothing

expect 'is not disturbed by a reader that goes early' 0 'status 0' \
  sh -c '{ "$1" digest "$2"; echo "status $?" >&2; } | :' sh "$tool" "$checkout/docs"
expect 'fails where its output is lost' 1 '*standard output could not be written' \
  sh -c '"$1" digest "$2" > /dev/full' sh "$tool" "$checkout/docs"
