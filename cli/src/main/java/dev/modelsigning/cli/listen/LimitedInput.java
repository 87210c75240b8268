package dev.modelsigning.cli.listen;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * A body of limited length, whatever its sender said. What it has beyond its first bytes is
 * reserved while it arrives, and released when it is closed.
 */
public final class LimitedInput extends FilterInputStream {

  /** The body is longer than it may be. */
  public static final class TooLongException extends IOException {
    private static final long serialVersionUID = 1L;

    TooLongException(String message) {
      super(message);
    }
  }

  private final long most;
  private final ByteBudget budget;
  private long read;
  private long reserved = ByteBudget.STEP;

  /**
   * Creates one.
   *
   * @param most the largest length in bytes
   * @param budget of all that arrive at once
   */
  public LimitedInput(InputStream in, long most, ByteBudget budget) {
    super(in);
    this.most = most;
    this.budget = budget;
  }

  @Override
  public int read() throws IOException {
    int one = super.read();
    count(one < 0 ? 0 : 1);
    return one;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    int some = super.read(buffer, offset, Math.min(length, ByteBudget.STEP));
    count(Math.max(some, 0));
    return some;
  }

  @Override
  public long skip(long length) throws IOException {
    long skipped = super.skip(Math.min(length, ByteBudget.STEP));
    count(skipped);
    return skipped;
  }

  @Override
  public boolean markSupported() {
    return false;
  }

  /** Releases what was reserved; the body itself is whose it was. */
  @Override
  public void close() {
    budget.release(reserved - ByteBudget.STEP);
    reserved = ByteBudget.STEP;
  }

  private void count(long more) throws IOException {
    read += more;
    if (read > most) {
      throw new TooLongException("more than " + most + " bytes arrive");
    }
    while (read > reserved) {
      budget.reserveStep();
      reserved += ByteBudget.STEP;
    }
  }
}
