# shellcheck shell=bash disable=SC2016,SC2103,SC2154,SC2164 # commands in single quotes are for another shell; .ci/launcher has the variables and set -e
# How the launcher of a checkout builds the tool.

# The complete output of --version in a copy that is not a repository; on a terminal, lines end
# differently.
version=$'model-signing, version +([0-9A-Za-z.-])?(\r)\ncommit: unknown?(\r)\nJava: +([!\n])\n'
version+=$'specification: OpenSSF Model Signing 1.0?(\r)\n'
version+=$'predicate: https://model_signing/signature/v1.0?(\r)\n'
version+='bundle: application/vnd.dev.sigstore.bundle.v0.3+json'

# A fake Maven that prints where it was started and what it would read there.
mkdir fake
cat > fake/mvn << 'END'
#!/bin/sh
echo "fake Maven in $PWD, .mvn: $(ls -d .mvn 2>&1), MAVEN_BASEDIR: ${MAVEN_BASEDIR:-none}"
exit 1
END
chmod +x fake/mvn

echo '--- building'

expect 'builds the first time and says why' 0 \
  "model-signing: building the tool, as it is not built yet; *"$'\n'"$version" "$tool" --version
expect 'does not build again without need' 0 "$version" "$tool" --version
touch "$copy/dist/src/main/launcher/shared.sh"
expect 'does not build again for what is only packed' 0 "$version" "$tool" --version
expect 'cleans up after a build' 0 '' ls "$copy/.cache"
touch "$copy/core/src/main/java/module-info.java"
expect 'builds again after a change and says which' 0 \
  "*as core/src/main/java/module-info.java has changed; *"$'\n'"$version" "$tool" --version
touch "$copy/cli/pom.xml"
expect 'builds again after a change of a POM' 0 "*as cli/pom.xml has changed; *"$'\n'"$version" \
  "$tool" --version

rm "$jar"
"$tool" --version > first.txt 2>&1 &
expect 'builds twice at once: one' 0 "*"$'\n'"$version" "$tool" --version
wait $! || true
expect 'builds twice at once: the other' 0 "*"$'\n'"$version" cat first.txt

echo 'final class Broken { int i = nothing; }' > "$copy/core/src/main/java/Broken.java"
expect 'shows why a build failed' 1 '*Broken.java*model-signing: error: building the tool failed*' \
  "$tool" --version
rm "$copy/core/src/main/java/Broken.java"
# Removing the file changed its directory.
expect 'builds again after a file is removed' 0 \
  "*as core/src/main/java has changed; *"$'\n'"$version" "$tool" --version

# In a repository, and in a directory of another repository.
commit_all() {
  git -C "$1" init -q
  git -C "$1" add README.md
  git -C "$1" -c user.name=name -c user.email=name@host.example commit -q -m all
  git -C "$1" rev-parse HEAD
}
commit=$(commit_all "$copy")
touch "$copy/cli/pom.xml"
expect 'says which commit it was built from' 0 \
  "*"$'\n'"${version/unknown/$commit with changes}" "$tool" --version
rm -rf "$copy/.git"
touch README.md
commit=$(commit_all .)
touch "$copy/cli/pom.xml"
expect 'takes no commit of a repository around it' 0 "*"$'\n'"$version" "$tool" --version
rm -rf .git README.md

rm "$jar"
expect 'writes nothing but output to standard output while it builds' 0 "$version" \
  sh -c '"$1" --version 2> /dev/null' sh "$tool"
echo 'final class Broken { int i = nothing; }' > "$copy/core/src/main/java/Broken.java"
expect 'shows no codes for terminals in a pipe' 0 '' \
  bash -c '{ "$0" --version 2>&1 || true; } | { ! grep -a -c "$(printf "\033")"; } | grep -v "^0$" || true' "$tool"
rm "$copy/core/src/main/java/Broken.java"
"$tool" --version > /dev/null 2>&1
