package dev.modelsigning.bundle;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;

/** An immutable sequence of bytes. */
public final class Bytes {

  private final byte[] content;

  private Bytes(byte[] content) {
    this.content = content;
  }

  /** A copy of these bytes. */
  public static Bytes of(byte[] bytes) {
    return new Bytes(bytes.clone());
  }

  /** Takes over an array that nobody else will change. */
  static Bytes wrap(byte[] bytes) {
    return new Bytes(bytes);
  }

  /** Number of bytes. */
  public int length() {
    return content.length;
  }

  /** A copy of the bytes. */
  public byte[] toArray() {
    return content.clone();
  }

  /** The bytes in order, in pieces that can only be read, without a copy. */
  public List<ByteBuffer> pieces() {
    return List.of(ByteBuffer.wrap(content).asReadOnlyBuffer());
  }

  /** A stream over the bytes, without a copy. */
  public InputStream inputStream() {
    return new ByteArrayInputStream(content);
  }

  /** The bytes themselves, for readers that do not change them. */
  byte[] shared() {
    return content;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes bytes && MessageDigest.isEqual(content, bytes.content);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(content);
  }

  /** Their number only, never the bytes. */
  @Override
  public String toString() {
    return content.length + " bytes";
  }
}
