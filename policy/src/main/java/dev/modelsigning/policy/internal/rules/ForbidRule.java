package dev.modelsigning.policy.internal.rules;

import dev.modelsigning.facts.RunnableContent;
import java.util.Set;

/**
 * What models must not have.
 *
 * @param ignoredPaths entries that the signer left out
 * @param unsignedFiles whether entries that are not signed are forbidden, which is the default
 * @param symlinks whether links are forbidden
 * @param code the kinds of content that can run when the model is loaded, and are forbidden
 */
public record ForbidRule(
    IgnoredPaths ignoredPaths,
    boolean unsignedFiles,
    boolean symlinks,
    Set<RunnableContent.Kind> code) {

  /** Copies the set. */
  public ForbidRule {
    code = Set.copyOf(code);
  }

  /** Entries that the signer left out. */
  public enum IgnoredPaths {
    /** They are allowed. */
    ALLOWED,
    /** Only git's own are allowed. */
    ALL_BUT_GIT,
    /** None are allowed. */
    ALL
  }
}
