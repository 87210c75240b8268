package dev.modelsigning.policy.internal.check;

import dev.modelsigning.VerifiedModel;
import dev.modelsigning.content.ContentRules;
import dev.modelsigning.facts.ContentFacts;
import dev.modelsigning.finding.Finding;
import dev.modelsigning.manifest.ManifestDiff;
import dev.modelsigning.manifest.ManifestDiff.Changed;
import dev.modelsigning.manifest.ManifestDiff.Extra;
import dev.modelsigning.manifest.ManifestVerification.Result;
import dev.modelsigning.model.EntryKind;
import dev.modelsigning.model.Selection;
import dev.modelsigning.model.UncoveredEntry;
import dev.modelsigning.policy.internal.rules.ForbidRule;
import dev.modelsigning.policy.internal.rules.ForbidRule.IgnoredPaths;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Finds in models what a rule forbids. */
final class ForbidCheck {

  private ForbidCheck() {}

  /** What is not signed in the model for which no signature verifies, if that is the reason. */
  static Optional<String> unsigned(ModelSignatures signatures) {
    return extra(signatures, "not signed: ", kind -> !isLink(kind));
  }

  /** The links in the model for which no signature verifies, if that is the reason. */
  static Optional<String> unsignedLinks(ModelSignatures signatures) {
    return extra(signatures, "the model has links: ", ForbidCheck::isLink);
  }

  /** What the signer left out. */
  static Optional<String> ignored(IgnoredPaths what, Candidate candidate) {
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

  /** Links, or what may hold some. */
  static Optional<String> links(Candidate candidate) {
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
  static String notSearched(List<Candidate> counted) {
    List<String> names =
        counted.stream()
            .flatMap(one -> one.model().uncovered().stream())
            .filter(ForbidCheck::isGit)
            .map(UncoveredEntry::name)
            .distinct()
            .toList();
    return names.isEmpty() ? "" : "git's own files were not searched: " + String.join(", ", names);
  }

  static boolean isLink(EntryKind kind) {
    return kind == EntryKind.SYMBOLIC_LINK
        || kind == EntryKind.DIRECTORY_LINK
        || kind == EntryKind.BROKEN_LINK;
  }

  /** The entries of the model for which genuine signatures do not verify, by what they are. */
  private static Optional<String> extra(
      ModelSignatures signatures, String what, Predicate<EntryKind> kinds) {
    return entries(
        signatures.failed().stream()
            .flatMap(outcome -> outcome.comparison().stream())
            .map(Result::diff)
            // One from which files are missing or changed may be about another model.
            .filter(diff -> diff.missing().isEmpty() && onlyLinks(diff))
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

  /** Content that can run, or that cannot be searched for it. */
  static Optional<String> code(ForbidRule forbid, VerifiedModel model) {
    return code(forbid, model.contents().orElseThrow(), model.findings(), model.uncovered());
  }

  static Optional<String> code(
      ForbidRule forbid,
      ContentFacts contents,
      List<Finding> findings,
      List<UncoveredEntry> uncovered) {
    List<String> found =
        contents.runnable().stream()
            .filter(one -> forbid.code().contains(one.kind()))
            .map(one -> one.file() + " (" + one.kind().code() + ")")
            .toList();
    return entries(found, "found ")
        .or(() ->
            entries(
                unsearched(contents, findings, uncovered),
                "cannot be excluded, as these were not searched: "));
  }

  /** What may hold anything: files that cannot be searched, and entries that nobody signed. */
  private static List<String> unsearched(
      ContentFacts contents, List<Finding> findings, List<UncoveredEntry> uncovered) {
    List<String> names = new ArrayList<>();
    findings.stream()
        .filter(one ->
            one.rule().equals(ContentRules.CONTENT_NOT_SEARCHED)
                || one.rule().equals(ContentRules.CONTENT_BROKEN))
        .forEach(one -> names.add(one.file().orElse(one.message())));
    uncovered.stream().filter(ForbidCheck::isUnknown).forEach(entry -> names.add(entry.name()));
    long more = contents.moreRunnable();
    if (more > 0) {
      names.add(more + " more findings than are kept");
    }
    return names;
  }

  private static Optional<String> entries(List<String> names, String what) {
    return names.isEmpty() ? Optional.empty() : Optional.of(what + Differences.few(names));
  }
}
