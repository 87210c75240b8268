package dev.modelsigning.internal.keyfile;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What programs make of a password before they derive a key from it. Within ASCII all make the same
 * of it. Beyond, the derivation of PKCS #12 takes 16 bits of each character, and for OpenSSL before
 * 1.1 each byte was a character; other derivations take bytes, which are UTF-8 today, and were
 * Latin-1 where a terminal had that.
 *
 * @param text what PKCS #12 derives from (16 bits of each character), and PBES2 (its UTF-8)
 * @param octets what PBES1 derives from: 8 bits of each character
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares it
record PasswordForm(char[] text, char[] octets) {

  /** All forms that a password may have had, the most likely first. */
  static List<PasswordForm> of(char[] password) {
    if (isAscii(password)) {
      return List.of(new PasswordForm(password, password));
    }
    char[] octets = utf8(password);
    return List.of(new PasswordForm(password, octets), new PasswordForm(octets, password));
  }

  /** Whether all characters are printable ASCII, which every program takes alike. */
  static boolean isAscii(char[] password) {
    for (char c : password) {
      if (c < ' ' || c > '~') {
        return false;
      }
    }
    return true;
  }

  /** Its bytes in UTF-8, each as a character. */
  private static char[] utf8(char[] password) {
    ByteBuffer bytes = StandardCharsets.UTF_8.encode(CharBuffer.wrap(password));
    char[] octets = new char[bytes.remaining()];
    for (int i = 0; i < octets.length; i++) {
      octets[i] = (char) Byte.toUnsignedInt(bytes.get(i));
    }
    return octets;
  }
}
