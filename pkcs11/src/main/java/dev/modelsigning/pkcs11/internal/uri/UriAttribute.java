package dev.modelsigning.pkcs11.internal.uri;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The attributes of a PKCS #11 URI (RFC 7512 2.3, 2.4). */
public enum UriAttribute {
  TOKEN("token", false),
  MANUFACTURER("manufacturer", false),
  MODEL("model", false),
  SERIAL("serial", false),
  SLOT_ID("slot-id", false),
  SLOT_DESCRIPTION("slot-description", false),
  SLOT_MANUFACTURER("slot-manufacturer", false),
  LIBRARY_MANUFACTURER("library-manufacturer", false),
  LIBRARY_DESCRIPTION("library-description", false),
  LIBRARY_VERSION("library-version", false),
  OBJECT("object", false),
  ID("id", false),
  TYPE("type", false),
  PIN_SOURCE("pin-source", true),
  PIN_VALUE("pin-value", true),
  MODULE_NAME("module-name", true),
  MODULE_PATH("module-path", true);

  private final String text;
  private final boolean query;

  UriAttribute(String text, boolean query) {
    this.text = text;
    this.query = query;
  }

  /** Returns the attribute with this name in the path, or in the query. */
  static Optional<UriAttribute> named(String text, boolean query) {
    return Arrays.stream(values())
        .filter(each -> each.query == query && each.text.equals(text))
        .findFirst();
  }

  /** The names of the attributes of the path, or of the query. */
  static List<String> names(boolean query) {
    return Arrays.stream(values())
        .filter(each -> each.query == query)
        .map(UriAttribute::toString)
        .toList();
  }

  @Override
  public String toString() {
    return text;
  }
}
