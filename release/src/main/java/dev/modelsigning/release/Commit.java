package dev.modelsigning.release;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * The commit that was built, as {@code model-signing --version} states it.
 *
 * @param text its hash, with {@code " with changes"} appended if sources differ from it; empty if
 *     it is unknown
 */
record Commit(String text) {

  private static final Pattern HASH = Pattern.compile("[0-9a-f]{40}([0-9a-f]{24})?");

  /** Reads what the build of the command line wrote. */
  static Commit read(Path checkout) throws IOException {
    return new Commit(
        Files.readString(checkout.resolve("cli/target/classes/dev/modelsigning/cli/commit"))
            .strip());
  }

  boolean isKnown() {
    return !text.isEmpty();
  }

  /** Whether the sources are those of a commit, without changes. */
  boolean isExact() {
    return HASH.matcher(text).matches();
  }

  /** The hash without the remark. */
  String hash() {
    int end = text.indexOf(' ');
    return end < 0 ? text : text.substring(0, end);
  }
}
