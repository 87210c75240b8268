package dev.modelsigning.content.internal.pickle;

import dev.modelsigning.content.internal.found.FileStart;
import dev.modelsigning.content.internal.found.FoundFacts;
import dev.modelsigning.content.internal.found.PartReader;
import dev.modelsigning.content.internal.found.ReadingRules;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A NumPy array ({@code .npy}), whose values are pickled if they are objects. */
public final class NumpyReader implements PartReader {

  /**
   * The largest length of a header that is read. By default NumPy evaluates up to 10,000
   * characters.
   */
  private static final int MAX_HEADER = 64 * 1024;

  private static final int FIXED = 8;

  /** A header as written by NumPy, with a type that is only numbers or text. */
  private static final Pattern PLAIN =
      Pattern.compile(
          "\\{'descr': ?'[<>=|][biufcmMSUV?][0-9]*(\\[[0-9a-zA-Z]+])?',"
              + " ?'fortran_order': ?(True|False), ?'shape': ?\\([0-9L, ]*\\),? ?} *\n?");

  private final FileStart file;
  private final Optional<String> part;
  private final ByteArrayOutputStream header = new ByteArrayOutputStream();
  private long headerLength = -1;
  private long read;
  private int lengthBytes = 4;
  private @Nullable PickleReader pickle;
  private boolean isDone;

  /** Creates a reader of a file that begins like an array. */
  public NumpyReader(FileStart file) {
    this.file = file.withoutStart();
    this.part = file.part();
  }

  @Override
  public boolean accept(ByteBuffer block) {
    while (pickle == null && !isDone && block.hasRemaining()) {
      byte next = block.get();
      read++;
      if (header.size() < MAX_HEADER) {
        header.write(next);
      }
      if (read == FIXED) {
        lengthBytes = header.toByteArray()[6] == 1 ? 2 : 4;
      }
      if (read == FIXED + lengthBytes) {
        headerLength = length(header.toByteArray(), lengthBytes);
      }
      if (headerLength >= 0 && read == FIXED + lengthBytes + headerLength) {
        endHeader();
      }
    }
    if (pickle != null) {
      return pickle.accept(block);
    }
    return !isDone;
  }

  private static long length(byte[] bytes, int lengthBytes) {
    long length = 0;
    for (int i = lengthBytes - 1; i >= 0; i--) {
      length = length << 8 | (bytes[FIXED + i] & 0xff);
    }
    return length;
  }

  /**
   * The header is a Python dictionary; objects have the type code O, alone or in a record. It can
   * be written in many ways, with comments, escapes and concatenated strings; so unless it is
   * exactly as NumPy writes it, and only of numbers or text, the content is read too.
   */
  private void endHeader() {
    String text = header.toString(StandardCharsets.ISO_8859_1).substring(FIXED + lengthBytes);
    boolean isWhole = headerLength == text.length();
    if (isWhole && PLAIN.matcher(text).matches()) {
      isDone = true;
    } else {
      pickle = new PickleReader(file);
    }
    header.reset();
  }

  @Override
  public void end(FoundFacts found) {
    if (pickle != null) {
      pickle.end(found);
    } else if (!isDone) {
      found.finding(ReadingRules.CONTENT_BROKEN, part, "an array of NumPy ends within its header");
    }
  }
}
