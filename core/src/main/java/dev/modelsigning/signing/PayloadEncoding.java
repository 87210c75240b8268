package dev.modelsigning.signing;

/** Which bytes a signature over a payload is over. */
public enum PayloadEncoding {
  /** The Pre-Authentication Encoding (DSSE v1.0), the only one that is signed. */
  PAE,
  /**
   * What model_signing 0.2 signed instead. It is accepted for payloads that say of themselves that
   * they are of the predicate {@code Digests/v0.1}, and for nothing else.
   */
  DIGESTS_V0_1
}
