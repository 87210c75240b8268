package dev.modelsigning.internal.keyfile;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The encodings of a password from which programs derive keys. For ASCII they are all the same. For
 * other characters, PKCS #12 uses 16 bits of each character, where OpenSSL before 1.1 treated each
 * byte as a character; other derivations use bytes, which are now UTF-8, and were Latin-1 on
 * terminals with that encoding.
 *
 * @param text the input of PKCS #12 (16 bits of each character) and of PBES2 (its UTF-8)
 * @param octets the input of PBES1: 8 bits of each character
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record PasswordForm(char[] text, char[] octets) {

  /** All encodings that the password may have had, the most likely first. */
  static List<PasswordForm> of(char[] password) {
    if (isAscii(password)) {
      return List.of(new PasswordForm(password, password));
    }
    char[] octets = utf8(password);
    return List.of(new PasswordForm(password, octets), new PasswordForm(octets, password));
  }

  /** Whether all characters are printable ASCII, which every program encodes alike. */
  static boolean isAscii(char[] password) {
    for (char c : password) {
      if (c < ' ' || c > '~') {
        return false;
      }
    }
    return true;
  }

  /** The bytes of the password in UTF-8, each as a character. */
  private static char[] utf8(char[] password) {
    ByteBuffer bytes = StandardCharsets.UTF_8.encode(CharBuffer.wrap(password));
    char[] octets = new char[bytes.remaining()];
    for (int i = 0; i < octets.length; i++) {
      octets[i] = (char) Byte.toUnsignedInt(bytes.get(i));
    }
    return octets;
  }
}
