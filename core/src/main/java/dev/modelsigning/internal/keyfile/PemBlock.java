package dev.modelsigning.internal.keyfile;

import dev.modelsigning.bundle.Bytes;
import java.util.List;
import java.util.Map;

/**
 * A PEM block: the content between BEGIN and END.
 *
 * @param label its kind, such as {@code CERTIFICATE}
 * @param line the line of its BEGIN, from 1
 * @param headers the header lines, by name, of private keys with traditional PEM encryption
 * @param content its bytes, at least one
 */
public record PemBlock(String label, int line, Map<String, String> headers, Bytes content) {

  /** Copies the headers. */
  public PemBlock {
    headers = Map.copyOf(headers);
  }

  boolean isPrivateKey() {
    return label.endsWith("PRIVATE KEY");
  }

  boolean isCertificate() {
    return label.endsWith("CERTIFICATE");
  }

  /** An error for a block of another kind; names its line if the file has further blocks. */
  PemException refusedAmong(List<PemBlock> blocks, String reason) {
    return blocks.size() == 1 ? new PemException(reason) : refused(reason);
  }

  /** An error about this block. */
  PemException refused(String reason) {
    return new PemException("line " + line + ": " + reason);
  }

  /**
   * An error for a block of a kind that is not supported here. It is not skipped: the user put it
   * into the file on purpose.
   */
  PemException unexpected(String expected) {
    return refused("holds a block '" + label + "', expected " + expected + " and nothing else");
  }
}
