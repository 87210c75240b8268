package dev.modelsigning.predicate;

import dev.modelsigning.internal.build.SafeUri;
import dev.modelsigning.internal.file.FileKind;
import dev.modelsigning.internal.file.SmallFile;
import dev.modelsigning.internal.json.JsonReader;
import dev.modelsigning.internal.json.MalformedJsonException;
import dev.modelsigning.internal.json.Printable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The type of a predicate: a URI (in-toto Statement v1, {@code predicateType}). Some have short
 * names, and their predicates a form that is checked; those of any other type are JSON objects.
 *
 * <p>The types of OMS are not among them: a statement with such a predicate is the signature of a
 * model.
 */
public final class PredicateType {

  /** The largest size of a predicate, in bytes: 16 MiB. */
  public static final int MAX_SIZE = FileKind.PREDICATE.maxSize();

  /** A bill of materials in CycloneDX, versions 1.4 to 1.7. */
  public static final PredicateType CYCLONEDX =
      new PredicateType(
          "cyclonedx",
          "https://cyclonedx.org/bom",
          "https://cyclonedx\\.org/bom/v1\\.[4-7]",
          Forms.CYCLONEDX);

  /** A bill of materials in SPDX 3. */
  public static final PredicateType SPDX =
      new PredicateType(
          "spdx",
          "https://spdx.dev/Document/v3",
          "https://spdx\\.dev/Document/v3\\.0(\\.1)?",
          Forms.SPDX);

  /** Build provenance of SLSA, version 1. */
  public static final PredicateType SLSA =
      new PredicateType("slsa", "https://slsa.dev/provenance/v1", null, Forms.SLSA_PROVENANCE);

  /** A verification summary of SLSA, version 1. */
  public static final PredicateType VSA =
      new PredicateType(
          "vsa", "https://slsa.dev/verification_summary/v1", null, Forms.VERIFICATION_SUMMARY);

  /** The result of a test run, version 0.1. */
  public static final PredicateType TEST_RESULT =
      new PredicateType(
          "test-result",
          "https://in-toto.io/attestation/test-result/v0.1",
          null,
          Forms.TEST_RESULT);

  /** The result of a search for vulnerabilities, version 0.2. */
  public static final PredicateType VULNS =
      new PredicateType(
          "vulns", "https://in-toto.io/attestation/vulns/v0.2", null, Forms.VULNERABILITIES);

  /** The types with a short name, in the order of messages. */
  private static final List<PredicateType> NAMED =
      List.of(CYCLONEDX, SPDX, SLSA, VSA, TEST_RESULT, VULNS);

  /** The start of all types of OMS. */
  private static final String OMS = "https://model_signing/";

  private static final int MAX_URI = 1_000;

  /** A bill of materials with 16 MiB has fewer. */
  private static final long MAX_TOKENS = 8_000_000;

  /** By how much clocks may differ. */
  static final Duration TOLERANCE = Duration.ofMinutes(5);

  private static final String DOCUMENT = "predicate";

  private final @Nullable String name;
  private final String uri;

  /** Other spellings of the type that signers use; null if there are none. */
  private final @Nullable Pattern aliases;

  private final Form form;

  private PredicateType(@Nullable String name, String uri, @Nullable String aliases, Form form) {
    this.name = name;
    this.uri = uri;
    this.aliases = aliases == null ? null : Pattern.compile(aliases);
    this.form = form;
  }

  /**
   * Returns a type.
   *
   * @param text one of the {@linkplain #names() short names}, or a URI with a scheme, in ASCII, of
   *     at most 1,000 characters
   * @throws IllegalArgumentException if it is neither, or is a type of OMS; the message lists the
   *     short names
   */
  public static PredicateType of(String text) {
    for (PredicateType type : NAMED) {
      if (text.equals(type.name) || text.equals(type.uri)) {
        return type;
      }
    }
    if (text.toLowerCase(Locale.ROOT).startsWith(OMS)) {
      throw new IllegalArgumentException(
          "a statement with the predicate type "
              + Printable.quote(text)
              + " is the signature of a model (OMS 5.2), which 'sign' makes");
    }
    if (text.length() > MAX_URI || !SafeUri.isAbsolute(text)) {
      throw new IllegalArgumentException(
          "expected a predicate type: a URI with a scheme, or one of "
              + String.join(", ", names())
              + "; found "
              + Printable.quote(text));
    }
    return new PredicateType(null, text, null, Form.map(Form.anything()));
  }

  /** The short names, in the order of messages. */
  public static List<String> names() {
    return NAMED.stream().map(type -> String.valueOf(type.name)).toList();
  }

  /** The URI, to be written into statements. */
  public String uri() {
    return uri;
  }

  /** The short name, if there is one. */
  public Optional<String> name() {
    return Optional.ofNullable(name);
  }

  /**
   * Whether a statement that was read has a predicate of this type: by its URI, or by another
   * spelling that signers use for the same form, such as {@code https://cyclonedx.org/bom/v1.6}.
   *
   * @param predicateType the value of {@code predicateType} in the statement
   */
  public boolean includes(String predicateType) {
    return predicateType.equals(uri)
        || (aliases != null && aliases.matcher(predicateType).matches());
  }

  /**
   * Checks a predicate: JSON with a single interpretation (RFC 8259: UTF-8, no duplicate names), an
   * object of at most {@link #MAX_SIZE} bytes, and for types with a short name the form that its
   * specification requires. Times in known fields must not be more than five minutes in the future.
   *
   * @param json the bytes of the predicate
   * @return the predicate as compact JSON, with the same names, values and order
   * @throws MalformedPredicateException if it is something else; the message names the field by its
   *     path
   */
  public String require(byte[] json) throws MalformedPredicateException {
    return require(json, Instant.now());
  }

  /**
   * Reads a predicate from a file and checks it as {@link #require} does.
   *
   * @param file the file, which may be a pipe
   * @return the predicate as compact JSON
   * @throws IOException if the file cannot be read, or is larger than {@link #MAX_SIZE}
   * @throws MalformedPredicateException if it has another form; the message names the file and the
   *     field
   */
  public String read(Path file) throws IOException, MalformedPredicateException {
    byte[] json = SmallFile.read(file, FileKind.PREDICATE);
    try {
      return require(json);
    } catch (MalformedPredicateException e) {
      throw new MalformedPredicateException(file + ": " + e.getMessage(), e);
    }
  }

  String require(byte[] json, Instant now) throws MalformedPredicateException {
    if (json.length > MAX_SIZE) {
      throw new MalformedPredicateException(
          DOCUMENT + ": expected at most " + MAX_SIZE + " bytes, found " + json.length);
    }
    try {
      JsonReader.read(
          DOCUMENT,
          json,
          MAX_TOKENS,
          reader -> {
            form.check(reader, now.plus(TOLERANCE));
            return true;
          });
      String compact =
          JsonReader.read(DOCUMENT, json, MAX_TOKENS, reader -> reader.rawValue(MAX_SIZE));
      requireDepth(compact);
      return compact;
    } catch (MalformedJsonException e) {
      throw new MalformedPredicateException(String.valueOf(e.getMessage()), e);
    }
  }

  /** A statement has the predicate one level deeper, where it must be readable too. */
  private static void requireDepth(String compact) throws MalformedJsonException {
    JsonReader.read(
        DOCUMENT,
        ("{\"predicate\":" + compact + "}").getBytes(StandardCharsets.UTF_8),
        MAX_TOKENS,
        reader -> {
          reader.skip();
          return true;
        });
  }

  /** Whether the other object is the same type. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof PredicateType type && uri.equals(type.uri);
  }

  @Override
  public int hashCode() {
    return uri.hashCode();
  }

  /** The URI. */
  @Override
  public String toString() {
    return uri;
  }
}
