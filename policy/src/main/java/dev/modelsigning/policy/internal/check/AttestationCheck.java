package dev.modelsigning.policy.internal.check;

import dev.modelsigning.internal.json.MalformedJsonException;
import dev.modelsigning.policy.internal.check.Claims.Claim;
import dev.modelsigning.policy.internal.check.PredicateCheck.Answer;
import dev.modelsigning.policy.internal.rules.Age;
import dev.modelsigning.policy.internal.rules.AttestationRule;
import dev.modelsigning.policy.internal.rules.Condition;
import dev.modelsigning.policy.result.CheckedClaim;
import dev.modelsigning.policy.result.Requirement;
import dev.modelsigning.predicate.PredicateType;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether claims meet what must be attested. One claim must meet all of a requirement; if
 * none does, the rows are about the one that meets most.
 */
final class AttestationCheck {

  private final Claims claims;
  private final AgeLimit ages;
  private final SignedAncestors ancestors;
  private final SignerStatements stated;
  private final String name;
  private final Map<String, String> unusable;

  /** By claim, why it does not count; empty if it does. */
  private final Map<Claim, String> verdicts = new LinkedHashMap<>();

  AttestationCheck(
      Claims claims,
      AgeLimit ages,
      SignedAncestors ancestors,
      SignerStatements stated,
      Map<String, String> unusable,
      String name) {
    this.name = name;
    this.claims = claims;
    this.ages = ages;
    this.ancestors = ancestors;
    this.stated = stated;
    this.unusable = unusable;
  }

  /** The rows of one requirement: the attestation itself, and each of its conditions. */
  List<Requirement> check(AttestationRule rule) {
    List<Requirement> best = List.of();
    for (Claim claim : claims.claims()) {
      if (!rule.type().includes(claim.statement().predicateType())) {
        continue;
      }
      List<Requirement> rows = check(rule, claim);
      Optional<Requirement> problem = rows.stream().filter(row -> !row.met()).findFirst();
      if (problem.isEmpty()) {
        verdicts.put(claim, "");
        return rows;
      }
      verdicts.putIfAbsent(claim, problem.get().why());
      if (best.isEmpty() || met(rows) > met(best)) {
        best = rows;
      }
    }
    return best.isEmpty() ? List.of(absent(rule)) : best;
  }

  private static long met(List<Requirement> rows) {
    return rows.stream().filter(Requirement::met).count();
  }

  private static String code(AttestationRule rule) {
    return "attestations[" + rule.number() + "]";
  }

  private static String text(AttestationRule rule) {
    return rule.type().name().orElse(rule.type().uri())
        + " attested by "
        + String.join(" or ", rule.by());
  }

  /** The row for a model of which no signature counts: claims are about what was verified only. */
  static Requirement notChecked(AttestationRule rule) {
    return row(
        rule,
        code(rule),
        0,
        text(rule),
        false,
        List.of(),
        "not checked, as no signature of the model counts");
  }

  private Requirement absent(AttestationRule rule) {
    String why = "no attestation of this type about this model counts";
    for (String name : rule.by()) {
      if (unusable.containsKey(name)) {
        why += "; the signer " + name + " cannot be used: " + unusable.get(name);
      }
    }
    if (!claims.unreadable().isEmpty()) {
      why += "; " + claims.unreadable().get(0);
    } else if (!claims.refused().isEmpty()) {
      CheckedClaim first = claims.refused().get(0);
      why += "; " + first.place() + ": " + first.why();
    }
    return row(rule, code(rule), 0, text(rule), false, List.of(), why);
  }

  private static Requirement row(
      AttestationRule rule,
      String code,
      int line,
      String text,
      boolean met,
      List<String> by,
      String why) {
    return new Requirement(code, line == 0 ? rule.place().line() : line, text, met, by, why);
  }

  private List<Requirement> check(AttestationRule rule, Claim claim) {
    List<Requirement> rows = new ArrayList<>();
    List<String> by = claim.payloads().keySet().stream().filter(rule.by()::contains).toList();
    String other = "it is signed by " + String.join(", ", claim.payloads().keySet());
    boolean bound = claim.namesBound() || !rule.requireNames();
    boolean met = !by.isEmpty() && bound;
    rows.add(
        row(
            rule,
            code(rule),
            0,
            text(rule),
            met,
            met ? by : List.of(),
            claim.place()
                + ": "
                + (by.isEmpty()
                    ? other
                    : bound
                        ? "signed by " + String.join(", ", by)
                        : "it does not bind the names of the files")));
    PredicateCheck predicate = null;
    String malformed = "";
    try {
      predicate = PredicateCheck.of(claim.statement(), ancestors, stated, name);
    } catch (MalformedJsonException e) {
      malformed = String.valueOf(e.getMessage());
    }
    if (rule.maxAge().isPresent()) {
      Age age = rule.maxAge().get();
      Optional<String> problem =
          PredicateType.VSA.includes(claim.statement().predicateType())
              ? summaryAge(predicate, age)
              : by.isEmpty() ? Optional.of(other) : age(claim, by, age);
      rows.add(
          row(
              rule,
              code(rule) + ".max-age",
              age.place().line(),
              "attested in the last " + age.text(),
              problem.isEmpty(),
              problem.isEmpty() ? by : List.of(),
              problem.orElse("met")));
    }
    for (Condition condition : rule.conditions()) {
      Answer answer = predicate == null ? new Answer(false, malformed) : predicate.check(condition);
      rows.add(
          row(
              rule,
              code(rule) + "." + condition.field(),
              condition.place().line(),
              condition.field(),
              answer.met(),
              answer.met() ? by : List.of(),
              answer.why()));
    }
    return rows;
  }

  /** The age for the signer for whom it is proved. */
  private Optional<String> age(Claim claim, List<String> by, Age most) {
    List<Optional<String>> problems =
        by.stream()
            .map(name -> ages.problem(Objects.requireNonNull(claim.payloads().get(name)), most))
            .toList();
    return problems.stream().filter(Optional::isEmpty).findFirst().orElse(problems.get(0));
  }

  /** A summary states when the model was verified, and its signer is trusted for that. */
  private Optional<String> summaryAge(@Nullable PredicateCheck predicate, Age most) {
    Optional<String> time = predicate == null ? Optional.empty() : predicate.timeVerified();
    if (time.isEmpty()) {
      return Optional.of("it does not state when the model was verified");
    }
    try {
      return ages.problem("verified", OffsetDateTime.parse(time.get()).toInstant(), most);
    } catch (DateTimeParseException e) {
      return Optional.of("timeVerified is not a time");
    }
  }

  /** All claims that were looked at: those that count first. */
  List<CheckedClaim> checked() {
    List<CheckedClaim> all = new ArrayList<>();
    for (Claim claim : claims.claims()) {
      String why = verdicts.getOrDefault(claim, "another claim was enough");
      all.add(
          new CheckedClaim(
              claim.file(),
              claim.line(),
              claim.statement().predicateType(),
              List.copyOf(claim.payloads().keySet()),
              why.isEmpty(),
              why));
    }
    all.sort(Comparator.comparing(one -> !one.counts()));
    all.addAll(claims.refused());
    return all;
  }
}
