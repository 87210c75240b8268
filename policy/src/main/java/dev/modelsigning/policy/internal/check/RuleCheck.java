package dev.modelsigning.policy.internal.check;

import dev.modelsigning.facts.RunnableContent;
import dev.modelsigning.policy.internal.rules.Age;
import dev.modelsigning.policy.internal.rules.AlgorithmRule;
import dev.modelsigning.policy.internal.rules.ForbidRule;
import dev.modelsigning.policy.internal.rules.ForbidRule.IgnoredPaths;
import dev.modelsigning.policy.internal.rules.ModelRule;
import dev.modelsigning.policy.internal.signer.AgeLimit;
import dev.modelsigning.policy.result.CheckedSignature;
import dev.modelsigning.policy.result.Requirement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Decides whether the signatures of a model meet a rule. The rule's requirements are filters, one
 * after the other: a signature that does not meet one does not count, and after each filter enough
 * signers must be left. A rule that asks for no signature, as one that only warns may, takes those
 * of anybody in the policy; if there is none, it is about the model as it is.
 */
final class RuleCheck {

  private static final String FIRST = "meet what is required before it first";
  private static final int MOST_NAMED = 3;

  private final ModelRule rule;
  private final ModelSignatures signatures;
  private final AgeLimit ages;
  private final Optional<SignerCount> count;
  private final UnsignedModel unsigned;

  private final List<Requirement> rows = new ArrayList<>();
  private final Map<Candidate, String> dropped = new HashMap<>();
  private List<Candidate> left;

  /**
   * A requirement of signatures.
   *
   * @param code its field in the rule
   * @param line its line
   * @param text what is required, for people
   * @param next what to do if it is not met
   */
  private record Demand(String code, int line, String text, String next) {}

  /**
   * Creates a check.
   *
   * @param group the signatures of the model that cover the same files, which alone may count
   * @param unsigned the model, as it is without any
   */
  RuleCheck(
      ModelRule rule,
      ModelSignatures signatures,
      List<Candidate> group,
      AgeLimit ages,
      UnsignedModel unsigned) {
    this.rule = rule;
    this.signatures = signatures;
    this.ages = ages;
    this.unsigned = unsigned;
    this.count = rule.signatures().map(who -> new SignerCount(who, signatures));
    // Those of OMS first: the first one that counts is shown for all.
    this.left =
        group.stream().sorted(Comparator.comparing(candidate -> !candidate.isOfOms())).toList();
    signatures.candidates().stream()
        .filter(one -> !group.contains(one))
        .forEach(one -> dropped.put(one, "it covers other files than the signatures that count"));
  }

  /** Applies the rule to the signatures. */
  void run() {
    if (count.isPresent()) {
      drop(candidate ->
          count.get().asksFor(candidate.names())
              ? Optional.empty()
              : Optional.of(
                  "the rule does not ask for a signature by "
                      + String.join(", ", candidate.names())));
      rows.addAll(count.get().rows(left));
    }
    algorithms(rule.algorithms());
    pin();
    forbid(rule.forbid());
    rule.maxAge().ifPresent(this::age);
    if (left.stream().noneMatch(Candidate::isOfOms)) {
      drop(candidate -> Optional.of("no signature of OMS v1.0 counts, beside which it would"));
    }
  }

  /** The rows so far. */
  List<Requirement> rows() {
    return rows;
  }

  /** The signatures that count. */
  List<Candidate> counted() {
    return left;
  }

  /** All signatures that were looked at: those that count first. */
  List<CheckedSignature> checked() {
    List<CheckedSignature> all = new ArrayList<>();
    for (Candidate one : signatures.candidates()) {
      String why = dropped.getOrDefault(one, "");
      all.add(
          new CheckedSignature(
              one.stored().location(),
              one.stored().sha256(),
              one.names(),
              Optional.of(one.signer()),
              one.times(),
              why.isEmpty(),
              why));
    }
    all.sort(Comparator.comparing(one -> !one.counts()));
    all.addAll(signatures.refusals().shown());
    return all;
  }

  // Filters

  private Demand demand(String code, String text, String next) {
    return new Demand(code, rule.place().line(), text, next);
  }

  private void met(Demand demand, Set<String> by, String why) {
    rows.add(
        new Requirement(
            demand.code(), demand.line(), demand.text(), true, List.copyOf(by), why, ""));
  }

  private void unmet(Demand demand, String why, String next) {
    rows.add(
        new Requirement(demand.code(), demand.line(), demand.text(), false, List.of(), why, next));
  }

  private void drop(Function<Candidate, Optional<String>> problem) {
    List<Candidate> kept = new ArrayList<>();
    for (Candidate one : left) {
      Optional<String> why = problem.apply(one);
      if (why.isPresent()) {
        dropped.put(one, why.get());
      } else {
        kept.add(one);
      }
    }
    left = kept;
  }

  /** Whether enough signers are left; one, if the rule asks for none. */
  private boolean suffice(List<Candidate> from) {
    return count.map(it -> it.suffice(from)).orElse(!from.isEmpty());
  }

  private Set<String> names(List<Candidate> from) {
    return count
        .map(it -> it.choose(from))
        .orElseGet(() ->
            from.stream()
                .flatMap(one -> one.names().stream())
                .collect(Collectors.toCollection(LinkedHashSet::new)));
  }

  /**
   * Drops the signatures that do not meet a requirement, and adds a row: whether enough are left.
   *
   * @param problem why a signature does not meet it
   * @param without why it is not met if there is no signature that counts, and that is known
   */
  private void filter(
      Demand demand,
      Function<Candidate, Optional<String>> problem,
      Function<ModelSignatures, Optional<String>> without) {
    List<Candidate> before = left;
    if (before.isEmpty()) {
      if (count.isEmpty() && signatures.candidates().isEmpty()) {
        bare(demand);
        return;
      }
      Optional<String> why = without.apply(signatures);
      unmet(
          demand,
          why.orElse("not checked, as no signature counts"),
          why.isPresent() ? demand.next() : FIRST);
      return;
    }
    boolean enough = suffice(before);
    drop(problem);
    List<String> reasons = reasons(before.stream().filter(one -> !left.contains(one)).toList());
    String why = String.join("; ", reasons.subList(0, Math.min(reasons.size(), MOST_NAMED)));
    if (reasons.size() > MOST_NAMED) {
      why += "; and " + (reasons.size() - MOST_NAMED) + " more";
    }
    if (enough ? suffice(left) : reasons.isEmpty()) {
      String git = searches(demand) ? ForbidCheck.notSearched(left) : "";
      why = why.isEmpty() || git.isEmpty() ? why + git : why + "; " + git;
      met(demand, names(left), why.isEmpty() ? "met" : why);
    } else {
      unmet(demand, why, demand.next());
    }
  }

  /** Why these do not count any more; what is true of several is said once. */
  private List<String> reasons(List<Candidate> gone) {
    Map<String, List<Candidate>> byReason = new LinkedHashMap<>();
    gone.forEach(one ->
        byReason
            .computeIfAbsent(String.valueOf(dropped.get(one)), reason -> new ArrayList<>())
            .add(one));
    return byReason.entrySet().stream()
        .map(each ->
            each.getValue().get(0).stored().location()
                + (each.getValue().size() == 1
                    ? ""
                    : " and " + (each.getValue().size() - 1) + " more")
                + ": "
                + each.getKey())
        .toList();
  }

  private static boolean searches(Demand demand) {
    return demand.code().equals("forbid.code") || demand.code().equals("forbid.symlinks");
  }

  /** A row about a model that nobody in the policy signed, by a rule that asks for no signature. */
  private void bare(Demand demand) {
    Optional<UnsignedModel.Answer> answer =
        switch (demand.code()) {
          case "pin" -> Optional.of(unsigned.pinned(rule.pin()));
          case "forbid.symlinks" -> Optional.of(unsigned.links());
          case "forbid.code" -> Optional.of(unsigned.code(rule.forbid()));
          default -> Optional.empty();
        };
    if (answer.isEmpty()) {
      unmet(
          demand,
          "not checked, as nobody in the policy signed the model",
          "have the model signed by somebody in the policy");
    } else if (answer.get().met()) {
      met(demand, Set.of(), answer.get().why());
    } else {
      unmet(demand, answer.get().why(), demand.next());
    }
  }

  // Algorithms, digests, age

  private void algorithms(AlgorithmRule algorithms) {
    if (!algorithms.hash().isEmpty()) {
      String accepted = String.join(" or ", algorithms.hash());
      filter(
          demand(
              "algorithms.hash",
              "hashed with " + accepted,
              "have the model signed anew, hashed with " + accepted),
          candidate -> {
            String hash = candidate.model().manifest().serialization().hashAlgorithm().id();
            return algorithms.hash().contains(hash)
                ? Optional.empty()
                : Optional.of("its files are hashed with " + hash);
          },
          all -> Optional.empty());
    }
    if (!algorithms.signature().isEmpty()) {
      String accepted = String.join(" or ", algorithms.signature());
      filter(
          demand(
              "algorithms.signature",
              "signed with " + accepted,
              "have the model signed anew with " + accepted),
          candidate -> {
            String scheme = candidate.scheme();
            // Others are there only if the rule asks for them beside those of OMS.
            return !candidate.isOfOms()
                    || algorithms.signature().stream()
                        .anyMatch(each -> each.equalsIgnoreCase(scheme))
                ? Optional.empty()
                : Optional.of("it is signed with " + scheme);
          },
          all -> Optional.empty());
    }
  }

  private void pin() {
    if (rule.pin().isEmpty()) {
      return;
    }
    filter(
        demand(
            "pin",
            rule.pin().size() == 1
                ? "the root digest sha256:" + rule.pin().get(0).substring(0, 12) + "..."
                : "one of " + rule.pin().size() + " root digests",
            "use the model that is pinned; if this one is meant, pin its digest"),
        candidate -> {
          String digest = candidate.model().manifest().rootDigest().hex();
          return rule.pin().contains(digest)
              ? Optional.empty()
              : Optional.of("the root digest is sha256:" + digest);
        },
        all -> Optional.empty());
  }

  private void age(Age age) {
    filter(
        new Demand(
            "max-age",
            age.place().line(),
            "signed in the last " + age.text(),
            count.map(SignerCount::hasLog).orElse(true)
                ? "have the model signed anew, with a time stamp or a log entry that the policy"
                    + " accepts of the signer"
                : "have the model signed anew, with a time stamp of an authority in 'timestamps' of"
                    + " the signer (--tsa-url); one that is added later does not count"),
        candidate -> tooOld(candidate, age),
        all -> Optional.empty());
  }

  /** What is wrong with the age, for each signer who counts: it must be proved to one of them. */
  private Optional<String> tooOld(Candidate candidate, Age age) {
    List<Optional<String>> problems =
        candidate.payloads().entrySet().stream()
            .filter(one -> count.map(it -> it.asksFor(List.of(one.getKey()))).orElse(true))
            .map(one -> ages.problem(one.getValue(), age))
            .toList();
    return problems.stream().filter(Optional::isEmpty).findFirst().orElse(problems.get(0));
  }

  // What is forbidden

  private void forbid(ForbidRule forbid) {
    // Signatures of a model with other files do not verify, so nothing is left to test.
    if (forbid.unsignedFiles() && count.isPresent()) {
      filter(
          demand(
              "forbid.unsigned-files",
              "no file that is not signed",
              "remove what is not signed, or have the model signed with it"),
          candidate -> Optional.empty(),
          ForbidCheck::unsigned);
    }
    if (forbid.ignoredPaths() != IgnoredPaths.ALLOWED) {
      filter(
          demand(
              "forbid.ignored-paths",
              forbid.ignoredPaths() == IgnoredPaths.ALL
                  ? "nothing left out by the signer"
                  : "nothing left out by the signer but git's files",
              "remove what was left out, or have the model signed with it"),
          candidate -> ForbidCheck.ignored(forbid.ignoredPaths(), candidate),
          all -> Optional.empty());
    }
    if (forbid.symlinks()) {
      filter(
          demand(
              "forbid.symlinks",
              "no symbolic link",
              "put files in the place of the links, and have the model signed anew"),
          ForbidCheck::links,
          ForbidCheck::unsignedLinks);
    }
    if (!forbid.code().isEmpty()) {
      filter(
          demand(
              "forbid.code",
              "no "
                  + forbid.code().stream()
                      .sorted()
                      .map(RunnableContent.Kind::code)
                      .collect(Collectors.joining(", ")),
              "use a form of the model without code, such as safetensors"),
          candidate -> ForbidCheck.code(forbid, candidate.model()),
          all -> Optional.empty());
    }
  }
}
