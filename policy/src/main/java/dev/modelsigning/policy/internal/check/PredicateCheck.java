package dev.modelsigning.policy.internal.check;

import dev.modelsigning.internal.json.MalformedJsonException;
import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.policy.internal.rules.Condition;
import dev.modelsigning.policy.internal.rules.Condition.Level;
import dev.modelsigning.statement.AttestedStatement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Checks what the predicate of an attestation says, whose signer a policy trusts to say it. */
final class PredicateCheck {

  private final JsonTree predicate;
  private final SignedAncestors ancestors;
  private final SignerStatements stated;
  private final String name;

  /**
   * The outcome of a condition.
   *
   * @param met whether it is met
   * @param why how, or why not
   */
  record Answer(boolean met, String why) {}

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

  Answer check(Condition condition) {
    if (condition instanceof Condition.Licenses licenses) {
      return licenses(licenses, predicate.get("metadata", "component"), "the model");
    }
    if (condition instanceof Condition.Builder builder) {
      return oneOf("the builder", predicate.text("runDetails", "builder", "id"), builder.ids());
    }
    if (condition instanceof Condition.Result result) {
      return oneOf("the result", predicate.text("result"), result.results());
    }
    if (condition instanceof Condition.Severity severity) {
      return severity(severity.most());
    }
    if (condition instanceof Condition.BaseModels models) {
      return signed("base model", StatedAncestor.baseModels(predicate), models.signedBy());
    }
    if (condition instanceof Condition.Datasets datasets) {
      return datasets(datasets);
    }
    if (condition instanceof Condition.Summary summary) {
      return summary(summary);
    }
    throw new IllegalStateException("a condition that is not known: " + condition);
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

  private Answer severity(Level most) {
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
                + "; give its signature with --signature");
      }
      how.add(name + " was signed by " + by.get() + ", as the attestation states");
    }
    return new Answer(true, String.join("; ", how));
  }

  private Answer datasets(Condition.Datasets rule) {
    List<StatedAncestor> all = StatedAncestor.datasets(predicate);
    List<String> how = new ArrayList<>();
    if (!rule.signedBy().isEmpty()) {
      Answer answer = signed("dataset", all, rule.signedBy());
      if (!answer.met()) {
        return answer;
      }
      how.add(answer.why());
    }
    for (StatedAncestor one : all) {
      String name = "dataset " + Printable.quote(Printable.brief(one.name()));
      if (rule.licenses().isPresent()) {
        Answer answer = licenses(rule.licenses().get(), Optional.of(one.content()), name);
        if (!answer.met()) {
          return answer;
        }
        how.add(answer.why());
      }
      if (rule.noSensitiveData() && !one.hasNoSensitiveData()) {
        return new Answer(false, name + " is not stated to have no sensitive data");
      }
    }
    if (all.isEmpty() && how.isEmpty()) {
      how.add("no dataset is stated");
    } else if (rule.noSensitiveData() && !all.isEmpty()) {
      how.add("no sensitive data is stated");
    }
    return new Answer(true, String.join("; ", how));
  }

  private Answer summary(Condition.Summary rule) {
    Answer result = oneOf("the result", predicate.text("verificationResult"), List.of("PASSED"));
    if (!result.met()) {
      return result;
    }
    if (!rule.verifier().isEmpty()) {
      Answer verifier = oneOf("the verifier", predicate.text("verifier", "id"), rule.verifier());
      if (!verifier.met()) {
        return verifier;
      }
    }
    if (!rule.policyDigests().isEmpty()) {
      Answer policy =
          oneOf(
              "the digest of the policy",
              predicate.text("policy", "digest", "sha256"),
              rule.policyDigests());
      if (!policy.met()) {
        return policy;
      }
    }
    if (rule.sameName()) {
      Answer resource =
          oneOf(
              "the model that was verified",
              predicate.text("resourceUri"),
              List.of(FileUri.of(name)));
      if (!resource.met()) {
        return resource;
      }
    }
    return new Answer(true, "verified by " + predicate.text("verifier", "id").orElse("?"));
  }
}
