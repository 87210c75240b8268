package dev.modelsigning.model;

import dev.modelsigning.model.UncoveredEntry.Reason;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which paths are left out, and by whose rule (OMS 6.2). A rule is a path relative to the model's
 * root; it matches that path and all below it, byte by byte. There are no patterns.
 */
final class IgnoreRules {

  /** The git paths that are left out by default, at the model's root only (OMS 6.2). */
  static final List<String> GIT_PATHS = List.of(".git", ".gitattributes", ".github", ".gitignore");

  private final Map<String, Reason> reasons = new HashMap<>();
  private int longest;

  /** Adds rules; where a path has a rule already, the older one stays. */
  IgnoreRules add(Collection<String> paths, Reason reason) {
    for (String path : paths) {
      reasons.putIfAbsent(path, reason);
      longest = Math.max(longest, path.length());
    }
    return this;
  }

  /** Whether there may be a rule for a name of this many characters itself. */
  boolean canMatch(int length) {
    return length <= longest;
  }

  /**
   * The reason why this very path is left out, or null; that of a directory holds for all below.
   */
  @Nullable Reason exact(String name) {
    return reasons.get(name);
  }
}
