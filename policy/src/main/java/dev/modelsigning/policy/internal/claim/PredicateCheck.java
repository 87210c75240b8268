package dev.modelsigning.policy.internal.claim;

import dev.modelsigning.internal.json.MalformedJsonException;
import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.policy.internal.claim.Demand.Answer;
import dev.modelsigning.policy.internal.rules.Condition;
import dev.modelsigning.policy.internal.rules.Condition.Level;
import dev.modelsigning.statement.AttestedStatement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Checks what the predicate of an attestation says, whose signer a policy trusts to say it. */
final class PredicateCheck {

  private static final int MOST_NAMED = 5;

  private final JsonTree predicate;
  private final SignedAncestors ancestors;
  private final SignerStatements stated;
  private final String name;

  private PredicateCheck(
      JsonTree predicate, SignedAncestors ancestors, SignerStatements stated, String name) {
    this.name = name;
    this.predicate = predicate;
    this.ancestors = ancestors;
    this.stated = stated;
  }

  /**
   * Parses a predicate.
   *
   * @param statement the statement, whose signature was verified
   * @param ancestors signatures of base models and datasets that were verified
   * @param stated compares signers that are stated with those of the policy
   * @param name the name of the model that patterns are compared with
   * @throws MalformedJsonException if there is no predicate, or it cannot be parsed
   */
  static PredicateCheck of(
      AttestedStatement statement, SignedAncestors ancestors, SignerStatements stated, String name)
      throws MalformedJsonException {
    if (statement.predicate().isEmpty()) {
      throw new MalformedJsonException("it has no predicate");
    }
    return new PredicateCheck(JsonTree.parse(statement.predicate().get()), ancestors, stated, name);
  }

  /** The time that a verification summary states for itself. */
  Optional<String> timeVerified() {
    return predicate.text("timeVerified");
  }

  /** Whether the licences of the model are accepted. */
  Answer licenses(Condition.Licenses rule) {
    return licenses(rule, predicate.get("metadata", "component"), "the model");
  }

  /** Whether one of these built it. */
  Answer builder(List<String> accepted) {
    return oneOf("the builder", predicate.text("runDetails", "builder", "id"), accepted);
  }

  /** Whether the tests had one of these results. */
  Answer result(List<String> accepted) {
    return oneOf("the result", predicate.text("result"), accepted);
  }

  /** Whether one of these signed each base model. */
  Answer baseModels(List<String> signers) {
    return signed("base model", StatedAncestor.baseModels(predicate), signers);
  }

  private static Answer oneOf(String what, Optional<String> found, List<String> accepted) {
    if (found.isEmpty()) {
      return new Answer(false, what + " is not stated");
    }
    boolean met = accepted.contains(found.get());
    return new Answer(
        met,
        what
            + " is "
            + Printable.quote(Printable.brief(found.get()))
            + (met ? "" : ", expected " + String.join(" or ", accepted)));
  }

  private static Answer licenses(
      Condition.Licenses rule, Optional<JsonTree> component, String whose) {
    List<String> found = new ArrayList<>();
    List<String> refused = new ArrayList<>();
    List<JsonTree> choices = component.stream().flatMap(it -> it.items("licenses")).toList();
    for (JsonTree choice : choices) {
      List<String> texts =
          Stream.of(
                  choice.text("license", "id"),
                  choice.text("license", "name"),
                  choice.text("expression"))
              .flatMap(Optional::stream)
              .map(LicenseExpression::clean)
              .toList();
      // Readers could choose either of two.
      boolean met =
          texts.size() == 1
              && !texts.get(0).isEmpty()
              && LicenseExpression.isMet(texts.get(0), rule.allow(), rule.deny());
      (met ? found : refused)
          .add(texts.isEmpty() ? "one without a name" : Printable.brief(String.join(", ", texts)));
    }
    if (choices.isEmpty()) {
      return new Answer(false, "no licence of " + whose + " is stated");
    }
    return refused.isEmpty()
        ? new Answer(true, whose + " is under " + String.join(", ", found))
        : new Answer(
            false,
            whose
                + " is under "
                + String.join(", ", refused)
                + (rule.allow().isEmpty()
                    ? ", which is denied"
                    : "; allowed: " + String.join(", ", rule.allow())));
  }

  /** Whether no vulnerability is more severe. */
  Answer severity(Level most) {
    if (!predicate.get("scanner", "result").filter(JsonTree::isList).isPresent()) {
      return new Answer(false, "the scanner's results are not stated");
    }
    List<String> worse =
        predicate
            .items("scanner", "result")
            .filter(one -> level(one).compareTo(most) > 0)
            .map(one -> one.text("id").map(Printable::brief).orElse("one without an id"))
            .toList();
    String limit = most.name().toLowerCase(Locale.ROOT);
    return worse.isEmpty()
        ? new Answer(true, "no vulnerability is more severe than " + limit)
        : new Answer(
            false,
            worse.size()
                + " more severe than "
                + limit
                + ": "
                + worse.stream().limit(5).collect(Collectors.joining(", "))
                + (worse.size() > 5 ? ", ..." : ""));
  }

  /** The highest level of a vulnerability; one without a known score may be critical. */
  private static Level level(JsonTree vulnerability) {
    return vulnerability
        .items("severity")
        .map(one ->
            one.textOrNumber("score")
                .map(score -> level(one.text("method").orElse(""), score))
                .orElse(Level.CRITICAL))
        .max(Level::compareTo)
        .orElse(Level.CRITICAL);
  }

  /** A number of another method than CVSS, such as a probability, says nothing here. */
  private static Level level(String method, String score) {
    for (Level level : Level.values()) {
      if (level.name().equalsIgnoreCase(score)) {
        return level;
      }
    }
    if (!score.matches("\\d{1,2}(\\.\\d{1,6})?")
        || !method.toUpperCase(Locale.ROOT).contains("CVSS")) {
      return switch (score.toUpperCase(Locale.ROOT)) {
        case "MODERATE" -> Level.MEDIUM;
        case "IMPORTANT" -> Level.HIGH;
        default -> Level.CRITICAL;
      };
    }
    double value = Double.parseDouble(score);
    // CVSS 3.1, section 5.
    if (value == 0) {
      return Level.NONE;
    }
    return value < 4
        ? Level.LOW
        : value < 7 ? Level.MEDIUM : value < 9 ? Level.HIGH : Level.CRITICAL;
  }

  private Answer signed(String what, List<StatedAncestor> all, List<String> signers) {
    Optional<String> unknown = StatedAncestor.withoutRole(predicate);
    if (unknown.isPresent()) {
      return new Answer(
          false,
          "the dependency "
              + Printable.quote(Printable.brief(unknown.get()))
              + " does not state whether it is a base model or a dataset");
    }
    if (all.isEmpty()) {
      return new Answer(true, "no " + what + " is stated");
    }
    List<String> how = new ArrayList<>();
    for (StatedAncestor one : all) {
      String name = what + " " + Printable.quote(Printable.brief(one.name()));
      if (one.rootDigest().isEmpty()) {
        return new Answer(
            false, name + " is stated without its root digest, so nothing shows who signed it");
      }
      Optional<String> by = ancestors.signedBy(one.rootDigest().get(), signers);
      if (by.isPresent()) {
        how.add(name + " is signed by " + by.get());
        continue;
      }
      by = stated.signerOf(one, signers);
      if (by.isEmpty()) {
        return new Answer(
            false,
            name
                + " (sha256:"
                + one.rootDigest().get()
                + ") is not known to be signed by "
                + String.join(" or ", signers)
                + ", whose signature of it is not among those that were looked at");
      }
      how.add(name + " was signed by " + by.get() + ", as the attestation states");
    }
    return new Answer(true, few(how));
  }

  /** Whether one of these signed each dataset. */
  Answer datasetsSigned(List<String> signers) {
    return signed("dataset", StatedAncestor.datasets(predicate), signers);
  }

  /** Whether the licences of each dataset are accepted. */
  Answer datasetsLicensed(Condition.Licenses rule) {
    return ofEachDataset(one -> licenses(rule, Optional.of(one.content()), named(one)));
  }

  /** Whether each dataset is stated to have no sensitive data. */
  Answer datasetsInsensitive() {
    return ofEachDataset(one ->
        one.hasNoSensitiveData()
            ? new Answer(true, named(one) + " is stated to have none")
            : new Answer(false, named(one) + " is not stated to have no sensitive data"));
  }

  private static String named(StatedAncestor dataset) {
    return "dataset " + Printable.quote(Printable.brief(dataset.name()));
  }

  private Answer ofEachDataset(Function<StatedAncestor, Answer> question) {
    List<String> how = new ArrayList<>();
    for (StatedAncestor one : StatedAncestor.datasets(predicate)) {
      Answer answer = question.apply(one);
      if (!answer.met()) {
        return answer;
      }
      how.add(answer.why());
    }
    return new Answer(true, how.isEmpty() ? "no dataset is stated" : few(how));
  }

  private static String few(List<String> parts) {
    int more = parts.size() - MOST_NAMED;
    return String.join("; ", parts.subList(0, Math.min(parts.size(), MOST_NAMED)))
        + (more > 0 ? "; and " + more + " more" : "");
  }

  // Verification summaries

  /** Whether the model passed. */
  Answer summaryResult() {
    return oneOf("the result", predicate.text("verificationResult"), List.of("PASSED"));
  }

  /** Whether one of these verified it. */
  Answer summaryVerifier(List<String> accepted) {
    return oneOf("the verifier", predicate.text("verifier", "id"), accepted);
  }

  /** Whether it was verified by a policy with one of these digests. */
  Answer summaryPolicy(List<String> digests) {
    return oneOf("the digest of the policy", predicate.text("policy", "digest", "sha256"), digests);
  }

  /** Whether it is about the name of this model. */
  Answer summaryName() {
    return oneOf(
        "the model that was verified", predicate.text("resourceUri"), List.of(FileUri.of(name)));
  }
}
