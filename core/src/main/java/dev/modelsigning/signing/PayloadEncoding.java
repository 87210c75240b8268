package dev.modelsigning.signing;

/** The encoding of a payload that a signature covers. */
public enum PayloadEncoding {
  /** The Pre-Authentication Encoding (DSSE v1.0), the only one that is signed. */
  PAE,
  /**
   * The encoding that model_signing 0.2 signed instead. It is accepted only for payloads that have
   * the predicate type {@code Digests/v0.1}.
   */
  DIGESTS_V0_1
}
