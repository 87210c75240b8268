package dev.modelsigning.cli.sign;

import dev.modelsigning.cli.keys.KeyName;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A second key, whose signature is written beside that of the first. */
final class AlsoArguments {

  private static final String SUFFIX = ".sig";
  private static final String SECOND = ".mldsa.sig";

  @Option(
      names = "--also",
      paramLabel = "KEY",
      description =
          "Sign with this private key for ML-DSA too, over the same hashing, and write that"
              + " signature beside: model.mldsa.sig beside model.sig. Both are written or none. To a"
              + " model in a registry both are attached."
              + " Needs --beyond-oms.")
  private @Nullable KeyName key;

  /** The key, if one was given. */
  Optional<KeyName> key() {
    return Optional.ofNullable(key);
  }

  /** The file of its signature, beside that of the first key. */
  static Path beside(Path signature) {
    String name = String.valueOf(signature.getFileName());
    String stem =
        name.endsWith(SUFFIX) && name.length() > SUFFIX.length()
            ? name.substring(0, name.length() - SUFFIX.length())
            : name;
    return signature.resolveSibling(stem + SECOND);
  }
}
