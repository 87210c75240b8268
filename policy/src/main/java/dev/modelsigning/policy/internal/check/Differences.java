package dev.modelsigning.policy.internal.check;

import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.manifest.ManifestDiff;
import dev.modelsigning.manifest.ManifestDiff.Changed;
import dev.modelsigning.manifest.ManifestDiff.Extra;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Lists of names, and the differences of a model, for people: the first of them, and how many. */
final class Differences {

  private static final int MOST_NAMED = 3;

  private Differences() {}

  /** What differs, by names. */
  static String text(ManifestDiff diff) {
    List<String> parts = new ArrayList<>();
    add("changed: ", diff.changed().stream().map(Changed::name).toList(), parts);
    add("missing: ", diff.missing(), parts);
    add("not signed: ", diff.extra().stream().map(Extra::name).toList(), parts);
    return String.join("; ", parts);
  }

  private static void add(String what, List<String> names, List<String> parts) {
    if (!names.isEmpty()) {
      parts.add(what + few(names));
    }
  }

  /** A few of several names, which are untrusted. */
  static String few(List<String> names) {
    return names.stream().limit(MOST_NAMED).map(Printable::brief).collect(Collectors.joining(", "))
        + (names.size() > MOST_NAMED ? " and " + (names.size() - MOST_NAMED) + " more" : "");
  }
}
