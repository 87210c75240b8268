package dev.modelsigning;

import dev.modelsigning.bundle.Statement;
import java.util.List;

/**
 * A statement whose signature was verified.
 *
 * @param statement what was signed
 * @param signer who signed it
 * @param warnings what a reader of the verdict should know about the bundle
 */
public record VerifiedStatement(Statement statement, SignerIdentity signer, List<String> warnings) {

  /** Copies the list. */
  public VerifiedStatement {
    warnings = List.copyOf(warnings);
  }
}
