package dev.modelsigning.bundle;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.SignatureException;
import java.util.Arrays;

/**
 * An immutable sequence of bytes. It need not be in memory as a whole: it can be a concatenation of
 * others, or be produced each time it is read. {@link #writeTo} and {@link #digest} need no copy.
 */
public final class Bytes {

  private final Content content;

  private Bytes(Content content) {
    this.content = content;
  }

  /** Where the bytes come from. */
  private sealed interface Content {
    int length();

    void writeTo(OutputStream out) throws IOException;
  }

  /** The first bytes of an array that is never modified. */
  private static final class InArray implements Content {
    private final byte[] array;
    private final int length;

    InArray(byte[] array, int length) {
      this.array = array;
      this.length = length;
    }

    @Override
    public int length() {
      return length;
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
      out.write(array, 0, length);
    }
  }

  private record Joined(Bytes first, Bytes second) implements Content {
    @Override
    public int length() {
      return Math.addExact(first.length(), second.length());
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
      first.content.writeTo(out);
      second.content.writeTo(out);
    }
  }

  /** Passes on copies, so that another stream cannot keep a reference to a shared array. */
  private static final class Copying extends OutputStream {
    private static final int BLOCK = 16 * 1024;

    private final OutputStream out;

    Copying(OutputStream out) {
      this.out = out;
    }

    @Override
    public void write(int single) throws IOException {
      out.write(single);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      for (int at = offset; at < offset + length; at += BLOCK) {
        byte[] copy = Arrays.copyOfRange(bytes, at, Math.min(at + BLOCK, offset + length));
        out.write(copy, 0, copy.length);
      }
    }
  }

  private record Produced(int length, Production production) implements Content {
    @Override
    public void writeTo(OutputStream out) throws IOException {
      Counted counted = new Counted(out);
      production.writeTo(counted);
      if (counted.written != length) {
        throw new IllegalStateException(
            "expected " + length + " bytes as before, found " + counted.written);
      }
    }
  }

  private static final class Counted extends OutputStream {
    private final OutputStream out;
    private long written;

    Counted(OutputStream out) {
      this.out = out;
    }

    @Override
    public void write(int single) throws IOException {
      written++;
      out.write(single);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      written += length;
      out.write(bytes, offset, length);
    }
  }

  /** Produces a sequence of bytes. */
  @FunctionalInterface
  public interface Production {
    /**
     * Writes all bytes, in parts of any size. Every call must write the same bytes.
     *
     * @throws IOException if the stream cannot be written to
     */
    void writeTo(OutputStream out) throws IOException;
  }

  /** Returns a copy of these bytes. */
  public static Bytes of(byte[] bytes) {
    return wrap(bytes.clone());
  }

  /**
   * Returns bytes that are produced each time they are read, and never held in memory.
   *
   * @param production produces them; it is called once immediately, to determine the length
   */
  public static Bytes produced(Production production) {
    Counted counted = new Counted(OutputStream.nullOutputStream());
    try {
      production.writeTo(counted);
    } catch (IOException e) {
      throw new IllegalStateException("nothing was written to", e);
    }
    return produced(Math.toIntExact(counted.written), production);
  }

  /** Returns bytes that are produced each time they are read, with a known length. */
  static Bytes produced(int length, Production production) {
    return new Bytes(new Produced(length, production));
  }

  /** Wraps an array, which must not be modified afterwards. */
  static Bytes wrap(byte[] bytes) {
    return wrap(bytes, bytes.length);
  }

  /** Wraps the first bytes of an array, which must not be modified afterwards. */
  static Bytes wrap(byte[] bytes, int length) {
    // The unused end of the array stays in memory too.
    boolean wasteful = bytes.length - length > Math.max(64 * 1024, length / 4);
    return new Bytes(new InArray(wasteful ? Arrays.copyOf(bytes, length) : bytes, length));
  }

  /** Returns the concatenation of these bytes and others, without copying either. */
  Bytes followedBy(Bytes more) {
    return new Bytes(new Joined(this, more));
  }

  /** The number of bytes. */
  public int length() {
    return content.length();
  }

  /** Returns a copy of the bytes. */
  public byte[] toArray() {
    if (content instanceof InArray in) {
      return Arrays.copyOf(in.array, in.length);
    }
    byte[] copy = new byte[length()];
    update(
        new Part() {
          private int at;

          @Override
          public void bytes(byte[] array, int offset, int number) {
            System.arraycopy(array, offset, copy, at, number);
            at += number;
          }
        });
    return copy;
  }

  /** Returns a stream over the bytes, without a copy unless they are produced each time. */
  public InputStream inputStream() {
    if (content instanceof InArray in) {
      return new ByteArrayInputStream(in.array, 0, in.length);
    }
    if (content instanceof Joined joined) {
      return new SequenceInputStream(joined.first().inputStream(), joined.second().inputStream());
    }
    return new ByteArrayInputStream(toArray());
  }

  /**
   * Writes the bytes to a stream, in parts of any size.
   *
   * @throws IOException if the stream cannot be written to
   */
  public void writeTo(OutputStream out) throws IOException {
    content.writeTo(content instanceof Produced ? out : new Copying(out));
  }

  /**
   * The digest of the bytes.
   *
   * @param function a hash function, which is reset afterwards
   */
  public byte[] digest(MessageDigest function) {
    update(function::update);
    return function.digest();
  }

  /**
   * Passes the bytes to a signature object, for signing or verification.
   *
   * @throws SignatureException if it does not accept them
   */
  public void update(Signature signature) throws SignatureException {
    try {
      update((array, offset, number) -> {
        try {
          signature.update(array, offset, number);
        } catch (SignatureException e) {
          throw new IllegalStateException(e);
        }
      });
    } catch (IllegalStateException e) {
      if (e.getCause() instanceof SignatureException refused) {
        throw refused;
      }
      throw e;
    }
  }

  @FunctionalInterface
  private interface Part {
    void bytes(byte[] array, int offset, int number);
  }

  private void update(Part part) {
    OutputStream parts =
        new OutputStream() {
          @Override
          public void write(int single) {
            write(new byte[] {(byte) single}, 0, 1);
          }

          @Override
          public void write(byte[] array, int offset, int number) {
            part.bytes(array, offset, number);
          }
        };
    try {
      content.writeTo(parts);
    } catch (IOException e) {
      throw new IllegalStateException("nothing was written to", e);
    }
  }

  /** The underlying array if there is one, otherwise a copy; callers must not modify it. */
  byte[] shared() {
    return content instanceof InArray in && in.array.length == in.length ? in.array : toArray();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes bytes && MessageDigest.isEqual(shared(), bytes.shared());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(shared());
  }

  /** The length only, never the bytes. */
  @Override
  public String toString() {
    return length() + " bytes";
  }
}
