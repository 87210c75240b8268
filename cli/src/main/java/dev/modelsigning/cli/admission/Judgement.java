package dev.modelsigning.cli.admission;

import java.time.Duration;

/**
 * What was found out about a model.
 *
 * @param kind what follows from it
 * @param message why, and what to do next, for the author of the pod; empty if it is verified
 * @param valid how long it can be used again at most; zero if never
 */
public record Judgement(Kind kind, String message, Duration valid) {

  /** What follows for pods that name the model. */
  public enum Kind {
    /** It is verified. */
    VERIFIED,
    /** The policy only warns of it: it is admitted with a warning. */
    WARNED,
    /** It is refused. */
    REFUSED,
    /** There is no verdict, such as where its registry cannot be asked: it is not admitted. */
    UNKNOWN
  }

  /** A judgement that is kept as long as one of its kind may be. */
  public static Judgement of(Kind kind, String message) {
    return new Judgement(kind, message, Duration.ofDays(1));
  }

  /** A judgement for those who wait for it, and nobody else. */
  public static Judgement once(Kind kind, String message) {
    return new Judgement(kind, message, Duration.ZERO);
  }

  /** Whether pods that name the model are admitted. */
  public boolean isAdmitted() {
    return kind == Kind.VERIFIED || kind == Kind.WARNED;
  }
}
