package dev.modelsigning.internal.keyfile;

import dev.modelsigning.bundle.Bytes;
import java.util.List;
import java.util.Map;

/**
 * What stands between BEGIN and END in a PEM text.
 *
 * @param label its kind, such as {@code CERTIFICATE}
 * @param line the line of its BEGIN, from 1
 * @param headers the lines that private keys have which are encrypted in the traditional way, by
 *     their names
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

  /** The block is of another kind; its line is named if the file has more than it. */
  PemException refusedAmong(List<PemBlock> blocks, String reason) {
    return blocks.size() == 1 ? new PemException(reason) : refused(reason);
  }

  /** Something is wrong with this block. */
  PemException refused(String reason) {
    return new PemException("line " + line + ": " + reason);
  }

  /**
   * The block is of a kind that is not read here. It is not passed over: what somebody put into the
   * file is meant to count.
   */
  PemException unexpected(String expected) {
    return refused("holds a block '" + label + "', expected " + expected + " and nothing else");
  }
}
