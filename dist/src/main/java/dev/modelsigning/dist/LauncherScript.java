package dev.modelsigning.dist;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The launcher of a package: one file, so that nothing has to be found before the first message.
 * What it shares with the launcher of a checkout is a file of its own, {@code shared.sh}, and takes
 * the place of the line that reads it.
 */
final class LauncherScript {

  private static final Pattern READS_SHARED =
      Pattern.compile(
          "^# shellcheck source.*\\R\\. \"\\$\\{0%/\\*}/shared\\.sh\".*$", Pattern.MULTILINE);

  private LauncherScript() {}

  /**
   * Writes the launcher.
   *
   * @param directory the directory of {@code model-signing} and {@code shared.sh}
   * @param target the file to create
   * @throws BuildException if the launcher does not read the shared file in exactly one place
   */
  static void write(Path directory, Path target) throws IOException, BuildException {
    Path launcher = directory.resolve("model-signing");
    Matcher reads = READS_SHARED.matcher(Files.readString(launcher));
    StringBuilder whole = new StringBuilder();
    int places = 0;
    while (reads.find()) {
      places++;
      String shared = Files.readString(directory.resolve("shared.sh")).stripTrailing();
      reads.appendReplacement(whole, Matcher.quoteReplacement(shared));
    }
    reads.appendTail(whole);
    if (places != 1) {
      throw new BuildException(
          "expected one line of " + launcher + " that reads shared.sh, found " + places);
    }
    Files.writeString(target, whole);
  }
}
