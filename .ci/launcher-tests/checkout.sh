# shellcheck shell=bash disable=SC2016,SC2103,SC2154,SC2164 # commands in single quotes are for another shell; .ci/launcher has the variables and set -e
# What else is of a checkout only: where it is found, Java, Maven, who could have changed what.

mv "$jar" away.jar
expect 'finds one where the build fails' 0 "$(refused NOT_STARTED 'building the tool failed*' 1)" \
  waiting env PATH="$PWD/fake:$PATH" "$tool"
mv away.jar "$jar"


echo '--- where it is and how it is called'

ln -s "$copy/model_signing" absolute
mkdir links
ln -s ../absolute links/relative
expect 'through links' 0 "$version" links/relative --version
expect 'by the PATH' 0 "$version" env PATH="$copy:$PATH" model_signing --version
expect 'by sh in its own directory' 0 "$version" \
  sh -c 'cd "$1" && sh model-signing --version' sh "$copy"
expect 'passes on wrong usage' 2 '*' "$tool" --no-such-option
expect 'passes on failure' 1 '*' "$tool" digest no-such-model
mkdir 'my  model'
echo weights > 'my  model/* naïve'
expect 'passes arguments unchanged' 0 'sha256:*' "$tool" digest 'my  model'
expect 'takes JAVA_OPTS as words, not as patterns' 0 '* \* = value\**' \
  env JAVA_OPTS='-D*=value* -XshowSettings:properties' "$tool" --version
expect 'takes another collector in JAVA_OPTS' 0 "$version" \
  env JAVA_OPTS=-XX:+UseParallelGC "$tool" --version
expect 'takes a small heap in JAVA_OPTS' 0 "$version" env JAVA_OPTS=-Xmx16m "$tool" --version
expect 'leaves the greatest heap as it is' 0 "$("$JAVA_HOME/bin/java" -XX:+UseSerialGC \
  -XX:+PrintFlagsFinal -version 2> /dev/null | grep ' MaxHeapSize ')" \
  bash -c 'JAVA_OPTS=-XX:+PrintFlagsFinal "$0" --version | grep " MaxHeapSize "' "$tool"

# The command that the launcher executes, up to the arguments of the program.
started() {
  sh -x "$tool" "$@" 2>&1 | sed -n 's/^+ exec \(.* dev\.modelsigning\.cli\.Main\) .*/\1/p'
}
mkdir pkcs11-demo
echo weights > pkcs11-demo/weights
expect 'starts another command alike for a model that is named like one of tokens' 0 \
  "$(started digest 'my  model')" started digest pkcs11-demo
expect 'starts commands of tokens like others' 0 "$(started policy --help)" started pkcs11 --help
expect 'and a model is a model, whatever its name' 0 'sha256:*' "$tool" digest pkcs11-demo
expect 'has no warning of Java where native code of a token is called' 1 \
  'Listing tokens failed with error: *libm.so.6*' "$tool" pkcs11 list --module-path \
  "$(ldconfig -p | sed -n 's/^.*libm\.so\.6 .*=> //p' | head -n 1)"
expect 'has the manifest say the same to who starts the jar' 0 '*Enable-Native-Access: ALL-UNNAMED*' \
  unzip -p "$jar" META-INF/MANIFEST.MF
expect 'decodes file names without a UTF-8 locale' 0 "$("$tool" digest 'my  model')" \
  env LC_ALL=C "$tool" digest 'my  model'
expect 'decodes file names with a locale that is not installed' 0 "$("$tool" digest 'my  model')" \
  env -u LC_ALL LANG=xx_XX.UTF-8 "$tool" digest 'my  model'
mkdir endless
truncate -s 1T endless/zeros
expect 'ends with 130 by Ctrl-C' 130 '*' \
  timeout --preserve-status -s INT 3 "$tool" digest endless

echo '--- added jars'

# Java loads this class of file systems when its name is given, and it prints a marker and ends the
# program.
mkdir -p added 'added jars'
cat > added/Added.java << 'END'
package added;
class Added {
  static {
    System.out.println("ADDED");
    Runtime.getRuntime().halt(0);
  }
}
END
"$JAVA_HOME/bin/javac" -d added added/Added.java
"$JAVA_HOME/bin/jar" --create --file 'added jars/added.jar' -C added added
loads_added=JAVA_OPTS=-Djava.nio.file.spi.DefaultFileSystemProvider=added.Added
expect 'finds classes of added jars, and takes what they do for no success' 1 \
  $'ADDED\nmodel-signing: error: Java ended with the status 0, without a verdict' env "$loads_added" \
  MODEL_SIGNING_CLASSPATH=":$PWD/evil.jar::$PWD/added jars/added.jar:" "$tool" --version
expect 'and none without' 1 '!(*ADDED*)' env "$loads_added" "$tool" --version
expect 'lets no added jar take the place of a class' 0 "$version" \
  env MODEL_SIGNING_CLASSPATH="$PWD/evil.jar" "$tool" --version
expect 'takes an empty list of jars for none' 0 "$version" env MODEL_SIGNING_CLASSPATH= "$tool" --version
expect 'has an empty element add no class of the current directory' 1 \
  '!(*ADDED*)' \
  env -C added "$loads_added" MODEL_SIGNING_CLASSPATH=":$PWD/evil.jar:" "$tool" --version
expect 'names an added jar that does not exist' 1 \
  'model-signing: error: MODEL_SIGNING_CLASSPATH has /nowhere/keys.jar, which does not exist' \
  env MODEL_SIGNING_CLASSPATH="$PWD/evil.jar:/nowhere/keys.jar" "$tool" --version
expect 'names a directory among added jars' 1 \
  "model-signing: error: MODEL_SIGNING_CLASSPATH has $PWD/added, which is no file" \
  env MODEL_SIGNING_CLASSPATH="$PWD/added" "$tool" --version
expect 'expands no pattern among added jars' 1 \
  "model-signing: error: MODEL_SIGNING_CLASSPATH has $PWD/added jars/\\*, which does not exist" \
  env MODEL_SIGNING_CLASSPATH="$PWD/added jars/*" "$tool" --version
expect 'refuses an added jar below the current directory' 1 \
  'model-signing: error: MODEL_SIGNING_CLASSPATH has evil.jar, which is not an absolute path' \
  env MODEL_SIGNING_CLASSPATH=evil.jar "$tool" --version

echo '--- finding Java and Maven'

# All commands of the system but Java and Maven.
mkdir system
find /usr/bin /bin -maxdepth 1 ! -name 'java*' ! -name 'mvn*' -exec ln -sf {} system \;
mkdir -p java11/bin shim
printf '#!/bin/sh\nexit 1\n' > java11/bin/java
chmod +x java11/bin/java
echo 'JAVA_VERSION="11.0.2"' > java11/release
printf '#!/bin/sh\nexec "%s/bin/java" "$@"\n' "$JAVA_HOME" > shim/java
chmod +x shim/java

expect 'no Java' 1 'model-signing: error: no Java found; install a JDK, 17 or newer, *' \
  env -u JAVA_HOME PATH="$PWD/system" "$tool" --version
for shell in sh bash; do
  expect "no Java, where a program waits for a verdict, $shell" 0 "$(refused NOT_STARTED 'no Java found*' 1)" \
    waiting env -u JAVA_HOME PATH=/nonexistent "$(command -v "$shell")" "$tool"
  expect "a JAVA_HOME without a Java, where a program waits for a verdict, $shell" 0 \
    "$(refused NOT_STARTED 'JAVA_HOME is /a\\"b\\\\c ?, which has no bin/java' 1)" \
    waiting env JAVA_HOME=$'/a"b\\c\n\xff' "$shell" "$tool"
  expect "the same, where it waits for a log, $shell" 1 'False NOT_STARTED' \
    errors env JAVA_HOME=$'/a"b\\c\n\xff' "$shell" "$tool" verify key waited --format sarif
done
expect 'no Java, where an answer of diff is waited for' 2 '*no Java found*' \
  env -u JAVA_HOME PATH=/nonexistent "$(command -v sh)" "$tool" diff "$copy/docs" "$copy/docs"
expect 'the tour, where a program waits for a verdict' 2 '{"verified":false,*"reason":"WRONG_USAGE",*' \
  "$tool" quickstart --help --format json
expect 'JAVA_HOME without a Java' 1 'model-signing: error: JAVA_HOME is /nowhere, which has no bin/java' \
  env JAVA_HOME=/nowhere "$tool" --version
expect 'an old Java' 1 \
  "model-signing: error: JAVA_HOME is $PWD/java11, which is Java 11.0.2; install a JDK, 17 or newer, *" \
  env JAVA_HOME="$PWD/java11" "$tool" --version
expect 'a JAVA_HOME in the current directory' 1 \
  'model-signing: error: JAVA_HOME is java11, which is not an absolute path' \
  env JAVA_HOME=java11 "$tool" --version
expect 'an old Java on the PATH' 1 "*the java on the PATH is $PWD/java11/bin/java, which is Java 11*" \
  env -u JAVA_HOME PATH="$PWD/java11/bin:$PATH" "$tool" --version
rm java11/release
expect 'a Java that does not run' 1 "*JAVA_HOME is $PWD/java11, which does not run*" \
  env JAVA_HOME="$PWD/java11" "$tool" --version
expect 'a Java that is a script' 0 "$version" \
  env -u JAVA_HOME PATH="$PWD/shim:$PWD/system" "$tool" --version
# A JVM does not start with an option that it does not have.   tuned VERSION PROCESSOR TIMES
tuned() {
  printf 'JAVA_VERSION="%s"\nOS_ARCH="%s"\n' "$1" "$2" > java11/release
  expect "options for the compiler, JDK $1, $2" 0 "$3" env JAVA_HOME="$PWD/java11" compiler=-version tuning=-version \
    bash -c 'sh -x "$0" --version 2>&1 | grep -c "^+ exec .*-XX:MaxVectorSize=32 " || true' "$tool"
}
tuned 17.0.1 x86_64 1
tuned 25 x86_64 1
tuned 26 x86_64 0
tuned 17.0.1 mips64el 0
rm java11/release
expect 'no Maven, and none needed' 0 "$version" env PATH="$PWD/system" "$tool" --version
mv "$jar" away.jar
expect 'no Maven, and a build is needed' 1 'model-signing: error: no Maven found*' \
  env PATH="$PWD/system" "$tool" --version
mv away.jar "$jar"

echo '--- class data sharing'

# JDK 17 does not load classes of a jar from an archive if there is a space in its path.
move() {
  mv "$copy" "$scratch/$1"
  copy=$scratch/$1
  tool=$copy/model-signing
  jar=$copy/cli/target/model-signing.jar
}
move plain

# Whether the JVM loads classes of the tool from an archive: for --version from that of all commands, for digest
# from that of common ones.
shares() {
  shares_class dev.modelsigning.cli.Main "$@" --version
}

# shares_class CLASS COMMAND...   the command may fail
shares_class() {
  local class=$1
  shift
  { JAVA_OPTS=-Xlog:class+load:stderr "$@" 2>&1 || true; } \
    | grep -F "$class source: shared objects file" > /dev/null
}

# Makes an archive in the way that the launcher does after a command. One more command may have begun to make
# it again, as it came before the end; what is done to the jar next must not happen meanwhile.
await() {
  local i
  for ((i = 0; i < 180; i++)); do
    if shares "$@" && ! compgen -G "$copy/cli/target/*.lock" > /dev/null; then
      return
    fi
    sleep 1
  done
  return 1
}

expect 'makes an archive and uses it' 0 '' await "$tool"
expect 'uses it with jars added' 0 '' \
  shares env MODEL_SIGNING_CLASSPATH="$PWD/added jars/added.jar" "$tool"
expect 'uses it for commands of tokens' 0 '' shares "$tool" pkcs11
expect 'a JVM is silent about added jars' 0 "$version" \
  env MODEL_SIGNING_CLASSPATH="$PWD/added jars/added.jar:$PWD/evil.jar" "$tool" --version
signed=$copy/vectors
expect 'has the classes for certificates' 0 '' \
  shares_class dev.modelsigning.cli.verify.VerifyCertificateCommand "$tool" verify certificate "$signed/models/plain" \
  --signature "$signed/certificate/chain.sigstore.json" --certificate-chain "$signed/certificate/files/root.pem"

# Prints which archive a command is given, which need not succeed.
choice() {
  { sh -x "$tool" "$@" 2>&1 || true; } \
    | sed -n 's/.* -XX:SharedArchiveFile=[^ ]*\/\(model-signing[+a-z]*\)-[^ ]*[.]jsa.*/\1/p' | tail -n 1
}
for words in 'verify key m' 'sign key m --private-key key.pem' 'digest m'; do
  # shellcheck disable=SC2086 # several words
  expect "gives the small archive: $words" 0 model-signing choice $words
done
for words in 'verify certificate m' 'verify sigstore m --trusted-root root.json --identity-provider https://a' \
  'verify sigstore m --trusted-root=root.json'; do
  # shellcheck disable=SC2086 # several words
  expect "gives the archive for certificates: $words" 0 model-signing+certificates choice $words
done
for words in 'verify key m --public-key awskms:///alias/k' 'sign key oci://localhost/m' 'verify key s3://bucket/m' \
  'digest m --hash-algorithm blake3' 'verify certificate oci://localhost/m' 'verify sigstore m' 'sign certificate m' \
  'verify policy m' 'sign m' '--help'; do
  # shellcheck disable=SC2086 # several words
  expect "gives the large archive: $words" 0 model-signing+large choice $words
done
export JAVA_OPTS=-Xmx1g
expect 'gives the small archive to a heap of the user' 0 model-signing choice verify certificate m
unset JAVA_OPTS
mkdir digested
echo one > digested/file
digest=$("$tool" digest digested)
expect 'uses the small one for digests' 0 '' \
  shares_class dev.modelsigning.cli.inspect.DigestCommand "$tool" digest digested
archive=$(find "$copy/cli/target" -name 'model-signing-*.jsa')
large=$(find "$copy/cli/target" -name 'model-signing+large-*.jsa')
certificates=$(find "$copy/cli/target" -name 'model-signing+certificates-*.jsa')
expect 'has no option of Java write to it' 1 '*without a verdict' \
  env JAVA_OPTS=-Xshare:dump "$tool" --version
expect 'and goes on to use it' 0 '' shares "$tool"
expect 'three archives for one JVM, and nothing else' 0 '5' \
  bash -c 'ls "$1" | wc -l' bash "$copy/cli/target"

cp "$archive" good
for damage in ': > "$0"' 'truncate -s 5000 "$0"' 'truncate -s 9000000 "$0"' \
  'head -c 9000000 /dev/urandom > "$0"' 'cat "$JAVA_HOME/lib/server/classes.jsa" > "$0"'; do
  cp -f good "$archive"
  chmod u+w "$archive"
  bash -c "$damage" "$archive"
  touch -r "$jar" "$archive"
  expect "a JVM is silent about a bad archive: $damage" 0 "$digest" "$tool" digest digested
done
cp -f good "$archive"
for written in "$archive" "$certificates" "$large"; do
  chmod u+w "$written"
  head -c 100 /dev/urandom | dd of="$written" bs=1 seek=200 conv=notrunc status=none
  expect "leaves alone archives if one was written to: ${written##*/}" 0 "$digest" "$tool" digest digested
  expect 'and makes all anew' 0 '' await "$tool"
done

cp "$large" good
for damage in 'truncate -s 9000000 "$0"' 'cat "$JAVA_HOME/lib/server/classes.jsa" > "$0"'; do
  cp -f good "$large"
  chmod u+w "$large"
  bash -c "$damage" "$large"
  touch -r "$jar" "$large"
  expect "a JVM is silent about a bad large archive: $damage" 0 "Usage*" "$tool" --help
done
rm "$large"
expect 'makes all anew if one is missing, whatever the user has in variables' 0 '' \
  await env classes=-version learned=08 archive=/nowhere "$tool"
rm "$certificates"
expect 'makes all anew if that for certificates is missing' 0 '' await "$tool"
expect 'which has the classes for them' 0 '' \
  shares_class dev.modelsigning.cli.verify.VerifyCertificateCommand "$tool" verify certificate "$signed/models/plain" \
  --signature "$signed/certificate/chain.sigstore.json" --certificate-chain "$signed/certificate/files/root.pem"
mv "$signed" away
touch "$jar"
expect 'makes archives where there is nothing to learn other methods by' 0 '' await "$tool"
expect 'and uses the large one' 0 '' shares_class dev.modelsigning.s3.S3Reference "$tool" digest s3://nowhere/model \
  --s3-endpoint http://127.0.0.1:1
mv away "$signed"

touch "$jar"
expect 'makes a new archive for a new jar' 0 '' await "$tool"
move elsewhere
expect 'makes a new archive in a new place' 0 '' await "$tool"

echo '--- in a directory of a stranger'

mkdir -p hostile/cli/target
cp evil.jar hostile/cli/target/model-signing.jar
for command in java mvn find ls readlink id locale mkdir sh; do
  printf '#!/bin/sh\necho EVIL\n' > "hostile/$command"
  chmod +x "hostile/$command"
done
cd hostile
expect 'runs no command of the current directory' 0 "$version" \
  env -u JAVA_HOME PATH=":.:$JAVA_HOME/bin::$PATH:" "$tool" --version
expect 'finds itself along the PATH, not in the current directory' 0 "$version" \
  env PATH="$copy:$PATH" bash model-signing --version
cat > ../shim/java << END
#!/bin/sh
[ ! -e .java-version ] || { echo EVIL; exit; }
exec "$JAVA_HOME/bin/java" "\$@"
END
touch .java-version
expect 'does not let a version manager ask the current directory' 0 "$version" \
  env -u JAVA_HOME PATH="$scratch/shim:$scratch/system" "$tool" --version
cd ..

mkdir hot
echo '+PrintFlagsFinal' > hot/.hotspotrc
echo 'exclude java.lang.String::length' > hot/.hotspot_compiler
echo '-version' > hot/x
mkdir hot/@x
echo weights > hot/@x/weights
cd hot
expect 'a JVM is silent about files of its own in the current directory' 0 "$version" "$tool" --version
expect 'a model is no file with arguments, whatever its name' 0 'sha256:*' "$tool" digest @x
expect 'nor is an argument in the place of a command' 2 '*' "$tool" @x
cd ..
expect 'takes IFS and CDPATH for nothing' 0 "$version" \
  env IFS=/sha CDPATH="$scratch/hostile:/" sh -c 'cd "$1" && cli/../model-signing --version' sh "$copy"
ln -s "$copy" ./-checkout
expect 'in a directory that is named like an option' 0 "$version" \
  sh -- -checkout/model-signing --version

# As if a module of a token had crashed.
mkdir crash
crash() {
  cd crash
  "$tool" digest ../endless > /dev/null 2>&1 &
  sleep 2
  kill -SEGV $!
  wait $! || true
  ls -A
}
expect 'leaves no report of a crash and no core dump' 0 '' crash
cd "$scratch"

echo '--- a path that Java would cut'

old=$copy
mkdir -p b/cli/target 'with:colon' $'with\nfeed' trailing/cli/target
cp evil.jar b/cli/target/model-signing.jar
cp evil.jar trailing/cli/target/model-signing.jar
cp "$JAVA_HOME/release" trailing/pom.xml
touch -d '2 hours ago' trailing/pom.xml
move a:b
expect 'refuses a checkout below a colon' 1 "model-signing: error: there is a colon in the path of this checkout, $copy,*" \
  "$tool" --version
move $'feed\nin it'
expect 'refuses a checkout below a line feed' 1 'model-signing: error: there is a line feed in the path*' \
  "$tool" --version
move $'trailing\n'
expect 'takes no other directory for one whose name ends in a line feed' 1 \
  'model-signing: error: there is a line feed in the path*' "$tool" --version
move "${old##*/}"
mkdir c
chmod 755 c

echo '--- what Maven reads'

mkdir -p asked/.mvn
mv "$jar" away.jar
mv "$copy/.mvn" mvn
cd asked
expect 'Maven builds where it has a .mvn of its own, whatever is above' 1 \
  "*fake Maven in $copy/.cache/build.??????, .mvn: .mvn, MAVEN_BASEDIR: $copy/.cache/build.??????*" \
  env MAVEN_BASEDIR="$PWD" PATH="$scratch/fake:$PATH" "$tool" --version
cd ..
mv mvn "$copy/.mvn"
mv away.jar "$jar"
mkdir tour tour/.mvn
cd tour
expect 'quickstart runs Maven in the checkout, not below the current directory' 1 \
  "*fake Maven in $copy, .mvn: .mvn, *" env PATH="$scratch/fake:$PATH" "$tool" quickstart
expect 'quickstart prints its help to standard output' 0 'Usage: model-signing quickstart*' \
  bash -c '"$0" quickstart --help 2> /dev/null' "$tool"
expect 'quickstart leaves nothing that git would add' 0 '' \
  bash -c 'git init -q "$1" && cp "$0/.gitignore" "$1" && mkdir "$1"/quickstart "$1"/quickstart-2 \
    && touch "$1"/quickstart{,-2}/key.pem && cd "$1" && git status --short -uall | grep -v gitignore || true' \
  "$copy" "$scratch/repository"
cd ..
