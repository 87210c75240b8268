package dev.modelsigning.attestation;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Claims about models, wherever they are: in a file, or in a registry. None of them is verified.
 */
public interface ClaimSource {

  /** Where they are, for display: a path or a URI. */
  String location();

  /**
   * Reads them, one by one.
   *
   * @param sink receives them, in their order
   * @throws IOException if they cannot be read, or are too many
   */
  void read(ClaimsFile.Sink sink) throws IOException;

  /** The claims in a file, as {@link ClaimsFile#read} reads them. */
  static ClaimSource of(Path file) {
    return new ClaimSource() {
      @Override
      public String location() {
        return file.toString();
      }

      @Override
      public void read(ClaimsFile.Sink sink) throws IOException {
        ClaimsFile.read(file, sink);
      }
    };
  }
}
