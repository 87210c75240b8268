package dev.modelsigning.policy.internal.check;

import dev.modelsigning.content.ContentRules;
import dev.modelsigning.facts.ContentFacts;
import dev.modelsigning.facts.RunnableContent;
import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.manifest.ManifestDiff;
import dev.modelsigning.manifest.ManifestDiff.Changed;
import dev.modelsigning.manifest.ManifestDiff.Extra;
import dev.modelsigning.manifest.ManifestVerification.Result;
import dev.modelsigning.model.EntryKind;
import dev.modelsigning.model.Selection;
import dev.modelsigning.model.UncoveredEntry;
import dev.modelsigning.policy.internal.rules.Age;
import dev.modelsigning.policy.internal.rules.AlgorithmRule;
import dev.modelsigning.policy.internal.rules.ForbidRule;
import dev.modelsigning.policy.internal.rules.ForbidRule.IgnoredPaths;
import dev.modelsigning.policy.internal.rules.ModelRule;
import dev.modelsigning.policy.internal.rules.SignatureRule;
import dev.modelsigning.policy.internal.signer.Persons;
import dev.modelsigning.policy.result.CheckedSignature;
import dev.modelsigning.policy.result.Requirement;
import dev.modelsigning.signing.CertificateIdentity;
import dev.modelsigning.signing.KeyIdentity;
import dev.modelsigning.signing.KeylessIdentity;
import dev.modelsigning.signing.SignerIdentity;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Decides whether the signatures of a model meet a rule. The rule's requirements are filters, one
 * after the other: a signature that does not meet one does not count, and after each filter enough
 * signers must be left.
 */
final class RuleCheck {

  private final ModelRule rule;
  private final ModelSignatures signatures;
  private final AgeLimit ages;

  private final List<Requirement> rows = new ArrayList<>();
  private final Map<Candidate, String> dropped = new HashMap<>();
  private List<Candidate> left;

  /**
   * Creates a check.
   *
   * @param group the signatures of the model that cover the same files, which alone may count
   */
  RuleCheck(ModelRule rule, ModelSignatures signatures, List<Candidate> group, Instant now) {
    this.rule = rule;
    this.signatures = signatures;
    this.ages = new AgeLimit(now);
    this.left = group;
    signatures.candidates().stream()
        .filter(one -> !group.contains(one))
        .forEach(one -> dropped.put(one, "it covers other files than the signatures that count"));
  }

  /** Applies the rule to the signatures. */
  void run() {
    if (rule.signatures().isEmpty()) {
      // A rule that only warns.
      forbid(rule.forbid());
      return;
    }
    SignatureRule who = rule.signatures().get();
    drop(candidate ->
        candidate.names().stream().anyMatch(who.of()::contains)
            ? Optional.empty()
            : Optional.of("the rule does not ask for a signature by " + names(candidate.names())));
    count(who);
    filter(
        "algorithms",
        describe(rule.algorithms()),
        describe(rule.algorithms()).isEmpty(),
        candidate -> algorithms(rule.algorithms(), candidate));
    filter("pin", "a root digest of " + rule.pin().size(), rule.pin().isEmpty(), this::pinned);
    forbid(rule.forbid());
    rule.maxAge()
        .ifPresent(age ->
            filter(
                "max-age",
                "signed in the last " + age.text(),
                false,
                candidate -> tooOld(who, candidate, age)));
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
              one.stored().file().orElseThrow(),
              one.stored().sha256(),
              one.names(),
              Optional.of(one.signer()),
              one.times(),
              why.isEmpty(),
              why));
    }
    all.sort(Comparator.comparing(one -> !one.counts()));
    all.addAll(signatures.refused());
    return all;
  }

  private static String names(List<String> names) {
    return String.join(", ", names);
  }

  private void add(String code, String text, boolean met, Set<String> by, String why) {
    rows.add(new Requirement(code, rule.place().line(), text, met, List.copyOf(by), why));
  }

  // Who signed

  private void count(SignatureRule who) {
    Set<String> all = choose(who, left);
    int most = all.size();
    boolean enough = most >= who.atLeast();
    String text =
        (who.of().size() == 1
            ? "signed by " + who.of().get(0)
            : "signed by at least " + who.atLeast() + " of " + names(who.of()));
    rows.add(
        new Requirement(
            "signatures",
            who.place().line(),
            text,
            enough,
            enough ? List.copyOf(all) : List.of(),
            why(who, all, enough)));
    for (String name : who.mustInclude()) {
      boolean met = all.contains(name);
      rows.add(
          new Requirement(
              "must-include",
              who.place().line(),
              "signed by " + name,
              met,
              met ? List.of(name) : List.of(),
              met ? "signed by " + name : absent(name)));
    }
  }

  private String why(SignatureRule who, Set<String> all, boolean enough) {
    String by = all.isEmpty() ? "" : "signed by " + String.join(", ", all);
    Set<String> signed =
        left.stream()
            .flatMap(one -> one.names().stream())
            .filter(who.of()::contains)
            .collect(Collectors.toCollection(LinkedHashSet::new));
    signed.removeAll(all);
    String same =
        signed.isEmpty()
            ? ""
            : "; " + String.join(", ", signed) + " is the same person, and counts once";
    if (enough) {
      return by + same;
    }
    if (all.isEmpty()) {
      return "no signature by " + String.join(" or ", who.of()) + " verifies" + first();
    }
    return by + " only" + same + first();
  }

  private String absent(String name) {
    boolean signed = left.stream().anyMatch(one -> one.names().contains(name));
    if (signed) {
      return name + " is the same person as another signer who must be there, and counts once";
    }
    String unusable = signatures.unusable().get(name);
    return unusable == null
        ? "no signature by " + name + " verifies" + first()
        : "the signer " + name + " cannot be used: " + unusable;
  }

  /** The most useful reason why a signature does not count. */
  private String first() {
    for (Map.Entry<String, String> one : signatures.unusable().entrySet()) {
      if (rule.signatures().map(who -> who.of().contains(one.getKey())).orElse(false)) {
        return "; the signer " + one.getKey() + " cannot be used: " + one.getValue();
      }
    }
    List<CheckedSignature> refused = signatures.refused();
    Optional<CheckedSignature> best =
        refused.stream()
            .filter(one ->
                one.signers().stream().anyMatch(rule.signatures().orElseThrow().of()::contains))
            .findFirst()
            .or(() -> refused.stream().findFirst());
    return best.map(one -> "; " + one.file() + ": " + one.why())
        .orElse(signatures.candidates().isEmpty() ? "; no signature file was found" : "");
  }

  private Set<String> choose(SignatureRule who, List<Candidate> from) {
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

  private boolean suffice(List<Candidate> from) {
    SignatureRule who = rule.signatures().orElseThrow();
    Set<String> names = choose(who, from);
    return names.size() >= who.atLeast() && names.containsAll(who.mustInclude());
  }

  // Filters

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

  /**
   * Drops the signatures that do not meet a requirement, and adds a row: whether enough are left.
   */
  private void filter(
      String code, String text, boolean absent, Function<Candidate, Optional<String>> problem) {
    if (absent) {
      return;
    }
    if (rule.signatures().isEmpty()) {
      add(code, text, false, Set.of(), "not checked, as the rule asks for no signature");
      return;
    }
    List<Candidate> before = left;
    boolean enough = suffice(before);
    drop(problem);
    List<String> reasons =
        before.stream()
            .filter(one -> !left.contains(one))
            .map(one -> one.stored().file().orElseThrow() + ": " + dropped.get(one))
            .toList();
    Set<String> now = choose(rule.signatures().get(), left);
    boolean met = enough ? suffice(left) : !before.isEmpty() && reasons.isEmpty();
    String why =
        before.isEmpty() ? uncounted(code) : reasons.isEmpty() ? "" : String.join("; ", reasons);
    if (met && (code.equals("forbid.code") || code.equals("forbid.symlinks"))) {
      String git = notSearched(left);
      why = why.isEmpty() || git.isEmpty() ? why + git : why + "; " + git;
    }
    add(code, text, met, met ? now : Set.of(), met && why.isEmpty() ? "met" : why);
  }

  /** Why a requirement is not met, if no signature counts. */
  private String uncounted(String code) {
    Optional<String> why =
        switch (code) {
          case "forbid.unsigned-files" -> extra("not signed: ", kind -> !isLink(kind));
          case "forbid.symlinks" -> extra("the model has links: ", RuleCheck::isLink);
          default -> Optional.empty();
        };
    return why.orElse("not checked, as no signature counts");
  }

  private static String describe(AlgorithmRule rule) {
    List<String> parts = new ArrayList<>();
    if (!rule.hash().isEmpty()) {
      parts.add("hashed with " + String.join(" or ", rule.hash()));
    }
    if (!rule.signature().isEmpty()) {
      parts.add("signed with " + String.join(" or ", rule.signature()));
    }
    return String.join(", ", parts);
  }

  private static Optional<String> algorithms(AlgorithmRule rule, Candidate candidate) {
    String hash = candidate.model().manifest().serialization().hashAlgorithm().id();
    if (!rule.hash().isEmpty() && !rule.hash().contains(hash)) {
      return Optional.of("its files are hashed with " + hash);
    }
    String scheme = scheme(candidate.signer());
    return rule.signature().isEmpty()
            || rule.signature().stream().anyMatch(each -> each.equalsIgnoreCase(scheme))
        ? Optional.empty()
        : Optional.of("it is signed with " + scheme);
  }

  private static String scheme(SignerIdentity signer) {
    if (signer instanceof KeyIdentity key) {
      return key.algorithm();
    }
    if (signer instanceof CertificateIdentity owner) {
      return owner.certificate().algorithm();
    }
    return signer instanceof KeylessIdentity keyless
        ? keyless.certificate().algorithm()
        : "unknown";
  }

  private Optional<String> pinned(Candidate candidate) {
    String digest = candidate.model().manifest().rootDigest().hex();
    return rule.pin().contains(digest)
        ? Optional.empty()
        : Optional.of("the root digest is sha256:" + digest);
  }

  /** What is wrong with the age, for each signer who counts: it must be proved to one of them. */
  private Optional<String> tooOld(SignatureRule who, Candidate candidate, Age age) {
    List<Optional<String>> problems =
        candidate.payloads().entrySet().stream()
            .filter(one -> who.of().contains(one.getKey()))
            .map(one -> ages.problem(one.getValue(), age))
            .toList();
    return problems.stream().filter(Optional::isEmpty).findFirst().orElse(problems.get(0));
  }

  // What is forbidden

  private void forbid(ForbidRule forbid) {
    filter(
        "forbid.unsigned-files",
        "no file that is not signed",
        !forbid.unsignedFiles() || rule.signatures().isEmpty(),
        candidate -> Optional.empty());
    filter(
        "forbid.ignored-paths",
        forbid.ignoredPaths() == IgnoredPaths.ALL
            ? "nothing left out by the signer"
            : "nothing left out by the signer but git's files",
        forbid.ignoredPaths() == IgnoredPaths.ALLOWED,
        candidate -> ignored(forbid.ignoredPaths(), candidate));
    filter("forbid.symlinks", "no symbolic link", !forbid.symlinks(), RuleCheck::links);
    filter(
        "forbid.code",
        "no "
            + forbid.code().stream()
                .sorted()
                .map(RunnableContent.Kind::code)
                .collect(Collectors.joining(", ")),
        forbid.code().isEmpty(),
        candidate -> code(forbid, candidate));
  }

  private static Optional<String> ignored(IgnoredPaths what, Candidate candidate) {
    return entries(
        candidate.model().uncovered().stream()
            .filter(entry -> isIgnored(what, entry))
            .map(UncoveredEntry::name)
            .toList(),
        "the signature leaves out ");
  }

  private static boolean isIgnored(IgnoredPaths what, UncoveredEntry entry) {
    boolean git = isGit(entry);
    return switch (entry.reason()) {
      case IGNORED_BY_SIGNER, IGNORED_BY_USER -> what == IgnoredPaths.ALL || !git;
      case GIT_PATH -> what == IgnoredPaths.ALL;
      case SIGNATURE_FILE, UNSIGNED, EMPTY_FILE, VOLUME_LAYOUT -> false;
    };
  }

  private static Optional<String> links(Candidate candidate) {
    return entries(
            candidate.model().uncovered().stream()
                .filter(entry -> isLink(entry.kind()))
                .map(UncoveredEntry::name)
                .toList(),
            "the model has links: ")
        .or(() ->
            entries(
                candidate.model().uncovered().stream()
                    .filter(entry -> entry.kind() == EntryKind.DIRECTORY && isUnknown(entry))
                    .map(UncoveredEntry::name)
                    .toList(),
                "links cannot be excluded in what was not looked at: "));
  }

  /** Whether nobody signed an entry, which may hold anything. Git's own files are named instead. */
  private static boolean isUnknown(UncoveredEntry entry) {
    return switch (entry.reason()) {
      case IGNORED_BY_SIGNER, IGNORED_BY_USER, UNSIGNED -> !isGit(entry);
      case SIGNATURE_FILE, GIT_PATH, EMPTY_FILE, VOLUME_LAYOUT -> false;
    };
  }

  private static boolean isGit(UncoveredEntry entry) {
    return Selection.GIT_PATHS.contains(entry.name());
  }

  /** What a row about content says of git's files, which no loader of models reads. */
  private static String notSearched(List<Candidate> counted) {
    List<String> names =
        counted.stream()
            .flatMap(one -> one.model().uncovered().stream())
            .filter(RuleCheck::isGit)
            .map(UncoveredEntry::name)
            .distinct()
            .toList();
    return names.isEmpty() ? "" : "git's own files were not searched: " + String.join(", ", names);
  }

  private static boolean isLink(EntryKind kind) {
    return kind == EntryKind.SYMBOLIC_LINK
        || kind == EntryKind.DIRECTORY_LINK
        || kind == EntryKind.BROKEN_LINK;
  }

  /** The entries of the model for which genuine signatures do not verify, by what they are. */
  private Optional<String> extra(String what, Predicate<EntryKind> kinds) {
    return entries(
        signatures.failed().stream()
            .flatMap(outcome -> outcome.comparison().stream())
            .map(Result::diff)
            // One from which files are missing or changed may be about another model.
            .filter(diff -> diff.missing().isEmpty() && RuleCheck.onlyLinks(diff))
            .flatMap(diff ->
                Stream.concat(
                    diff.extra().stream().filter(one -> kinds.test(one.kind())).map(Extra::name),
                    diff.changed().stream()
                        .filter(one -> kinds.test(EntryKind.SYMBOLIC_LINK))
                        .map(Changed::name)))
            .distinct()
            .toList(),
        what);
  }

  /** Whether nothing else was changed but that links lead to what was signed. */
  private static boolean onlyLinks(ManifestDiff diff) {
    return diff.changed().stream()
        .allMatch(one ->
            one.found().equals(EntryKind.SYMBOLIC_LINK.toString())
                || one.found().equals(EntryKind.DIRECTORY_LINK.toString()));
  }

  private static Optional<String> code(ForbidRule forbid, Candidate candidate) {
    List<String> found =
        candidate.model().contents().orElseThrow().runnable().stream()
            .filter(one -> forbid.code().contains(one.kind()))
            .map(one -> one.file() + " (" + one.kind().code() + ")")
            .toList();
    return entries(found, "found ")
        .or(() ->
            entries(unsearched(candidate), "cannot be excluded, as these were not searched: "));
  }

  /** What may hold anything: files that cannot be searched, and entries that nobody signed. */
  private static List<String> unsearched(Candidate candidate) {
    List<String> names = new ArrayList<>();
    candidate.model().findings().stream()
        .filter(one ->
            one.rule().equals(ContentRules.CONTENT_NOT_SEARCHED)
                || one.rule().equals(ContentRules.CONTENT_BROKEN))
        .forEach(one -> names.add(one.file().orElse(one.message())));
    candidate.model().uncovered().stream()
        .filter(RuleCheck::isUnknown)
        .forEach(entry -> names.add(entry.name()));
    long more = candidate.model().contents().map(ContentFacts::moreRunnable).orElse(0L);
    if (more > 0) {
      names.add(more + " more findings than are kept");
    }
    return names;
  }

  private static Optional<String> entries(List<String> names, String what) {
    int most = 5;
    return names.isEmpty()
        ? Optional.empty()
        : Optional.of(
            what
                + names.stream().limit(most).map(Printable::brief).collect(Collectors.joining(", "))
                + (names.size() > most ? " and " + (names.size() - most) + " more" : ""));
  }
}
