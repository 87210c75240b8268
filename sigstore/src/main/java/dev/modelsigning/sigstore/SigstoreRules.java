package dev.modelsigning.sigstore;

import dev.modelsigning.finding.Rule;
import dev.modelsigning.finding.Severity;
import java.util.List;

/** The rules of this module, in the order of {@code docs/findings.md}. */
public final class SigstoreRules {

  /** The metadata of the trust repository cannot be stored on disk. */
  public static final Rule TRUST_NOT_KEPT =
      new Rule(
          "TRUST_NOT_KEPT",
          Severity.WARNING,
          "what the trust repository said cannot be kept on disk, so it will be asked again",
          "make the directory of the cache writable");

  /** The cache was damaged and has been replaced. */
  public static final Rule TRUST_CACHE_REPLACED =
      new Rule(
          "TRUST_CACHE_REPLACED",
          Severity.WARNING,
          "the cache of the trust repository is damaged, or of another repository, and is replaced",
          "find out who changed it, if it happens again");

  /** There is no network, so the cached trusted root was used. */
  public static final Rule TRUST_FROM_CACHE =
      new Rule(
          "TRUST_FROM_CACHE",
          Severity.WARNING,
          "the trust repository cannot be reached, so its last answer serves until it expires",
          "restore the network before then");

  private SigstoreRules() {}

  /** All rules. */
  public static List<Rule> all() {
    return List.of(TRUST_NOT_KEPT, TRUST_CACHE_REPLACED, TRUST_FROM_CACHE);
  }
}
