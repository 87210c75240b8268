# shellcheck shell=bash disable=SC2016,SC2103,SC2154,SC2164 # commands in single quotes are for another shell; .ci/launcher has the variables and set -e
# Options for the JVM: those that end it before the program is started are no success.

echo '--- options of Java'

verify=(verify key waited --signature waited.sig --public-key waited.pub)
mkdir altered
echo other > altered/weights
expect 'verifies' 0 '*Verification succeeded*' "$tool" "${verify[@]}"
echo '-version' > arguments
for options in -version --version -showversion\ -version -help --help '-?' -h -X --help-extra --dry-run -Xshare:dump \
  --list-modules '--describe-module java.base' -d\ java.base --validate-modules -Xinternalversion -XshowSettings\ -version \
  -Xlog:help -XX:+PrintFlagsInitial -agentlib:jdwp=help @arguments "@$PWD/arguments" \
  "-cp $PWD/evil dev.modelsigning.cli.Main" "-jar $PWD/evil.jar" '-cp' --module-path \
  'dev.modelsigning.cli.Main' '-Dx=y --dry-run'; do
  expect "takes no Java that did something else for a success: $options" 1 '*without a verdict' \
    env JAVA_OPTS="$options" "$tool" "${verify[@]}"
done
# Its own program with other arguments, whose status proves nothing.
if [[ $jar != *[[:space:]]* ]]; then
  expect 'takes no other arguments for those given' 1 '*without a verdict' \
    env JAVA_OPTS="-cp $jar dev.modelsigning.cli.Main --version" "$tool" "${verify[@]}"
fi
ln -s "$copy" spaceless
expect 'takes no other arguments for those given, not even with its own jar' 1 '*without a verdict' \
  env JAVA_OPTS="-cp ${jar/#"$copy"/$PWD/spaceless} dev.modelsigning.cli.Main --version --" "$tool" "${verify[@]}"
expect 'lets no option choose the number that is added to the status' 1 '!(*Verification succeeded*)' \
  env JAVA_OPTS=-Dmodelsigning.status=63 "$tool" verify key altered --signature waited.sig --public-key waited.pub
expect 'nor make a success a failure' 0 '*Verification succeeded*' \
  env JAVA_OPTS=-Dmodelsigning.status=63 "$tool" "${verify[@]}"
expect 'does not answer in place of diff by what Java prints' 2 '*without a verdict' \
  env JAVA_OPTS=--version "$tool" diff waited waited
for options in -XshowSettings -showversion "-cp $PWD/evil.jar" '-Xmx64m -XX:+UseParallelGC' -Xint ' '; do
  expect "verifies with $options" 0 '*Verification succeeded*' env JAVA_OPTS="$options" "$tool" "${verify[@]}"
  expect "refuses with $options" 1 '*weights*' \
    env JAVA_OPTS="$options" "$tool" verify key altered --signature waited.sig --public-key waited.pub
  expect "passes on wrong usage with $options" 2 '*' env JAVA_OPTS="$options" "$tool" verify nonsense
done
expect 'reads standard input with options' 0 '*Verification succeeded*' \
  env JAVA_OPTS=-Xmx64m "$tool" verify key waited --signature waited.sig --public-key /dev/stdin < waited.pub
for signal in INT:130 TERM:143 HUP:129; do
  expect "ends with ${signal#*:} by SIG${signal%:*} with options" "${signal#*:}" '' \
    env JAVA_OPTS=-Xmx64m timeout --preserve-status -s "${signal%:*}" 3 "$tool" digest endless-json
done
# The variables that every JVM reads are for the user's own programs.
for variable in JDK_JAVA_OPTIONS JAVA_TOOL_OPTIONS _JAVA_OPTIONS; do
  for options in -Xshare:dump -Xlog:help -XX:+PrintFlagsInitial -agentlib:jdwp=help -javaagent:/nowhere -Dmodelsigning.status=63 \
    @arguments -Xnonsense; do
    expect "takes nothing of $variable: $options" 0 'Verification succeeded*' \
      env "$variable=$options" "$tool" "${verify[@]}"
  done
  expect "takes nothing of $variable where it refuses" 1 '!(*Picked up*)' \
    env "$variable=-Xshare:dump" "$tool" verify key altered --signature waited.sig --public-key waited.pub
done
