package dev.modelsigning.pkcs11.internal.token;

import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.pkcs11.internal.cryptoki.Cryptoki;
import dev.modelsigning.pkcs11.internal.cryptoki.CryptokiException;
import dev.modelsigning.pkcs11.internal.uri.PercentEncoding;
import dev.modelsigning.pkcs11.internal.uri.TokenUri;
import dev.modelsigning.pkcs11.internal.uri.UriAttribute;
import dev.modelsigning.signing.SigningException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A slot with its token.
 *
 * @param id the slot ID, which may change
 * @param info the information about the slot
 * @param token the information about the token
 */
public record Slot(long id, Cryptoki.SlotInfo info, Cryptoki.TokenInfo token) {

  /**
   * Returns the slots with an initialised token that matches a URI; attributes that the URI does
   * not contain match anything.
   *
   * @throws SigningException if the module fails
   */
  public static List<Slot> matching(Cryptoki cryptoki, TokenUri uri) throws SigningException {
    List<Slot> slots = all(cryptoki);
    slots.removeIf(slot -> !slot.matches(uri));
    return slots;
  }

  /**
   * Returns the only slot whose token matches a URI.
   *
   * @throws SigningException if there is none, or more than one; the message lists the candidates
   */
  public static Slot only(Cryptoki cryptoki, TokenUri uri) throws SigningException {
    requireLibrary(cryptoki, uri);
    List<Slot> matching = matching(cryptoki, uri);
    if (matching.size() == 1) {
      return matching.get(0);
    }
    if (matching.isEmpty()) {
      List<Slot> all = all(cryptoki);
      throw new SigningException(
          "no token matches the PKCS #11 URI "
              + uri
              + (all.isEmpty()
                  ? "; the module sees no token, insert it"
                  : "; expected one of " + list(all)));
    }
    throw new SigningException(
        matching.size()
            + " tokens match the PKCS #11 URI "
            + uri
            + ", expected one; add to it what tells them apart: "
            + list(matching));
  }

  private static String list(List<Slot> slots) {
    return String.join(", ", slots.stream().map(Slot::uriWithSlot).toList());
  }

  private static List<Slot> all(Cryptoki cryptoki) throws SigningException {
    List<Slot> slots = new ArrayList<>();
    try {
      for (long id : cryptoki.slots()) {
        Slot slot = read(cryptoki, id);
        if (slot != null && slot.token.has(Cryptoki.CKF_TOKEN_INITIALIZED)) {
          slots.add(slot);
        }
      }
    } catch (CryptokiException e) {
      throw new SigningException("the tokens cannot be listed: " + e.getMessage(), e);
    }
    return slots;
  }

  private static @Nullable Slot read(Cryptoki cryptoki, long id) throws CryptokiException {
    try {
      return new Slot(id, cryptoki.slotInfo(id), cryptoki.tokenInfo(id));
    } catch (CryptokiException e) {
      if (e.code() == CryptokiException.CKR_TOKEN_NOT_PRESENT
          || e.code() == CryptokiException.CKR_TOKEN_NOT_RECOGNIZED) {
        return null; // removed meanwhile, or a card of another kind
      }
      throw e;
    }
  }

  /** Requires that the module matches the URI. */
  public static void requireLibrary(Cryptoki cryptoki, TokenUri uri) throws SigningException {
    if (uri.bytes(UriAttribute.LIBRARY_MANUFACTURER).isEmpty()
        && uri.bytes(UriAttribute.LIBRARY_DESCRIPTION).isEmpty()
        && uri.libraryVersion().isEmpty()) {
      return;
    }
    Cryptoki.LibraryInfo library;
    try {
      library = cryptoki.libraryInfo();
    } catch (CryptokiException e) {
      throw new SigningException("the module does not describe itself: " + e.getMessage(), e);
    }
    if (!fits(uri, UriAttribute.LIBRARY_MANUFACTURER, library.manufacturer())
        || !fits(uri, UriAttribute.LIBRARY_DESCRIPTION, library.description())
        || uri.libraryVersion().filter(version -> version != library.version()).isPresent()) {
      throw new SigningException(
          "the PKCS #11 module is another than the URI "
              + uri
              + " names: expected what the URI says, found library-manufacturer="
              + PercentEncoding.encode(library.manufacturer())
              + ", library-description="
              + PercentEncoding.encode(library.description())
              + ", library-version="
              + (library.version() >> Byte.SIZE)
              + "."
              + (library.version() & 0xFF));
    }
  }

  private boolean matches(TokenUri uri) {
    return fits(uri, UriAttribute.TOKEN, token.label())
        && fits(uri, UriAttribute.MANUFACTURER, token.manufacturer())
        && fits(uri, UriAttribute.MODEL, token.model())
        && fits(uri, UriAttribute.SERIAL, token.serial())
        && fits(uri, UriAttribute.SLOT_DESCRIPTION, info.description())
        && fits(uri, UriAttribute.SLOT_MANUFACTURER, info.manufacturer())
        && uri.slotId().filter(wanted -> wanted != id).isEmpty();
  }

  /** Blanks at the end are ignored, since modules use them for padding. */
  private static boolean fits(TokenUri uri, UriAttribute attribute, Bytes found) {
    return uri.bytes(attribute)
        .map(wanted -> withoutBlanks(wanted).equals(withoutBlanks(found)))
        .orElse(true);
  }

  private static String withoutBlanks(Bytes text) {
    return PercentEncoding.utf8(text).stripTrailing();
  }

  /** The label of the token in quotation marks, safe for display. */
  public String name() {
    return Printable.quote(PercentEncoding.utf8(token.label()));
  }

  /** The attributes that identify the token in a URI, without the slot ID, which may change. */
  Map<UriAttribute, Bytes> attributes() {
    Map<UriAttribute, Bytes> attributes = new EnumMap<>(UriAttribute.class);
    put(attributes, UriAttribute.TOKEN, token.label());
    put(attributes, UriAttribute.SERIAL, token.serial());
    return attributes;
  }

  private static void put(
      Map<UriAttribute, Bytes> attributes, UriAttribute attribute, Bytes value) {
    if (value.length() > 0) {
      attributes.put(attribute, value);
    }
  }

  private String uriWithSlot() {
    Map<UriAttribute, Bytes> attributes = attributes();
    attributes.put(UriAttribute.SLOT_ID, PercentEncoding.utf8(Long.toUnsignedString(id)));
    return TokenUri.format(attributes);
  }
}
