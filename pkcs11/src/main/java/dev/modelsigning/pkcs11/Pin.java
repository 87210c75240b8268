package dev.modelsigning.pkcs11;

import dev.modelsigning.SigningException;
import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.file.ByteOrderMark;
import dev.modelsigning.file.FileKind;
import dev.modelsigning.file.SmallFile;
import dev.modelsigning.json.Printable;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A PIN in memory, to be wiped after use. */
final class Pin implements AutoCloseable {

  private final byte[] utf8;

  private Pin(byte[] utf8) {
    this.utf8 = utf8;
  }

  /**
   * The PIN for a token: of the URI, of the file that it names, or else of the source.
   *
   * @param token the label of the token, safe to show
   * @throws SigningException if there is none
   */
  static Pin of(Pkcs11Uri uri, PinSource source, String token)
      throws IOException, SigningException {
    Optional<Bytes> value = uri.bytes(UriAttribute.PIN_VALUE);
    if (value.isPresent()) {
      return new Pin(value.get().toArray());
    }
    Optional<Path> file = uri.pinFile();
    if (file.isPresent()) {
      return read(file.get());
    }
    char @Nullable [] pin = source.pin(token);
    if (pin == null) {
      throw new SigningException(
          "the token "
              + token
              + " wants a PIN; give it in a file that the URI names, as in"
              + " '?pin-source=file:/run/pin', in the environment, or at the prompt");
    }
    return of(pin);
  }

  private static Pin of(char[] pin) {
    byte[] room = new byte[3 * pin.length]; // no UTF-16 unit takes more
    ByteBuffer encoded = ByteBuffer.wrap(room);
    StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(pin), encoded, true);
    byte[] utf8 = Arrays.copyOf(room, encoded.position());
    Arrays.fill(room, (byte) 0);
    Arrays.fill(pin, '\0');
    return new Pin(utf8);
  }

  /** The file that {@code pin-source} names: a file URI, or an absolute path (RFC 7512 2.4). */
  static Path file(String source) throws SigningException {
    try {
      if (source.toLowerCase(Locale.ROOT).startsWith("file:")) {
        return Path.of(new URI(source));
      }
      Path path = Path.of(source);
      if (path.isAbsolute()) {
        return path;
      }
    } catch (URISyntaxException | IllegalArgumentException e) {
      throw unusable(source, e);
    }
    throw unusable(source, null);
  }

  private static SigningException unusable(String source, @Nullable Exception cause) {
    String message =
        "pin-source in the PKCS #11 URI: expected an absolute path or a URI such as"
            + " file:/run/pin, found "
            + (source.startsWith("|") ? "a command, which is not run" : Printable.quote(source));
    return cause == null ? new SigningException(message) : new SigningException(message, cause);
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
