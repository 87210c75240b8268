package dev.modelsigning.report;

import dev.modelsigning.manifest.ManifestDiff;
import dev.modelsigning.manifest.ManifestDiff.Changed;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The explanation for a model that differs from the one that was signed: usually it was changed and
 * not signed again.
 */
final class Staleness {

  private Staleness() {}

  /**
   * The changes since the model was signed, in one line.
   *
   * @param differences the differences
   * @param listed the number of files that were signed
   * @param strict whether the differences also include what the signer left out, which existed when
   *     the model was signed
   * @param partial whether there are files that were not hashed
   */
  static String inWords(ManifestDiff differences, long listed, boolean strict, boolean partial) {
    long changed = differences.changed().stream().map(Changed::file).distinct().count();
    long missing = differences.missing().size();
    long extra = differences.extra().size();
    if (changed + missing >= listed && listed > 0) {
      return "nothing that was signed is there as it was signed, so the signature is perhaps one of"
          + " another model";
    }
    String known = partial ? "hashed" : "signed";
    if (changed + missing == 0) {
      return strict
          ? Amounts.of(extra, "file")
              + (extra == 1 ? " is" : " are")
              + " not signed, which --strict does not allow; nothing that was "
              + known
              + " changed"
          : were(extra, "added") + " after signing; nothing that was " + known + " changed";
    }
    List<String> parts = new ArrayList<>();
    if (changed > 0) {
      parts.add(were(changed, "changed"));
    }
    if (extra > 0 && !strict) {
      parts.add(parts.isEmpty() ? were(extra, "added") : extra + " added");
    }
    if (missing > 0) {
      parts.add(parts.isEmpty() ? were(missing, "removed") : missing + " removed");
    }
    String unsigned =
        strict && extra > 0 ? ", " + extra + (extra == 1 ? " is" : " are") + " not signed" : "";
    return joined(parts)
        + " after signing"
        + unsigned
        + (partial
            ? "; the rest of what was hashed is as it was signed"
            : "; the rest is as it was signed");
  }

  private static String were(long number, String what) {
    return Amounts.of(number, "file") + (number == 1 ? " was " : " were ") + what;
  }

  private static String joined(List<String> parts) {
    int last = parts.size() - 1;
    return last == 0
        ? parts.get(0)
        : String.join(", ", parts.subList(0, last)) + " and " + parts.get(last);
  }

  /** The modification times of the differing files according to their store; empty if unknown. */
  static Optional<String> modified(ManifestDiff differences) {
    Instant earliest = null;
    Instant latest = null;
    for (Instant time : (Iterable<Instant>) times(differences)::iterator) {
      earliest = earliest == null || time.isBefore(earliest) ? time : earliest;
      latest = latest == null || time.isAfter(latest) ? time : latest;
    }
    if (earliest == null || latest == null) {
      return Optional.empty();
    }
    String first = seconds(earliest);
    String last = seconds(latest);
    return Optional.of(first.equals(last) ? first : first + " to " + last);
  }

  private static Stream<Instant> times(ManifestDiff differences) {
    return Stream.concat(
        differences.changed().stream().flatMap(one -> one.modified().stream()),
        differences.extra().stream().flatMap(one -> one.modified().stream()));
  }

  static String seconds(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /** What to do about it, and who should do it. */
  static String advice(ManifestDiff differences, boolean strict) {
    boolean unsigned = differences.changed().isEmpty() && differences.missing().isEmpty();
    if (unsigned && strict) {
      return "Do not use unsigned files. Its publisher has to sign the model with them, or take"
          + " them out. Name with --ignore-paths what belongs there; without --strict, what the"
          + " signer left out is no failure.";
    }
    return unsigned
        ? "Do not use unsigned files. Its publisher has to sign the model with them, or take them"
            + " out. If they belong there, name them with --ignore-paths, or accept all with"
            + " --ignore-unsigned-files."
        : "Do not use this model; get it again from its publisher. If the changes are meant, its"
            + " publisher has to sign it anew.";
  }
}
