package dev.modelsigning.bundle;

import java.util.Arrays;
import java.util.Optional;

/** The forms of a statement about a model, by their {@code predicateType} (OMS 5.1). */
public enum PredicateType {
  /** The form of OMS 1.0, the only one that is written. */
  SIGNATURE_V1_0("https://model_signing/signature/v1.0"),
  /**
   * The form of model_signing 0.2, before the specification: one subject for each file, SHA-256, no
   * root digest, no serialization. Its signatures are over an encoding of their own (OMS,
   * compatibility).
   */
  DIGESTS_V0_1("https://model_signing/Digests/v0.1");

  private final String uri;

  PredicateType(String uri) {
    this.uri = uri;
  }

  /** The value of the field. */
  public String uri() {
    return uri;
  }

  /** The form that a value of the field names; empty if it is none of ours. */
  static Optional<PredicateType> of(String uri) {
    return Arrays.stream(values()).filter(type -> type.uri.equals(uri)).findFirst();
  }
}
