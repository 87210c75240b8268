package dev.modelsigning.cli.command;

import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.model.HashAlgorithm;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import picocli.CommandLine.TypeConversionException;

/** Turns arguments into values, with messages for people. */
public final class Converters {

  private Converters() {}

  /** A value that is none, in words of ours: it is not repeated but where it cannot be a secret. */
  public static final class Refusal extends TypeConversionException {

    private static final long serialVersionUID = 1L;

    Refusal(String message) {
      super(message);
    }
  }

  /** A path. An empty one, as from a variable that is not set, is refused. */
  public static Path path(String argument) {
    if (argument.isEmpty()) {
      throw new Refusal("the path is empty; is a variable not set?");
    }
    if (argument.equals("-")) {
      throw new Refusal(
          "'-' for standard input or output is not supported; name a file, or './-' if it has this"
              + " name");
    }
    if (Place.isInRegistry(argument)) {
      throw new Refusal(
          "a path is expected here; oci://HOST/REPOSITORY:TAG stands for a model where it is signed,"
              + " verified or attested, and for --signature of 'verify key', 'certificate' and"
              + " 'sigstore'");
    }
    if (Place.isInStore(argument)) {
      throw new Refusal(
          "a path is expected here; s3://BUCKET/PREFIX stands for a model where it is signed,"
              + " verified, attested, inspected or compared, and for --signature and --claims there");
    }
    try {
      return Path.of(argument);
    } catch (InvalidPathException e) {
      throw new Refusal(
          Printable.quote(argument)
              + " is not a path on this system"
              + " (with LC_ALL=C names must be ASCII; try LC_ALL=C.UTF-8)");
    }
  }

  /** A number. What was typed is shown if it is a short word. */
  public static Long integer(String argument) {
    try {
      return Long.valueOf(argument);
    } catch (NumberFormatException e) {
      throw new Refusal(
          "expected a number" + Harmless.word(argument).map(word -> ", found " + word).orElse(""));
    }
  }

  /** A time with its offset, or a date, which is its first moment in UTC. */
  public static Instant instant(String argument) {
    try {
      return argument.matches("\\d{4}-\\d\\d-\\d\\d")
          ? LocalDate.parse(argument).atStartOfDay(ZoneOffset.UTC).toInstant()
          : OffsetDateTime.parse(argument).toInstant();
    } catch (DateTimeParseException e) {
      throw new Refusal(
          "expected a time such as 2026-01-31T12:00:00Z or a date such as 2026-01-31");
    }
  }

  /** An address. What was typed is not shown, as it may hold a secret. */
  public static URI uri(String argument) {
    try {
      return new URI(argument);
    } catch (URISyntaxException e) {
      throw new Refusal("expected an address such as https://example.com");
    }
  }

  /** A hash algorithm by its name, in any case. */
  public static HashAlgorithm hashAlgorithm(String argument) {
    return HashAlgorithm.of(argument.toLowerCase(Locale.ROOT))
        .orElseThrow(() ->
            new Refusal(
                "expected sha256, blake2b or blake3"
                    + Harmless.word(argument).map(word -> ", found " + word).orElse("")));
  }
}
