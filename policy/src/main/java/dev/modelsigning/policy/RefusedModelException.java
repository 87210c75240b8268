package dev.modelsigning.policy;

/** A policy does not accept a model. */
public final class RefusedModelException extends Exception {

  private static final long serialVersionUID = 1L;

  private final transient PolicyVerdict verdict;

  RefusedModelException(String message, PolicyVerdict verdict) {
    super(message);
    this.verdict = verdict;
  }

  /** The verdict, with the requirements that are not met. */
  public PolicyVerdict verdict() {
    return verdict;
  }
}
