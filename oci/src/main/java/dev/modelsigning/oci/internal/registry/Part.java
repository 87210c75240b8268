package dev.modelsigning.oci.internal.registry;

import dev.modelsigning.internal.http.Request;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.LongConsumer;

/** A part of a blob that is pushed: exactly so many bytes, or an error. */
final class Part implements Request.Body {

  private final BlobContent content;
  private final long from;
  private final long size;
  private final long told;
  private final LongConsumer progress;

  /**
   * Creates a part.
   *
   * @param from the offset of its first byte
   * @param size the number of its bytes
   * @param told the number that the request tells; negative if it tells none
   * @param progress receives the offset after what was read
   */
  Part(BlobContent content, long from, long size, long told, LongConsumer progress) {
    this.content = content;
    this.from = from;
    this.size = size;
    this.told = told;
    this.progress = progress;
  }

  @Override
  public long length() {
    return told;
  }

  @Override
  public InputStream open() throws IOException {
    return new Exact(content.open(from));
  }

  /** All its bytes, which must be few. */
  byte[] bytes() throws IOException {
    try (InputStream stream = open()) {
      return stream.readAllBytes();
    }
  }

  private final class Exact extends FilterInputStream {
    private long left = size;

    Exact(InputStream content) {
      super(content);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      if (left == 0) {
        return -1;
      }
      int number = super.read(target, offset, (int) Math.min(length, left));
      if (number < 0) {
        throw new IOException(
            "what is pushed has become shorter: "
                + left
                + " bytes are missing; leave files as they are while they are pushed");
      }
      left -= number;
      progress.accept(from + size - left);
      return number;
    }
  }
}
