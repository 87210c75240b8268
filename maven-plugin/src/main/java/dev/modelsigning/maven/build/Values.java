package dev.modelsigning.maven.build;

import dev.modelsigning.internal.json.Printable;
import java.io.File;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Parses the values of parameters. Maven takes every text but {@code true} for {@code false}, and
 * an empty element for an absent one. Here both are errors, since an absent parameter could be one
 * that protects.
 */
public final class Values {

  private Values() {}

  /** A Boolean value. */
  public static boolean flag(String parameter, @Nullable String value, boolean otherwise)
      throws WrongParameterException {
    if (value == null) {
      return otherwise;
    }
    return switch (value.trim()) {
      case "true" -> true;
      case "false" -> false;
      default ->
          throw new WrongParameterException(
              parameter, "expected true or false, found " + Printable.quote(value));
    };
  }

  /** A required value. */
  public static <T> T required(String parameter, @Nullable T value, String what)
      throws WrongParameterException {
    if (value == null) {
      throw new WrongParameterException(parameter, "is missing: " + what);
    }
    return value;
  }

  /** A list without empty elements. */
  public static <T> List<T> list(String parameter, @Nullable List<T> values)
      throws WrongParameterException {
    if (values == null) {
      return List.of();
    }
    List<T> result = new ArrayList<>();
    for (T value : values) {
      if (value == null || value.toString().isBlank()) {
        throw new WrongParameterException(parameter, "has an element without a value");
      }
      result.add(value);
    }
    return result;
  }

  /** A list of files. */
  public static List<Path> files(String parameter, @Nullable List<File> values)
      throws WrongParameterException {
    return list(parameter, values).stream().map(File::toPath).toList();
  }

  /** A URL. The value is not shown in errors, as it may contain a secret. */
  public static URI address(String parameter, String value) throws WrongParameterException {
    try {
      return new URI(value);
    } catch (URISyntaxException e) {
      throw new WrongParameterException(
          parameter, "expected an address such as https://example.com");
    }
  }

  /** A time in ISO 8601, or a day. */
  public static Instant time(String parameter, String value) throws WrongParameterException {
    try {
      return value.matches("\\d{4}-\\d\\d-\\d\\d")
          ? LocalDate.parse(value).atStartOfDay(ZoneOffset.UTC).toInstant()
          : OffsetDateTime.parse(value).toInstant();
    } catch (DateTimeParseException e) {
      throw new WrongParameterException(
          parameter,
          "expected a time such as 2026-01-31T12:00:00Z or a day such as 2026-01-31, found "
              + Printable.quote(value));
    }
  }
}
