package dev.modelsigning.policy.internal.check;

import dev.modelsigning.policy.internal.rules.SignatureRule;
import dev.modelsigning.policy.internal.rules.SignatureRule.KeyAlgorithm;
import dev.modelsigning.policy.internal.signer.Persons;
import dev.modelsigning.policy.result.Requirement;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Counts the people who signed, and says who is missing. */
final class SignerCount {

  private static final String NOT_FOUND =
      "; a file such as model.mldsa.sig was looked for, beside the model and in it";

  private final SignatureRule who;
  private final ModelSignatures signatures;

  SignerCount(SignatureRule who, ModelSignatures signatures) {
    this.who = who;
    this.signatures = signatures;
  }

  /** Whether the rule asks for a signature by one of these. */
  boolean asksFor(List<String> names) {
    return names.stream().anyMatch(who.of()::contains);
  }

  /** Whether a log proves the time of a signature by one of the signers. */
  boolean hasLog() {
    return who.of().stream().anyMatch(signatures.signers()::hasLog);
  }

  /** The names of signers who made these signatures, of whom each is another person. */
  Set<String> choose(List<Candidate> from) {
    Persons persons = new Persons();
    for (Candidate one : from) {
      for (String name : who.of()) {
        if (one.payloads().containsKey(name)) {
          persons.add(name, one.payloads().get(name), one.stored().bundle());
        }
      }
    }
    return persons.choose(who.mustInclude());
  }

  /**
   * Whether these signatures are by enough people: those of OMS alone, and those with each
   * algorithm that the rule asks for.
   */
  boolean suffice(List<Candidate> from) {
    return areEnough(choose(ofOms(from)))
        && who.algorithms().stream().allMatch(each -> areEnough(choose(with(each, from))));
  }

  private boolean areEnough(Set<String> names) {
    return names.size() >= who.atLeast() && names.containsAll(who.mustInclude());
  }

  private static List<Candidate> ofOms(List<Candidate> from) {
    return from.stream().filter(Candidate::isOfOms).toList();
  }

  private static List<Candidate> with(KeyAlgorithm algorithm, List<Candidate> from) {
    return from.stream().filter(one -> algorithm.schemes().contains(one.scheme())).toList();
  }

  /** The rows about signers. */
  List<Requirement> rows(List<Candidate> left) {
    List<Candidate> oms = ofOms(left);
    Set<String> all = choose(oms);
    Set<String> signed = names(oms);
    List<Requirement> rows = new ArrayList<>();
    rows.add(enough(all, signed));
    for (String name : who.mustInclude()) {
      boolean met = all.contains(name);
      rows.add(
          new Requirement(
              "must-include",
              who.place().line(),
              "signed by " + name,
              met,
              met ? List.of(name) : List.of(),
              met ? "signed by " + name : absent(name, signed),
              met ? "" : next(List.of(name), signed)));
    }
    for (int i = 0; i < who.algorithms().size(); i++) {
      rows.add(row(i, who.algorithms().get(i), left));
    }
    return rows;
  }

  private Set<String> names(List<Candidate> from) {
    return from.stream()
        .flatMap(one -> one.names().stream())
        .filter(who.of()::contains)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /** Whether enough of the signers signed with an algorithm. */
  private Requirement row(int index, KeyAlgorithm algorithm, List<Candidate> left) {
    List<Candidate> with = with(algorithm, left);
    Set<String> chosen = choose(with);
    boolean met = areEnough(chosen);
    Set<String> signed = names(with);
    List<String> missing = who.of().stream().filter(name -> !signed.contains(name)).toList();
    String by = chosen.isEmpty() ? "" : "signed by " + String.join(", ", chosen);
    List<String> lacking = lacking(algorithm, missing);
    return new Requirement(
        "signatures.algorithms[" + index + "]",
        who.place().line(),
        "signed with " + algorithm.name(),
        met,
        met ? List.copyOf(chosen) : List.of(),
        met
            ? by
            : (by.isEmpty()
                    ? "no signature with " + algorithm.name() + " by " + any(who.of()) + " verifies"
                    : by + " only")
                + (algorithm.isOfOms() || !with.isEmpty() ? "" : NOT_FOUND)
                + keyless(algorithm, lacking)
                + nearest(missing),
        met ? "" : next(algorithm, missing, lacking));
  }

  /** Those for whom the policy has no key for an algorithm. */
  private List<String> lacking(KeyAlgorithm algorithm, List<String> names) {
    return names.stream()
        .filter(name ->
            signatures
                .signers()
                .schemes(name)
                .filter(schemes -> schemes.stream().noneMatch(algorithm.schemes()::contains))
                .isPresent())
        .toList();
  }

  private static String keyless(KeyAlgorithm algorithm, List<String> lacking) {
    return lacking.isEmpty()
        ? ""
        : "; the policy has no key for " + algorithm.name() + " of " + String.join(", ", lacking);
  }

  private String next(KeyAlgorithm algorithm, List<String> missing, List<String> lacking) {
    if (!missing.isEmpty() && lacking.equals(missing)) {
      return "add the public key for "
          + algorithm.name()
          + " of "
          + any(lacking)
          + " to 'public-key' of the signer in the policy, and have the model signed with it";
    }
    return "have "
        + any(missing.isEmpty() ? who.of() : missing)
        + " sign the model with a key for "
        + algorithm.name()
        + (algorithm.isOfOms() ? "" : " too ('sign key --also --beyond-oms')")
        + ", and keep the signature beside "
        + (algorithm.isOfOms() ? "it" : "the first one (model.mldsa.sig beside model.sig)")
        + " or attached in its registry";
  }

  private Requirement enough(Set<String> all, Set<String> signed) {
    boolean met = all.size() >= who.atLeast();
    List<String> missing = who.of().stream().filter(name -> !signed.contains(name)).toList();
    Set<String> same = new LinkedHashSet<>(signed);
    same.removeAll(all);
    String by =
        (all.isEmpty() ? "" : "signed by " + String.join(", ", all))
            + (met || all.isEmpty() ? "" : " only")
            + (same.isEmpty()
                ? ""
                : "; " + String.join(", ", same) + " is the same person, and counts once");
    String why =
        met
            ? by
            : (all.isEmpty() ? "no signature by " + any(who.of()) + " verifies" : by)
                + nearest(missing);
    return new Requirement(
        "signatures",
        who.place().line(),
        who.of().size() == 1
            ? "signed by " + who.of().get(0)
            : "signed by at least " + who.atLeast() + " of " + String.join(", ", who.of()),
        met,
        met ? List.copyOf(all) : List.of(),
        why,
        met ? "" : next(missing, signed));
  }

  private String absent(String name, Set<String> signed) {
    if (signed.contains(name)) {
      return name + " is the same person as another signer who must be there, and counts once";
    }
    return "no signature by " + name + " verifies" + nearest(List.of(name));
  }

  /** The most useful reason why there is no signature by one of these. */
  private String nearest(List<String> missing) {
    for (String name : missing) {
      String unusable = signatures.signers().unusable().get(name);
      if (unusable != null) {
        return "; the signer " + name + " cannot be used: " + unusable;
      }
    }
    if (missing.isEmpty()) {
      return "";
    }
    Optional<String> reason = signatures.refusals().nearest(missing);
    if (reason.isPresent()) {
      return "; " + reason.get() + keys(missing);
    }
    return signatures.candidates().isEmpty() ? "; no signature file was found" : "";
  }

  /** The keys that are asked for, if a signature is by another one. */
  private String keys(List<String> missing) {
    List<String> keys = new ArrayList<>();
    for (String name : signatures.refusals().others(missing)) {
      signatures.signers().key(name).ifPresent(key -> keys.add(name + " has " + key));
    }
    return keys.isEmpty() ? "" : ", and " + Differences.few(keys);
  }

  private String next(List<String> missing, Set<String> signed) {
    if (missing.isEmpty() || signed.containsAll(missing)) {
      return "have another person sign the model";
    }
    if (missing.stream().anyMatch(signatures.signers().unusable()::containsKey)) {
      return "correct the files that the policy names for the signer";
    }
    if (signatures.refusals().isChanged(missing)) {
      return "get the model again as it was signed; if the change is meant, have it signed anew";
    }
    String sign =
        "have "
            + any(missing)
            + " sign the model, and keep the signature beside it or attached in its registry";
    // Whoever puts a signature there must not talk people into trusting its key.
    return signatures.refusals().others(missing).isEmpty()
        ? sign
        : sign + "; ask for a new key elsewhere than where the signature is from";
  }

  private static String any(List<String> names) {
    return String.join(" or ", names);
  }
}
