package dev.modelsigning.local;

import java.io.File;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Names in file systems, exactly as stored. */
final class PathNames {

  private PathNames() {}

  /**
   * The name of the last component of a path, exactly as stored in the file system. File systems of
   * object stores append a separator to the names of directories, which is not part of the name.
   *
   * @return the name, or null if it cannot be represented: if its bytes are not UTF-8, or the
   *     path's text leads to another file
   */
  static @Nullable String lastComponent(Path path) {
    Path fileName = path.getFileName();
    if (fileName == null) {
      return null;
    }
    String text = fileName.toString();
    String separator = path.getFileSystem().getSeparator();
    String name =
        text.length() > separator.length() && text.endsWith(separator)
            ? text.substring(0, text.length() - separator.length())
            : text;
    if (isAscii(name)) {
      return name;
    }
    if (path.getFileSystem().equals(FileSystems.getDefault()) && File.separatorChar == '/') {
      // The JDK decodes the bytes of a name by the locale, and replaces what it cannot decode. The
      // URI has the original bytes.
      return decodeUtf8(lastSegment(path.toUri()));
    }
    boolean roundTrips = path.equals(path.resolveSibling(text));
    return roundTrips && StandardCharsets.UTF_8.newEncoder().canEncode(name) ? name : null;
  }

  private static boolean isAscii(String name) {
    for (int i = 0; i < name.length(); i++) {
      if (name.charAt(i) == 0 || name.charAt(i) >= 0x80) {
        return false;
      }
    }
    return true;
  }

  private static String lastSegment(URI uri) {
    String path = uri.getRawPath();
    int end = path.endsWith("/") ? path.length() - 1 : path.length();
    return path.substring(path.lastIndexOf('/', end - 1) + 1, end);
  }

  private static @Nullable String decodeUtf8(String percentEncoded) {
    byte[] bytes = new byte[percentEncoded.length()];
    int length = 0;
    for (int i = 0; i < percentEncoded.length(); i++) {
      char c = percentEncoded.charAt(i);
      if (c == '%') {
        bytes[length++] = (byte) Integer.parseInt(percentEncoded, i + 1, i + 3, 16);
        i += 2;
      } else {
        bytes[length++] = (byte) c;
      }
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(bytes, 0, length))
          .toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }
}
