package dev.modelsigning.pkcs11.internal.uri;

import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.signing.SigningException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The attributes of a PKCS #11 URI (RFC 7512). All of them must match. Unknown and repeated ones
 * are refused, since ignoring one could select another key.
 */
public final class TokenUri {

  private static final String SCHEME = "pkcs11:";

  /** The object types that can be given for a private key: some tools write the public one. */
  private static final Set<String> KEY_TYPES = Set.of("private", "public");

  private static final Set<String> OTHER_TYPES = Set.of("cert", "data", "secret-key");

  private static final Pattern PIN_IN_A_VALUE =
      Pattern.compile("pin[^=]*=", Pattern.CASE_INSENSITIVE);

  private final Map<UriAttribute, Bytes> attributes;

  private TokenUri(Map<UriAttribute, Bytes> attributes) {
    this.attributes = attributes;
  }

  /**
   * Parses a URI.
   *
   * @throws IllegalArgumentException if it is malformed; the message names the attribute and does
   *     not show a PIN
   */
  public static TokenUri parse(String text) {
    if (!text.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      throw new IllegalArgumentException(
          "expected a PKCS #11 URI such as 'pkcs11:token=NAME;object=KEY', found "
              + (text.isEmpty() ? "nothing" : "one that does not begin with 'pkcs11:'")
              + " (RFC 7512)");
    }
    String rest = text.substring(SCHEME.length());
    int question = rest.indexOf('?');
    String path = question < 0 ? rest : rest.substring(0, question);
    String query = question < 0 ? "" : rest.substring(question + 1);
    Map<UriAttribute, Bytes> attributes = new EnumMap<>(UriAttribute.class);
    add(attributes, path, ";", false);
    add(attributes, query, "&", true);
    TokenUri uri = new TokenUri(attributes);
    uri.requireMeaning();
    return uri;
  }

  private static void add(
      Map<UriAttribute, Bytes> attributes, String part, String separator, boolean query) {
    if (part.isEmpty()) {
      return;
    }
    for (String pair : part.split(separator, -1)) {
      int equals = pair.indexOf('=');
      String name = equals < 0 ? pair : pair.substring(0, equals);
      // Without an equals sign it may be a part of anything, even of a PIN that contains an
      // ampersand.
      if (equals < 0) {
        throw new IllegalArgumentException(
            "expected NAME=VALUE between the separators '"
                + separator
                + "' of the PKCS #11 URI, found an attribute without a value; in a value write ';'"
                + " as %3B and '&' as %26 (RFC 7512 2.3)");
      }
      UriAttribute attribute =
          UriAttribute.named(name, query).orElseThrow(() -> unknown(name, query));
      String written = pair.substring(equals + 1);
      // RFC 7512 permits this as part of a label. But a user who writes it means a PIN, which would
      // be shown with the label.
      if (!query && PIN_IN_A_VALUE.matcher(written).find()) {
        throw new IllegalArgumentException(
            "the value of "
                + name
                + " in the PKCS #11 URI has an attribute for a PIN in it (not shown), expected"
                + " pin-value or pin-source after a '?'; in a value write '=' as %3D (RFC 7512 2.3)");
      }
      Bytes value;
      try {
        value = PercentEncoding.decode(written);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "the value of " + name + " in the PKCS #11 URI: " + e.getMessage() + " (RFC 7512 2.3)");
      }
      if (attributes.put(attribute, value) != null) {
        throw new IllegalArgumentException(
            "the attribute "
                + name
                + " occurs twice in the PKCS #11 URI, expected it once at most");
      }
    }
  }

  private static IllegalArgumentException unknown(String name, boolean query) {
    // An unknown name may be part of a PIN, for example after an ampersand in it.
    boolean known =
        Stream.of(UriAttribute.values()).anyMatch(each -> each.toString().equalsIgnoreCase(name));
    String found = known ? Printable.quote(name) : "another name";
    String message =
        "expected "
            + (query ? "after '?' in " : "before '?' in ")
            + "the PKCS #11 URI one of "
            + String.join(", ", UriAttribute.names(query))
            + ", found "
            + found;
    if (UriAttribute.named(name, !query).isPresent()) {
      message += ", which belongs " + (query ? "before" : "after") + " the '?'";
    }
    return new IllegalArgumentException(message + " (RFC 7512 2.3)");
  }

  private void requireMeaning() {
    text(UriAttribute.TYPE)
        .ifPresent(type -> {
          if (OTHER_TYPES.contains(type)) {
            throw new IllegalArgumentException(
                "type in the PKCS #11 URI: expected private, found " + type);
          }
          if (!KEY_TYPES.contains(type)) {
            throw new IllegalArgumentException(
                "type in the PKCS #11 URI: expected private, found " + Printable.quote(type));
          }
        });
    text(UriAttribute.SLOT_ID).ifPresent(TokenUri::number);
    text(UriAttribute.LIBRARY_VERSION).ifPresent(TokenUri::version);
    for (UriAttribute attribute : attributes.keySet()) {
      if (attribute != UriAttribute.ID && attribute != UriAttribute.PIN_VALUE) {
        requireUtf8(attribute);
      }
    }
    if (attributes.containsKey(UriAttribute.PIN_VALUE)
        && attributes.containsKey(UriAttribute.PIN_SOURCE)) {
      throw new IllegalArgumentException(
          "pin-value and pin-source in the PKCS #11 URI exclude each other");
    }
  }

  private void requireUtf8(UriAttribute attribute) {
    Bytes value = attributes.get(attribute);
    try {
      StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(value == null ? new byte[0] : value.toArray()));
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(
          "the value of " + attribute + " in the PKCS #11 URI: expected UTF-8", e);
    }
  }

  private static long number(String slotId) {
    try {
      if (slotId.matches("[0-9]+")) {
        return Long.parseUnsignedLong(slotId);
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "slot-id in the PKCS #11 URI: expected a number below 2^64", e);
    }
    throw new IllegalArgumentException(
        "slot-id in the PKCS #11 URI: expected a decimal number, found " + Printable.quote(slotId));
  }

  private static int version(String text) {
    if (!text.matches("[0-9]{1,3}(\\.[0-9]{1,3})?")) {
      throw new IllegalArgumentException(
          "library-version in the PKCS #11 URI: expected a version such as 2.40, found "
              + Printable.quote(text));
    }
    String[] numbers = text.split("\\.", -1);
    int minor = numbers.length == 1 ? 0 : Integer.parseInt(numbers[1]);
    return Integer.parseInt(numbers[0]) << Byte.SIZE | minor;
  }

  /** The value of an attribute, if present; {@code id} is binary. */
  public Optional<Bytes> bytes(UriAttribute attribute) {
    return Optional.ofNullable(attributes.get(attribute));
  }

  /** The value of an attribute as UTF-8 text. */
  public Optional<String> text(UriAttribute attribute) {
    return bytes(attribute).map(PercentEncoding::utf8);
  }

  /** The slot ID, unsigned. */
  public Optional<Long> slotId() {
    return text(UriAttribute.SLOT_ID).map(TokenUri::number);
  }

  /**
   * The version of the module: the major version in the high byte, the minor version in the low
   * byte.
   */
  public Optional<Integer> libraryVersion() {
    return text(UriAttribute.LIBRARY_VERSION).map(TokenUri::version);
  }

  /**
   * The PIN file, if the URI names one ({@code pin-source}, RFC 7512 2.4).
   *
   * @throws SigningException if {@code pin-source} is not a file
   */
  public Optional<Path> pinFile() throws SigningException {
    Optional<String> source = text(UriAttribute.PIN_SOURCE);
    return source.isEmpty() ? Optional.empty() : Optional.of(PinSource.file(source.get()));
  }

  /** Whether it identifies a key, not only a token. */
  public boolean namesKey() {
    return attributes.containsKey(UriAttribute.ID) || attributes.containsKey(UriAttribute.OBJECT);
  }

  /** Formats a URI with these attributes. */
  public static String format(Map<UriAttribute, Bytes> attributes) {
    StringBuilder path = new StringBuilder();
    StringBuilder query = new StringBuilder();
    List<String> inQuery = UriAttribute.names(true);
    new EnumMap<>(attributes)
        .forEach((attribute, value) -> {
          boolean isQuery = inQuery.contains(attribute.toString());
          StringBuilder part = isQuery ? query : path;
          if (!part.isEmpty()) {
            part.append(isQuery ? '&' : ';');
          }
          part.append(attribute).append('=').append(shown(attribute, value));
        });
    return SCHEME + path + (query.isEmpty() ? "" : "?" + query);
  }

  private static String shown(UriAttribute attribute, Bytes value) {
    return switch (attribute) {
      case ID -> PercentEncoding.encodeAll(value);
      case PIN_VALUE -> "...";
      // Not if it may be the PIN itself, by mistake.
      case PIN_SOURCE ->
          PinSource.isFile(PercentEncoding.utf8(value))
              ? PercentEncoding.encode(value).replace("%2F", "/")
              : "...";
      // A slash is permitted in a query (RFC 7512 2.3), and makes paths easier to read.
      case MODULE_PATH -> PercentEncoding.encode(value).replace("%2F", "/");
      default -> PercentEncoding.encode(value);
    };
  }

  /** The URI in normalized form, with the PIN replaced by dots. */
  @Override
  public String toString() {
    return format(attributes);
  }
}
