package dev.modelsigning.policy.internal.claim;

import dev.modelsigning.attestation.ClaimSource;
import dev.modelsigning.attestation.ModelSubject;
import dev.modelsigning.attestation.RefusedClaimException;
import dev.modelsigning.internal.json.MalformedJsonException;
import dev.modelsigning.policy.internal.claim.Demand.Answer;
import dev.modelsigning.policy.internal.rules.AttestationRule;
import dev.modelsigning.policy.internal.signer.AgeLimit;
import dev.modelsigning.policy.internal.signer.AskedSigners;
import dev.modelsigning.policy.result.CheckedClaim;
import dev.modelsigning.policy.result.Requirement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether claims meet what must be attested about a model. One claim must meet all that a
 * rule demands of an attestation; if none does, the rows are about the one that meets most. Claims
 * are read, and what they say is parsed, once for a model.
 */
public final class AttestationCheck {

  private final List<AttestationRule> rules;
  private final Collection<ClaimSource> sources;
  private final Set<ModelSubject> subjects;
  private final AskedSigners signers;
  private final SignedAncestors ancestors;
  private final String name;
  private final List<AttestationDemands> demands;

  private @Nullable Claims claims;

  /** By claim and rule, by their numbers; see {@link #answers}. */
  private final Map<Integer, Map<Integer, List<Answer>>> answers = new HashMap<>();

  /**
   * Creates a check.
   *
   * @param rules what must be attested
   * @param sources the claims
   * @param subjects the model, as each of its signatures has it, whether it counts or not
   * @param signers the signers of the policy
   * @param ages compares ages
   * @param ancestors signatures of base models and datasets
   * @param name the name of the model that patterns are compared with
   */
  public AttestationCheck(
      List<AttestationRule> rules,
      Collection<ClaimSource> sources,
      Collection<ModelSubject> subjects,
      AskedSigners signers,
      AgeLimit ages,
      SignedAncestors ancestors,
      String name) {
    this.rules = List.copyOf(rules);
    this.sources = List.copyOf(sources);
    this.subjects = new LinkedHashSet<>(subjects);
    this.signers = signers;
    this.ancestors = ancestors;
    this.name = name;
    this.demands = rules.stream().map(rule -> new AttestationDemands(rule, ages)).toList();
  }

  /**
   * What was found.
   *
   * @param rows a row for each requirement
   * @param claims the claims that were looked at, those that count first
   * @param moreClaims how many more claims there are that do not count
   */
  public record Outcome(List<Requirement> rows, List<CheckedClaim> claims, long moreClaims) {}

  /**
   * Checks what is attested about a model.
   *
   * @param counted the model, as the signatures that count have it; if there are none, no claim is
   *     read, as claims are about what was verified only
   */
  public Outcome check(Collection<ModelSubject> counted) {
    if (counted.isEmpty() || rules.isEmpty()) {
      List<Requirement> rows = new ArrayList<>();
      rules.forEach(rule ->
          all(rule)
              .forEach(
                  each -> rows.add(each.notChecked(rule, "no signature of the model counts"))));
      return new Outcome(rows, List.of(), 0);
    }
    if (claims == null) {
      claims = ClaimReader.read(sources, subjects, rules, signers);
    }
    return new Group(claims, counted).check();
  }

  private AttestationDemands of(AttestationRule rule) {
    return demands.get(rule.number());
  }

  private List<Demand> all(AttestationRule rule) {
    List<Demand> all = new ArrayList<>();
    all.add(of(rule).attestation());
    of(rule).names().ifPresent(all::add);
    all.addAll(of(rule).others());
    return all;
  }

  /** The names of the signers of a claim whom a rule accepts. */
  private static List<String> accepted(AttestationRule rule, Claim claim) {
    return claim.signers().stream().filter(rule.by()::contains).toList();
  }

  /**
   * What a claim says to a rule. It is parsed once for all rules, and not kept, as it may be large.
   */
  private List<Answer> answers(AttestationRule rule, Claim claim) {
    return Objects.requireNonNull(
        answers.computeIfAbsent(claim.number(), number -> answers(claim)).get(rule.number()));
  }

  private Map<Integer, List<Answer>> answers(Claim claim) {
    Optional<PredicateCheck> predicate = Optional.empty();
    String malformed = "";
    try {
      predicate =
          Optional.of(
              PredicateCheck.of(claim.statement(), ancestors, new SignerStatements(signers), name));
    } catch (MalformedJsonException e) {
      malformed = String.valueOf(e.getMessage());
    }
    Map<Integer, List<Answer>> all = new HashMap<>();
    for (AttestationRule rule : rules) {
      List<String> by = accepted(rule, claim);
      if (rule.type().includes(claim.statement().predicateType()) && !by.isEmpty()) {
        all.put(rule.number(), of(rule).answers(claim, by, predicate, malformed));
      }
    }
    return all;
  }

  /** A claim about the model, and whether it binds the names of the files. */
  private record About(Claim claim, boolean bindsNames) {}

  /** The check about the signatures that cover the same files. */
  private final class Group {

    private final Claims claims;

    /** The claims about its model. */
    private final List<About> about = new ArrayList<>();

    private final List<CheckedClaim> refused = new ArrayList<>();

    /** By the number of a claim, why it does not count; empty if it does. */
    private final Map<Integer, String> verdicts = new HashMap<>();

    Group(Claims claims, Collection<ModelSubject> counted) {
      this.claims = claims;
      for (Claim claim : claims.claims()) {
        try {
          about.add(new About(claim, claim.requireAbout(counted)));
        } catch (RefusedClaimException e) {
          refused.add(claim.checked(e.finding().message()));
        }
      }
      claims.refused().forEach(one -> refused.add(one.shown()));
    }

    Outcome check() {
      List<Requirement> rows = new ArrayList<>();
      rules.forEach(rule -> rows.addAll(check(rule)));
      List<CheckedClaim> all = new ArrayList<>();
      for (About one : about) {
        Claim claim = one.claim();
        all.add(claim.checked(verdicts.getOrDefault(claim.number(), "another claim was enough")));
      }
      all.sort(Comparator.comparing(one -> !one.counts()));
      all.addAll(refused);
      return new Outcome(rows, all, claims.moreRefused());
    }

    private List<Requirement> check(AttestationRule rule) {
      List<Requirement> best = List.of();
      for (About one : about) {
        Claim claim = one.claim();
        if (!rule.type().includes(claim.statement().predicateType())) {
          continue;
        }
        List<Requirement> rows = rows(rule, claim, one.bindsNames());
        Optional<Requirement> problem = rows.stream().filter(row -> !row.met()).findFirst();
        if (problem.isEmpty()) {
          verdicts.put(claim.number(), "");
          return rows;
        }
        verdicts.putIfAbsent(claim.number(), problem.get().why());
        // The last of those that meet as much: claims are appended, so it is the newest.
        if (best.isEmpty() || met(rows) >= met(best)) {
          best = rows;
        }
      }
      return best.isEmpty() ? absent(rule) : best;
    }

    private static long met(List<Requirement> rows) {
      return rows.stream().filter(Requirement::met).count();
    }

    private List<Requirement> rows(AttestationRule rule, Claim claim, boolean bindsNames) {
      List<String> by = accepted(rule, claim);
      if (by.isEmpty()) {
        return unmet(
            rule,
            claim.place() + ": it is signed by " + String.join(", ", claim.signers()),
            "nobody who may attest it signed it");
      }
      List<Requirement> rows = new ArrayList<>();
      rows.add(
          of(rule)
              .attestation()
              .met(rule, by, claim.place() + ": signed by " + String.join(", ", by)));
      of(rule)
          .names()
          .ifPresent(names ->
              rows.add(
                  bindsNames
                      ? names.met(rule, by, "met")
                      : names.unmet(
                          rule, claim.place() + ": it does not bind the names of the files")));
      List<Demand> others = of(rule).others();
      List<Answer> said = answers(rule, claim);
      for (int i = 0; i < others.size(); i++) {
        rows.add(others.get(i).row(rule, said.get(i), by));
      }
      return rows;
    }

    private List<Requirement> unmet(AttestationRule rule, String why, String others) {
      List<Requirement> rows = new ArrayList<>();
      for (Demand demand : all(rule)) {
        rows.add(rows.isEmpty() ? demand.unmet(rule, why) : demand.notChecked(rule, others));
      }
      return rows;
    }

    private List<Requirement> absent(AttestationRule rule) {
      StringBuilder why = new StringBuilder("no attestation of this type about this model counts");
      for (String name : rule.by()) {
        String unusable = signers.unusable().get(name);
        if (unusable != null) {
          why.append("; the signer ").append(name).append(" cannot be used: ").append(unusable);
        }
      }
      nearest(rule).ifPresent(one -> why.append("; ").append(one));
      return unmet(rule, why.toString(), "there is no such attestation");
    }

    /** The claim that comes nearest to what is asked for, with the reason why it does not count. */
    private Optional<String> nearest(AttestationRule rule) {
      return refused.stream()
          .filter(one -> rule.type().includes(one.predicateType()))
          .findFirst()
          .map(one -> one.place() + ": " + one.why())
          .or(() -> claims.nearest(rule));
    }
  }
}
