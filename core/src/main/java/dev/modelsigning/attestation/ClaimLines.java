package dev.modelsigning.attestation;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.bundle.MalformedBundleException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;

/** Reads the lines of a claims file, one at a time. Only the current line is in memory. */
final class ClaimLines {

  /** Where a claim is: file and line; one with a URI of its own has no lines. */
  static String place(String file, long line) {
    return file.startsWith("oci://") ? file : file + ":" + line;
  }

  private final InputStream in;
  private final byte[] buffer = new byte[64 * 1024];
  private int at;
  private int end;
  private long size;

  // The current line.
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private long number;
  private boolean tooLong;
  private boolean terminated = true;
  private boolean blank = true;

  ClaimLines(InputStream in) {
    this.in = in;
  }

  /**
   * Reads the next line.
   *
   * @return whether there is one
   */
  boolean next() throws IOException {
    line.reset();
    boolean any = false;
    boolean ended = false;
    boolean isLong = false;
    boolean onlySpace = true;
    while (!ended && (at < end || fill())) {
      any = true;
      int from = at;
      while (at < end && buffer[at] != '\n') {
        onlySpace &= buffer[at] == ' ' || buffer[at] == '\t' || buffer[at] == '\r';
        at++;
      }
      if (line.size() + at - from > ClaimsFile.MAX_CLAIM) {
        isLong = true;
        line.reset();
      }
      if (!isLong) {
        line.write(buffer, from, at - from);
      }
      if (at < end) {
        ended = true;
        at++;
      }
    }
    if (any) {
      number++;
      terminated = ended;
      tooLong = isLong;
      blank = onlySpace;
    }
    return any;
  }

  private boolean fill() throws IOException {
    at = 0;
    end = Math.max(0, in.read(buffer));
    size += end;
    return end > 0;
  }

  /** The number of the current line, from 1; 0 before the first one. */
  long number() {
    return number;
  }

  /** The bytes of the current line without its end; none if it is too long. */
  byte[] bytes() {
    return line.toByteArray();
  }

  /** Whether the current line is longer than {@link ClaimsFile#MAX_CLAIM}. */
  boolean isTooLong() {
    return tooLong;
  }

  /** Whether the current line has an end; also true before the first one. */
  boolean isTerminated() {
    return terminated;
  }

  /** Whether the current line has nothing but white space. */
  boolean isBlank() {
    return blank;
  }

  /** The number of bytes that were read. */
  long size() {
    return size;
  }

  /** The bundle on the current line. */
  Bundle bundle() throws MalformedBundleException {
    if (tooLong) {
      throw new MalformedBundleException(
          "bundle: is larger than " + ClaimsFile.MAX_CLAIM + " bytes");
    }
    try {
      return Bundle.parse(Bytes.of(bytes()));
    } catch (MalformedBundleException e) {
      if (isTerminated()) {
        throw e;
      }
      throw new MalformedBundleException(
          "the last line has no line end, so it may be half of a claim: " + e.getMessage(), e);
    }
  }
}
