package dev.modelsigning.cli.serve;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A body of limited length, whatever its sender said. */
final class LimitedInput extends FilterInputStream {

  private final long most;
  private long read;

  LimitedInput(InputStream in, long most) {
    super(in);
    this.most = most;
  }

  @Override
  public int read() throws IOException {
    int one = super.read();
    count(one < 0 ? 0 : 1);
    return one;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    int some = super.read(buffer, offset, length);
    count(Math.max(some, 0));
    return some;
  }

  @Override
  public long skip(long length) throws IOException {
    long skipped = super.skip(length);
    count(skipped);
    return skipped;
  }

  @Override
  public boolean markSupported() {
    return false;
  }

  private void count(long more) throws IOException {
    read += more;
    if (read > most) {
      throw new IOException("more than " + most + " bytes arrive");
    }
  }
}
