package dev.modelsigning.cli.keys;

import dev.modelsigning.cli.command.Converters;
import dev.modelsigning.cli.command.WrongUsage;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signingkey.KeyProviders;
import java.nio.file.Path;
import java.security.InvalidKeyException;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/**
 * What names a key on the command line: a path, or a URI. It is kept as it was typed, and not shown
 * but as a path, since a URI may hold a secret.
 *
 * @param text what was typed
 */
public record KeyName(String text) {

  /** Refuses what is no path while the arguments are read, unless it may be a URI. */
  public static KeyName of(String argument) {
    if (argument.indexOf(':') < 0) {
      Converters.path(argument);
    }
    return new KeyName(argument);
  }

  /**
   * The path that it is.
   *
   * @throws InvalidKeyException if there are no such paths on this system
   */
  Path path() throws InvalidKeyException {
    try {
      return Converters.path(text);
    } catch (Converters.Refusal e) {
      throw new InvalidKeyException(e.getMessage(), e);
    }
  }

  /**
   * Where the public key of a private key in a file usually is: beside it, as {@code generate-key}
   * has it. Whether that is so, has to be looked at.
   */
  public Optional<Path> publicFile() {
    try {
      if (KeyProviders.installed().uri(text).isPresent()) {
        return Optional.empty();
      }
      Path file = path();
      String name = String.valueOf(file.getFileName());
      return Optional.of(file.resolveSibling(name.replaceFirst("\\.(pem|key)$", "") + ".pub"));
    } catch (InvalidKeyException e) {
      return Optional.empty();
    }
  }

  /**
   * The path of a file to write, which can be no URI: whoever signs or verifies by the same words
   * would not find the file.
   *
   * @param option the option that it was given to
   */
  Path newFile(String option, CommandSpec command) throws SigningException {
    try {
      if (KeyProviders.installed().uri(text).isEmpty()) {
        return path();
      }
    } catch (InvalidKeyException e) {
      if (!text.contains("://")) {
        throw new SigningException(String.valueOf(e.getMessage()), e);
      }
    }
    throw new WrongUsage(
        command,
        option
            + ": expected the path of a file to write, found a URI; write './' before a path that"
            + " looks like one");
  }

  /** Nothing of the text. */
  @Override
  public String toString() {
    return "the name of a key";
  }
}
