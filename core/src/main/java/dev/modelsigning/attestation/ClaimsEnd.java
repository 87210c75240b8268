package dev.modelsigning.attestation;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.statement.AttestedStatement;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The end of a claims file, to which claims can be appended.
 *
 * @param size the number of bytes
 * @param lines the number of lines
 * @param terminated whether the last one has a line end; also true for an empty file
 */
record ClaimsEnd(long size, long lines, boolean terminated) {

  /** How a bundle begins. */
  private static final byte[] BEGINNING = "{\"mediaType\"".getBytes(StandardCharsets.US_ASCII);

  /** Nothing can be appended because of a line. */
  abstract static class NoAppendException extends Exception {
    private static final long serialVersionUID = 1L;

    private final long line;

    NoAppendException(long line, MalformedBundleException cause) {
      super(cause.getMessage(), cause);
      this.line = line;
    }

    abstract String why();

    /** The failure for a file. */
    MalformedBundleException named(String file) {
      return new MalformedBundleException(file + ":" + line + ": " + why() + getMessage(), this);
    }
  }

  /** The last line is incomplete. */
  private static final class HalfClaimException extends NoAppendException {
    private static final long serialVersionUID = 1L;

    HalfClaimException(long line, MalformedBundleException cause) {
      super(line, cause);
    }

    @Override
    String why() {
      return "the last line is half of a claim, so nothing can be appended; remove this line: ";
    }
  }

  /** The first line is not a claim, so the file is one with another purpose. */
  private static final class NoClaimException extends NoAppendException {
    private static final long serialVersionUID = 1L;

    NoClaimException(long line, MalformedBundleException cause) {
      super(line, cause);
    }

    @Override
    String why() {
      return "this is no claims file, so nothing is appended to it; choose another one with"
          + " --claims: ";
    }
  }

  /** Reads claims to their end, and refuses those to which nothing can be appended. */
  static ClaimsEnd of(InputStream content) throws IOException, NoAppendException {
    ClaimLines lines = new ClaimLines(content);
    // The first line that is not empty, as long as no bundle was found.
    long other = 0;
    MalformedBundleException why = null;
    boolean found = false;
    while (lines.next()) {
      if (lines.isBlank() || (found && lines.isTerminated())) {
        continue;
      }
      try {
        Bundle bundle = lines.bundle();
        if (!found) {
          requireNoSignature(bundle, lines.number());
          found = true;
        }
      } catch (MalformedBundleException e) {
        if (!lines.isTerminated()) {
          throw new HalfClaimException(lines.number(), e);
        }
        if (why == null && !mayBeCutOff(lines)) {
          other = lines.number();
          why = e;
        }
      }
    }
    if (!found && why != null) {
      throw new NoClaimException(other, why);
    }
    return new ClaimsEnd(lines.size(), lines.number(), lines.isTerminated());
  }

  /** Whether a line may be what is left of a claim, as this program writes them. */
  private static boolean mayBeCutOff(ClaimLines lines) {
    byte[] line = lines.bytes();
    int length = Math.min(line.length, BEGINNING.length);
    return lines.isTooLong() || Arrays.equals(line, 0, length, BEGINNING, 0, length);
  }

  /** Refuses the signature of a model: with a second bundle behind it, it would be damaged. */
  private static void requireNoSignature(Bundle bundle, long line) throws NoClaimException {
    if (AttestedStatement.isSignatureOfModel(bundle)) {
      throw new NoClaimException(
          line, new MalformedBundleException("this is the signature of a model"));
    }
  }
}
