package dev.modelsigning.cli.keys;

import dev.modelsigning.cli.command.Converters;
import dev.modelsigning.cli.command.WrongUsage;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signingkey.KeyProviders;
import java.nio.file.Path;
import java.security.InvalidKeyException;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/**
 * The name of a key on the command line: a path or a URI. It is stored as typed, and shown only if
 * it is a path, since a URI may contain a secret.
 *
 * @param text the text as typed
 */
public record KeyName(String text) {

  private static final String TOKEN = "pkcs11:";

  private static final List<String> SERVICES = List.of("awskms:", "hashivault:", "openbao:");

  /** Creates a name; refuses a text that is neither a valid path nor possibly a URI. */
  public static KeyName of(String argument) {
    if (argument.indexOf(':') < 0) {
      Converters.path(argument);
    }
    return new KeyName(argument);
  }

  /** Whether it is the URI of a key on a token (RFC 7512). */
  boolean isOnToken() {
    return text.regionMatches(true, 0, TOKEN, 0, TOKEN.length());
  }

  /** Whether it is the URI of a key at a service, which has no file with the key. */
  boolean isAtService() {
    return SERVICES.stream().anyMatch(each -> text.regionMatches(true, 0, each, 0, each.length()));
  }

  /** What its secret files contain, in words. */
  public String secretContent() {
    return isOnToken() ? "PIN" : isAtService() ? "file with credentials" : "private key";
  }

  /**
   * Returns it as a path.
   *
   * @throws InvalidKeyException if it is not a valid path on this system
   */
  Path path() throws InvalidKeyException {
    try {
      return Converters.path(text);
    } catch (Converters.Refusal e) {
      throw new InvalidKeyException(e.getMessage(), e);
    }
  }

  /**
   * The usual location of the public key of a private key file: next to it, as {@code generate-key}
   * writes it. It need not exist.
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
   * The path of a file to write, which must not look like a URI: the same text, given for signing
   * or verification, would not name the file.
   *
   * @param option the option to which it was given
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

  /** Nothing of the text, which may be secret. */
  @Override
  public String toString() {
    return "the name of a key";
  }
}
