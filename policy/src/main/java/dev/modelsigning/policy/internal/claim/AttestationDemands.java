package dev.modelsigning.policy.internal.claim;

import dev.modelsigning.policy.internal.claim.Demand.Answer;
import dev.modelsigning.policy.internal.rules.Age;
import dev.modelsigning.policy.internal.rules.AttestationRule;
import dev.modelsigning.policy.internal.rules.Condition;
import dev.modelsigning.policy.internal.signer.AgeLimit;
import dev.modelsigning.predicate.PredicateType;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/** What a rule demands of an attestation, each with the test of a claim. */
final class AttestationDemands {

  private static final int MOST_NAMED = 3;

  private final AttestationRule rule;
  private final String type;
  private final AgeLimit ages;

  /** The demands on what a claim says and how old it is, with their tests. */
  private final Map<Demand, Test> tests = new LinkedHashMap<>();

  /** Whether a claim meets a demand. */
  @FunctionalInterface
  private interface Test {
    Answer of(Claim claim, List<String> by, Said said);
  }

  /** What a claim says, if it can be parsed. */
  @FunctionalInterface
  private interface Said {
    Answer answer(Function<PredicateCheck, Answer> question);
  }

  AttestationDemands(AttestationRule rule, AgeLimit ages) {
    this.rule = rule;
    this.type = rule.type().name().orElse(rule.type().uri());
    this.ages = ages;
    rule.maxAge().ifPresent(this::addAge);
    rule.conditions().forEach(this::add);
  }

  /** That there is such an attestation. */
  Demand attestation() {
    return new Demand(
        "",
        rule.place().line(),
        type + " attested by " + any(rule.by()),
        "have "
            + any(rule.by())
            + " attest it about this model, and keep the claim beside the model (claims.jsonl) or attached in its registry");
  }

  /** That it binds the names of files, if that is demanded. */
  Optional<Demand> names() {
    return rule.requireNames()
        ? Optional.of(
            new Demand(
                "require-names",
                rule.place().line(),
                type + " binds the names of the files",
                "have it attested anew by a program that binds them, as model-signing does"))
        : Optional.empty();
  }

  /** The others. */
  List<Demand> others() {
    return List.copyOf(tests.keySet());
  }

  /**
   * Tests a claim by the others.
   *
   * @param by the names of its signers that the rule accepts, at least one
   * @param predicate what it says; empty if it cannot be parsed
   * @param malformed why it cannot
   */
  List<Answer> answers(
      Claim claim, List<String> by, Optional<PredicateCheck> predicate, String malformed) {
    Said said = question -> predicate.map(question).orElseGet(() -> new Answer(false, malformed));
    return tests.values().stream().map(test -> test.of(claim, by, said)).toList();
  }

  private void add(String field, int line, String says, String next, Test test) {
    tests.put(new Demand(field, line, type + " " + says, next), test);
  }

  private void ask(
      Condition condition,
      String field,
      String says,
      String next,
      Function<PredicateCheck, Answer> question) {
    add(field, condition.place().line(), says, next, (claim, by, said) -> said.answer(question));
  }

  // Age

  private void addAge(Age age) {
    if (rule.type().equals(PredicateType.VSA)) {
      add(
          "max-age",
          age.place().line(),
          "states a verification in the last " + age.text(),
          "have the model verified anew by " + any(rule.by()),
          (claim, by, said) -> said.answer(predicate -> summaryAge(predicate, age)));
    } else {
      add(
          "max-age",
          age.place().line(),
          "attested in the last " + age.text(),
          "have it attested anew, with a time stamp that the policy accepts of this signer",
          (claim, by, said) -> age(claim, by, age));
    }
  }

  private static Answer answer(Optional<String> problem) {
    return new Answer(problem.isEmpty(), problem.orElse("met"));
  }

  /** The age for the signer for whom it is proved. */
  private Answer age(Claim claim, List<String> by, Age most) {
    List<Optional<String>> problems =
        by.stream()
            .map(name -> ages.problem(Objects.requireNonNull(claim.payloads().get(name)), most))
            .toList();
    return answer(problems.stream().filter(Optional::isEmpty).findFirst().orElse(problems.get(0)));
  }

  /** A summary states when the model was verified, and its signer is trusted for that. */
  private Answer summaryAge(PredicateCheck predicate, Age most) {
    Optional<String> time = predicate.timeVerified();
    if (time.isEmpty()) {
      return new Answer(false, "it does not state when the model was verified");
    }
    try {
      return answer(ages.problem("verified", OffsetDateTime.parse(time.get()).toInstant(), most));
    } catch (DateTimeParseException e) {
      return new Answer(false, "timeVerified is not a time");
    }
  }

  // What it says

  private void add(Condition condition) {
    if (condition instanceof Condition.Licenses licenses) {
      ask(
          licenses,
          "licenses",
          licences(licenses) + " for the model",
          "use a model under an accepted licence, or accept this one in the policy",
          predicate -> predicate.licenses(licenses));
    } else if (condition instanceof Condition.Builder builder) {
      ask(
          builder,
          "builder",
          "names the builder " + any(builder.ids()),
          "have the model built by an accepted builder, or accept this one in the policy",
          predicate -> predicate.builder(builder.ids()));
    } else if (condition instanceof Condition.Result result) {
      ask(
          result,
          "result",
          "says " + any(result.results()),
          "see what the tests found, and have the model tested anew",
          predicate -> predicate.result(result.results()));
    } else if (condition instanceof Condition.Severity severity) {
      ask(
          severity,
          "severity",
          "names nothing more severe than " + severity.most().name().toLowerCase(Locale.ROOT),
          "have the vulnerabilities removed, and the model scanned anew",
          predicate -> predicate.severity(severity.most()));
    } else if (condition instanceof Condition.BaseModels models) {
      ask(
          models,
          "base-models",
          "names only base models signed by " + any(models.signedBy()),
          "give the signature of the base model by "
              + any(models.signedBy())
              + " with those of the model, such as beside it",
          predicate -> predicate.baseModels(models.signedBy()));
    } else if (condition instanceof Condition.Datasets datasets) {
      add(datasets);
    } else if (condition instanceof Condition.Summary summary) {
      add(summary);
    } else {
      throw new IllegalStateException("a condition that is not known: " + condition);
    }
  }

  private void add(Condition.Datasets rules) {
    if (!rules.signedBy().isEmpty()) {
      ask(
          rules,
          "datasets.signed-by",
          "names only datasets signed by " + any(rules.signedBy()),
          "give the signature of the dataset by "
              + any(rules.signedBy())
              + " with those of the model, such as beside it",
          predicate -> predicate.datasetsSigned(rules.signedBy()));
    }
    rules
        .licenses()
        .ifPresent(licenses ->
            ask(
                licenses,
                "datasets.licenses",
                licences(licenses) + " for each dataset",
                "use datasets under accepted licences, or accept this one in the policy",
                predicate -> predicate.datasetsLicensed(licenses)));
    if (rules.noSensitiveData()) {
      ask(
          rules,
          "datasets.sensitive-data",
          "says that no dataset has sensitive data",
          "use another dataset, or have the bill say of it that it has none",
          PredicateCheck::datasetsInsensitive);
    }
  }

  private void add(Condition.Summary rules) {
    add(
        "result",
        rule.place().line(),
        "says PASSED",
        "see why that verifier did not accept the model",
        (claim, by, said) -> said.answer(PredicateCheck::summaryResult));
    if (!rules.verifier().isEmpty()) {
      ask(
          rules,
          "verifier",
          "names the verifier " + any(rules.verifier()),
          "get the summary of an accepted verifier, or accept this one in the policy",
          predicate -> predicate.summaryVerifier(rules.verifier()));
    }
    if (!rules.policyDigests().isEmpty()) {
      List<String> digests = rules.policyDigests();
      ask(
          rules,
          "policy-digest",
          digests.size() == 1
              ? "names the policy sha256:" + digests.get(0).substring(0, 12) + "..."
              : "names one of " + digests.size() + " policies",
          "have the model verified anew by the policy that is asked for",
          predicate -> predicate.summaryPolicy(digests));
    }
    if (rules.sameName()) {
      ask(
          rules,
          "same-name",
          "is about a model of this name",
          "have this model verified by its own name",
          PredicateCheck::summaryName);
    }
  }

  private static String licences(Condition.Licenses rule) {
    if (rule.allow().isEmpty()) {
      return "does not name " + any(rule.deny());
    }
    return "names only "
        + listed(rule.allow(), " and ")
        + (rule.deny().isEmpty() ? "" : ", and not " + any(rule.deny()) + ",");
  }

  private static String any(List<String> names) {
    return listed(names, " or ");
  }

  /** A few of them. */
  private static String listed(List<String> texts, String last) {
    List<String> few = new ArrayList<>(texts.subList(0, Math.min(texts.size(), MOST_NAMED)));
    if (texts.size() > MOST_NAMED) {
      few.add(texts.size() - MOST_NAMED + " more");
    }
    int end = few.size() - 1;
    return end == 0 ? few.get(0) : String.join(", ", few.subList(0, end)) + last + few.get(end);
  }
}
