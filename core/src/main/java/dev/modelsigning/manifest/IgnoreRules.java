package dev.modelsigning.manifest;

import dev.modelsigning.manifest.UncoveredEntry.Reason;
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

  /** The reason why an entry is left out, or null if none of the rules matches. */
  @Nullable Reason match(String name) {
    // The one who made the model chooses how deep it is: no prefix is tried that no rule has.
    for (int end = name.indexOf('/');
        end >= 0 && end <= longest;
        end = name.indexOf('/', end + 1)) {
      Reason reason = reasons.get(name.substring(0, end));
      if (reason != null) {
        return reason;
      }
    }
    return reasons.get(name);
  }
}
