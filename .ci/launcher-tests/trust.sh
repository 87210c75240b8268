# shellcheck shell=bash disable=SC2016,SC2103,SC2154,SC2164 # commands in single quotes are for another shell; .ci/launcher has the variables and set -e
# What others could have changed is not run.

echo '--- what others could have changed'

refused='model-signing: error: * is not only for the owner of this checkout to change, and would be run;*'
for loose in 'o+w cli/target/model-signing.jar' 'g+w cli/target/model-signing.jar' 'o+w cli/target' \
  'g+w cli/target' 'o+w cli' 'a+w,+t .' 'o+w quickstart.sh' 'a+w,+t cli/target' 'o+w dist' 'g+w dist/src' \
  'o+w dist/src/main' 'o+w dist/src/main/launcher' 'g+w dist/src/main/launcher/shared.sh' \
  'o+w dist/src/main/launcher/network-classes.txt'; do
  chmod "${loose%% *}" "$copy/${loose#* }"
  expect "refuses to run: $loose" 1 "$refused" "$tool" --version
  expect "and prints a verdict: $loose" 0 "$(refused NOT_STARTED 'this checkout*' 1)" waiting "$tool"
  expect "and prints a log: $loose" 1 'False NOT_STARTED' errors "$tool" verify key model --format sarif
  expect "and does not answer in place of diff: $loose" 2 "$refused" "$tool" diff a b
  chmod go-w,-t "$copy/${loose#* }"
done
mv "$jar" away.jar
ln -s "$scratch/away.jar" "$jar"
expect 'refuses a link to the program' 1 "$refused" "$tool" --version
rm "$jar"
chmod o+w "$copy/core/src/main/java/module-info.java"
expect 'refuses to build what others can write' 1 "$refused" "$tool" --version
chmod o-w "$copy/core/src/main/java/module-info.java"
mkdir -p "$copy/.cache"
chmod o+w "$copy/.cache"
expect 'refuses to build where others can write' 1 "*$refused" "$tool" --version
chmod o-w "$copy/.cache"
mv away.jar "$jar"
chmod -R g+w "$copy"
expect 'leaves a checkout to the group that can write all of it' 0 "$version" "$tool" --version
chmod -R g-w "$copy"
chmod -R a+w "$copy"
expect 'warns of a checkout of which all can write all, as after a clone with umask 000' 0 \
  "model-signing: warning: all users can write to this checkout, *$version" env HOME= "$tool" --version
chmod go-w "$copy"/cli/target/*.jsa*
expect 'takes no archive there' 1 '' \
  bash -c 'HOME= sh -x "$0" --version 2>&1 | grep "exec .*SharedArchiveFile"' "$tool"
chmod -R go-w "$copy"
if [ ${#as_user[@]} -gt 0 ]; then
  chown 65533 "$jar"
  expect 'refuses a program of somebody else' 1 "$refused" "$tool" --version
  chown 0 "$jar"
  chown -R 65533 "$copy"
  expect 'runs a checkout that is all of one owner' 0 "$version" "${as_user[@]}" "$tool" --version
  chown -R 0 "$copy"
fi
await "$tool"
archive=$(find "$copy/cli/target" -name 'model-signing-*.jsa')
large=$(find "$copy/cli/target" -name 'model-signing+large-*.jsa')
certificates=$(find "$copy/cli/target" -name 'model-signing+certificates-*.jsa')
for loose in "$archive" "$certificates" "$large" "$archive.for"; do
  await "$tool"
  chmod o+w "$loose"
  touch -r "$archive.for" "$loose"
  expect "leaves alone archives if others can write to ${loose##*/}" 1 '' \
    bash -c 'sh -x "$0" "$1" 2>&1 | grep "exec .*SharedArchiveFile"' "$tool" --help
  chmod o-w "$loose"
done

# Whoever can write to the file that the launcher reads before anything else decides what is run.
shared=$copy/dist/src/main/launcher/shared.sh
mv "$shared" shared.sh
expect 'refuses a checkout without its shared file' 1 '*this checkout has no dist/src/main/launcher/shared.sh' "$tool" --version
echo 'echo EVIL; exit' > "$scratch/evil.sh"
ln -s "$scratch/evil.sh" "$shared"
expect 'reads no link in its place' 1 "$refused" "$tool" --version
rm "$shared"
cp "$scratch/evil.sh" "$shared"
chmod o+w "$shared"
expect 'reads none that others can write to' 1 "$refused" "$tool" --version
if [ ${#as_user[@]} -gt 0 ]; then
  chmod 644 "$shared"
  chown 65533 "$shared"
  expect 'reads none of somebody else' 1 "$refused" "$tool" --version
fi
rm -f "$shared"
mv shared.sh "$shared"
mkdir no-ls
printf '#!/bin/sh\nexit 1\n' > no-ls/ls
chmod +x no-ls/ls
expect 'asks the commands of the system, whatever is in the PATH, before it trusts a file' 0 "$version" \
  env PATH="$PWD/no-ls:$PATH" "$tool" --version

# A checkout where the caller has no write permission, and therefore no directory for an archive.
mkdir home
[ ${#as_user[@]} -eq 0 ] || chown 65534:65534 home
await "$tool"
archive=$(find "$copy/cli/target" -name 'model-signing-*.jsa')
cp "$archive" "$archive.for" .
rm "$copy"/cli/target/*.jsa*
chmod a-w "$copy/cli/target"
expect 'without a home' 0 "$version" env -u HOME "${as_user[@]}" "$tool" --version
if [ ${#as_user[@]} -gt 0 ]; then
  expect 'makes no archive where it may not write' 0 '' bash -c '
    "$@" --version > /dev/null && sleep 1 && ls -A home "$0" | grep jsa || true' "$copy/cli/target" \
    env HOME="$PWD/home" "${as_user[@]}" "$tool"
fi
# An archive outside of the checkout counts for nothing, whoever could have written it.
mkdir -p home/.cache/model-signing
cp ./*.jsa ./*.jsa.for home/.cache/model-signing
[ ${#as_user[@]} -eq 0 ] || chown -R 65534:65534 home
expect 'takes no archive of another place' 0 0 bash -c '
  "$@" --version 2>&1 | grep -c "^+ exec .*SharedArchiveFile" || true' bash \
  env HOME="$PWD/home" XDG_CACHE_HOME="$PWD/home/.cache" "${as_user[@]}" sh -x "$tool"
chmod u+w "$copy/cli/target"
