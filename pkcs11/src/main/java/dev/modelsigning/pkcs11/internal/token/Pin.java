package dev.modelsigning.pkcs11.internal.token;

import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.internal.file.ByteOrderMark;
import dev.modelsigning.internal.file.FileKind;
import dev.modelsigning.internal.file.SmallFile;
import dev.modelsigning.pkcs11.internal.cryptoki.Cryptoki;
import dev.modelsigning.pkcs11.internal.uri.TokenUri;
import dev.modelsigning.pkcs11.internal.uri.UriAttribute;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signingkey.SecretSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A PIN in memory, which is overwritten after use. */
final class Pin implements AutoCloseable {

  /**
   * Byte order marks that text editors write at the beginning of a file: UTF-8, and both forms of
   * UTF-16.
   */
  private static final List<byte[]> BYTE_ORDER_MARKS =
      List.of(
          new byte[] {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF},
          new byte[] {(byte) 0xFF, (byte) 0xFE},
          new byte[] {(byte) 0xFE, (byte) 0xFF});

  private static final char UNDECODED = '\uFFFD';

  private final byte[] utf8;

  private Pin(byte[] utf8) {
    this.utf8 = utf8;
  }

  /**
   * Returns the PIN for a token: from the URI, from the file that it names, or else from the
   * source. A PIN that cannot be valid is refused here, since the token would count it as a wrong
   * try.
   *
   * @param slot the slot with the token
   * @throws SigningException if there is none, or it cannot be valid
   */
  static Pin of(TokenUri uri, SecretSource source, Slot slot) throws IOException, SigningException {
    String token = slot.name();
    Optional<Bytes> value = uri.bytes(UriAttribute.PIN_VALUE);
    if (value.isPresent()) {
      return usable(
          new Pin(value.get().toArray()), "the PIN in pin-value of the PKCS #11 URI", slot);
    }
    Optional<Path> file = uri.pinFile();
    if (file.isPresent()) {
      return usable(read(file.get()), file.get() + ": the PIN", slot);
    }
    return usable(asked(source, slot), "the PIN for the token " + token, slot);
  }

  /**
   * Returns a PIN if it can be valid for a token.
   *
   * @param what describes the PIN, for the message
   */
  private static Pin usable(Pin pin, String what, Slot slot) throws SigningException {
    Optional<String> fault = fault(pin.utf8, slot.token());
    if (fault.isEmpty()) {
      return pin;
    }
    pin.close();
    throw new SigningException(
        what + " " + fault.get() + "; it was not tried on the token " + slot.name());
  }

  private static Optional<String> fault(byte[] pin, Cryptoki.TokenInfo token) {
    if (pin.length == 0) {
      return Optional.of("is empty");
    }
    for (byte[] mark : BYTE_ORDER_MARKS) {
      if (pin.length >= mark.length && Arrays.equals(pin, 0, mark.length, mark, 0, mark.length)) {
        return Optional.of("begins with a byte order mark, expected UTF-8 without one");
      }
    }
    // Some tokens report no lengths, or lengths that no PIN can have.
    if (token.maxPin() < 1 || token.maxPin() < token.minPin()) {
      return Optional.empty();
    }
    if (pin.length > token.maxPin()) {
      return Optional.of("is too long, expected at most " + token.maxPin() + " bytes");
    }
    return pin.length < token.minPin()
        ? Optional.of("is too short, expected at least " + token.minPin() + " bytes")
        : Optional.empty();
  }

  private static Pin asked(SecretSource source, Slot slot) throws IOException, SigningException {
    String token = slot.name();
    Optional<String> remark =
        slot.token().has(Cryptoki.CKF_USER_PIN_FINAL_TRY)
            ? Optional.of("last try")
            : Optional.empty();
    char @Nullable [] pin =
        source.secret(new SecretSource.Request(SecretSource.Kind.PIN, token, remark));
    if (pin == null) {
      throw new SigningException(
          "the token "
              + token
              + " wants a PIN; give it in a file that the URI names, as in"
              + " '?pin-source=file:/run/pin', in the environment, or at the prompt");
    }
    return of(pin, token);
  }

  private static Pin of(char[] pin, String token) throws SigningException {
    byte[] room = new byte[3 * pin.length]; // no UTF-16 code unit takes more
    ByteBuffer encoded = ByteBuffer.wrap(room);
    // The replacement character: the input was not in the encoding of the terminal.
    boolean damaged = CharBuffer.wrap(pin).chars().anyMatch(c -> c == UNDECODED);
    damaged |=
        StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(pin), encoded, true).isError();
    byte[] utf8 = damaged ? new byte[0] : Arrays.copyOf(room, encoded.position());
    Arrays.fill(room, (byte) 0);
    Arrays.fill(pin, '\0');
    if (damaged) {
      throw new SigningException(
          "the PIN for the token "
              + token
              + " has characters that cannot be read, so it was not tried; set the locale to one"
              + " with UTF-8, or give it in a file");
    }
    return new Pin(utf8);
  }

  private static Pin read(Path file) throws IOException {
    byte[] content;
    try {
      content = ByteOrderMark.strip(SmallFile.read(file, FileKind.PIN));
    } catch (NoSuchFileException e) {
      throw new FileSystemException(
          file.toString(), null, "no such file, expected one with a PIN (pin-source)");
    } catch (CharacterCodingException e) {
      throw new FileSystemException(file.toString(), null, "the PIN in it " + e.getMessage());
    }
    int end = content.length;
    if (end > 0 && content[end - 1] == '\n') {
      end--;
      if (end > 0 && content[end - 1] == '\r') {
        end--;
      }
    }
    byte[] pin = Arrays.copyOf(content, end);
    Arrays.fill(content, (byte) 0);
    return new Pin(pin);
  }

  /** The PIN itself, not a copy. */
  byte[] utf8() {
    return utf8;
  }

  /** Overwrites the PIN. */
  @Override
  public void close() {
    Arrays.fill(utf8, (byte) 0);
  }

  @Override
  public String toString() {
    return "PIN";
  }
}
