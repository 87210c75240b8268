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

/** An array of NumPy ({@code .npy}), whose values are a pickle if they are objects. */
public final class NumpyReader implements PartReader {

  /**
   * So much of a header is looked at. NumPy itself evaluates 10,000 characters if not told more.
   */
  private static final int MAX_HEADER = 64 * 1024;

  private static final int FIXED = 8;

  /** A header as NumPy writes it, whose type is plainly numbers or text. */
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

  /** A reader of a file that begins as an array does. */
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
   * The header is a dictionary of Python; objects have the type code O, alone or in a record. There
   * are many ways to spell that, with comments, escapes and texts that are joined; so whatever is
   * not written as NumPy does it, and plainly of numbers, is read on.
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
