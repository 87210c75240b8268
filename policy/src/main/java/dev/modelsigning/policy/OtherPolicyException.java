package dev.modelsigning.policy;

/** A policy is not the one that is required. */
public final class OtherPolicyException extends Exception {

  private static final long serialVersionUID = 1L;

  OtherPolicyException(String message) {
    super(message);
  }
}
