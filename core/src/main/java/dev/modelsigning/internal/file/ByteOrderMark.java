package dev.modelsigning.internal.file;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The byte order mark that some editors write at the start of a text to indicate its encoding. */
public final class ByteOrderMark {

  private ByteOrderMark() {}

  /**
   * Removes the byte order mark.
   *
   * @param content text in UTF-8, with or without a mark
   * @return the same array if there is no mark
   * @throws CharacterCodingException if the mark is one of UTF-16 or UTF-32; the message gives the
   *     remedy
   */
  public static byte[] strip(byte[] content) throws CharacterCodingException {
    String other = otherEncoding(content);
    if (other != null) {
      throw new OtherEncodingException(other);
    }
    return startsWith(content, 0xEF, 0xBB, 0xBF)
        ? Arrays.copyOfRange(content, 3, content.length)
        : content;
  }

  /**
   * Decodes the text of a file in UTF-8, without a byte order mark.
   *
   * @param file named in messages
   * @param content the content of the file
   * @throws FileSystemException if it is not UTF-8
   */
  public static String text(Path file, byte[] content) throws FileSystemException {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(strip(content))).toString();
    } catch (OtherEncodingException e) {
      throw new FileSystemException(file.toString(), null, e.getMessage());
    } catch (CharacterCodingException e) {
      throw new FileSystemException(file.toString(), null, "is not UTF-8 text");
    }
  }

  private static @Nullable String otherEncoding(byte[] content) {
    if (startsWith(content, 0xFF, 0xFE, 0, 0) || startsWith(content, 0, 0, 0xFE, 0xFF)) {
      return "UTF-32";
    }
    return startsWith(content, 0xFF, 0xFE) || startsWith(content, 0xFE, 0xFF) ? "UTF-16" : null;
  }

  private static boolean startsWith(byte[] content, int... mark) {
    if (content.length < mark.length) {
      return false;
    }
    for (int i = 0; i < mark.length; i++) {
      if (Byte.toUnsignedInt(content[i]) != mark[i]) {
        return false;
      }
    }
    return true;
  }

  /** The text is in a recognized encoding that is not supported. */
  private static final class OtherEncodingException extends CharacterCodingException {
    private static final long serialVersionUID = 1L;

    private final String encoding;

    OtherEncodingException(String encoding) {
      this.encoding = encoding;
    }

    @Override
    public String getMessage() {
      return "begins with a byte order mark of " + encoding + "; save it as UTF-8";
    }
  }
}
