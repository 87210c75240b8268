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

  /** The longest header that is read. NumPy itself evaluates 10,000 characters. */
  private static final int MAX_HEADER = 64 * 1024;

  private static final int FIXED = 8;

  /** A header without white space whose type is plainly numbers or text. */
  private static final Pattern NUMBERS =
      Pattern.compile(
          "\\{'descr':'[<>=|][biufcmMSUV?][0-9]*(\\[[0-9a-z]+])?',"
              + "'fortran_order':(True|False),'shape':\\([0-9,]*\\),?}");

  private final FileStart file;
  private final Optional<String> part;
  private final ByteArrayOutputStream header = new ByteArrayOutputStream();
  private int headerLength = -1;
  private int version;
  private @Nullable PickleReader pickle;
  private @Nullable String fault;
  private boolean isDone;

  /** A reader of a file that begins as an array does. */
  public NumpyReader(FileStart file) {
    this.file = file.withoutStart();
    this.part = file.part();
  }

  @Override
  public boolean accept(ByteBuffer block) {
    while (pickle == null && !isDone && block.hasRemaining()) {
      header.write(block.get());
      if (header.size() == FIXED) {
        version = header.toByteArray()[6];
      }
      int lengthBytes = version == 1 ? 2 : 4;
      if (header.size() == FIXED + lengthBytes) {
        headerLength = length(header.toByteArray(), lengthBytes);
        if (headerLength < 0 || headerLength > MAX_HEADER) {
          fault = "its header is too long";
          isDone = true;
        }
      }
      if (headerLength >= 0 && header.size() == FIXED + lengthBytes + headerLength) {
        endHeader(FIXED + lengthBytes);
      }
    }
    if (pickle != null) {
      return pickle.accept(block);
    }
    return !isDone;
  }

  private static int length(byte[] bytes, int lengthBytes) {
    int length = 0;
    for (int i = lengthBytes - 1; i >= 0; i--) {
      length = length << 8 | (bytes[FIXED + i] & 0xff);
    }
    return length;
  }

  /** The header is a dictionary of Python; objects have the type code O, alone or in a record. */
  private void endHeader(int from) {
    String text = header.toString(StandardCharsets.ISO_8859_1).substring(from);
    String squeezed = text.replaceAll("\\s", "");
    // Python has many ways to spell the letter; whatever is not written as NumPy does is read on.
    if (NUMBERS.matcher(squeezed).matches()) {
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
    } else if (!isDone || fault != null) {
      found.finding(
          ReadingRules.CONTENT_BROKEN,
          part,
          "an array of NumPy: " + (fault == null ? "it ends within its header" : fault));
    }
  }
}
