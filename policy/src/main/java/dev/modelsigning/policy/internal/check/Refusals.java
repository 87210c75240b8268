package dev.modelsigning.policy.internal.check;

import dev.modelsigning.policy.result.CheckedSignature;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The signature files that do not count, and which of them has most to do with a requirement. */
final class Refusals {

  /** Why a signature does not count, from what says most about the model to what says least. */
  enum Kind {
    /** It is genuine, and the model differs from what was signed, or it was not compared. */
    CHANGED(0),
    /** Whether a signer of the policy made it is not known, as it is not valid or not trusted. */
    UNTRUSTED(1),
    /** It is by somebody else, by a method of a signer of the policy. */
    OTHER_SIGNER(2),
    /** It cannot be read. */
    UNREADABLE(3),
    /** It is by a method of which the policy names no signer. */
    OTHER_METHOD(4),
    /** It is genuine, and about another model. */
    OTHER_MODEL(5);

    /** How little it says about a signature by the signer whom it concerns. */
    private final int distance;

    Kind(int distance) {
      this.distance = distance;
    }
  }

  /**
   * A signature that does not count.
   *
   * @param concerned the names of the signers of the policy whom it concerns
   */
  private record Refusal(CheckedSignature shown, Kind kind, Set<String> concerned) {

    /** How little it has to do with a signature by one of these; what cannot have any is last. */
    private int distance(Collection<String> asked) {
      if (kind == Kind.UNREADABLE || kind == Kind.OTHER_METHOD || kind == Kind.OTHER_MODEL) {
        return kind.distance;
      }
      boolean theirs = concerned.stream().anyMatch(asked::contains);
      return theirs ? kind.distance : Kind.OTHER_METHOD.distance;
    }
  }

  private final List<Refusal> all = new ArrayList<>();

  void add(CheckedSignature shown, Kind kind, Collection<String> concerned) {
    all.add(new Refusal(shown, kind, Set.copyOf(concerned)));
  }

  /** All of them, for display. */
  List<CheckedSignature> shown() {
    return all.stream().map(Refusal::shown).toList();
  }

  /**
   * The reason that has most to do with a missing signature by one of these signers. Signatures of
   * other models, which may lie beside this one, are only counted.
   */
  Optional<String> nearest(Collection<String> asked) {
    Optional<Refusal> nearest = nearestOf(asked);
    if (nearest.isPresent()) {
      CheckedSignature shown = nearest.get().shown();
      return Optional.of(shown.file() + ": " + shown.why());
    }
    return all.isEmpty()
        ? Optional.empty()
        : Optional.of(
            all.size() == 1
                ? all.get(0).shown().file() + " is the signature of another model"
                : "the " + all.size() + " signatures that were found are about other models");
  }

  /** Those of them of whose method the nearest one is, if it is by somebody else. */
  List<String> others(Collection<String> asked) {
    return nearestOf(asked)
        .filter(one -> one.kind() == Kind.OTHER_SIGNER)
        .map(one -> asked.stream().filter(one.concerned()::contains).toList())
        .orElse(List.of());
  }

  private Optional<Refusal> nearestOf(Collection<String> asked) {
    return all.stream()
        .filter(one -> one.kind() != Kind.OTHER_MODEL)
        .min(Comparator.comparingInt(one -> one.distance(asked)));
  }

  /** Whether a genuine signature by one of these is about this model as it was before. */
  boolean isChanged(Collection<String> asked) {
    return all.stream()
        .anyMatch(one ->
            one.kind() == Kind.CHANGED && one.concerned().stream().anyMatch(asked::contains));
  }
}
