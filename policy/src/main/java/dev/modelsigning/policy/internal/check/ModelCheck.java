package dev.modelsigning.policy.internal.check;

import dev.modelsigning.VerifiedModel;
import dev.modelsigning.attestation.ClaimSource;
import dev.modelsigning.attestation.ModelSubject;
import dev.modelsigning.bundle.StoredBundle;
import dev.modelsigning.finding.Finding;
import dev.modelsigning.manifest.Reading;
import dev.modelsigning.model.ModelSource;
import dev.modelsigning.policy.internal.claim.AttestationCheck;
import dev.modelsigning.policy.internal.rules.ModelRule;
import dev.modelsigning.policy.internal.signer.AgeLimit;
import dev.modelsigning.policy.internal.signer.AskedSigners;
import dev.modelsigning.policy.internal.signer.PolicySigner;
import dev.modelsigning.policy.result.CheckedClaim;
import dev.modelsigning.policy.result.CheckedSignature;
import dev.modelsigning.policy.result.Requirement;
import dev.modelsigning.policy.result.UnreadSignature;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What a rule says about a model.
 *
 * @param requirements the requirements, in the order of the policy
 * @param signatures the signature files that were looked at, those that count first
 * @param claims the claims that were looked at, those that count first
 * @param moreClaims how many more claims there are that do not count
 * @param subject the model, if a signature counts
 * @param verified the proof that the model is what was signed, if a signature counts
 * @param findings findings about the model
 * @param seen the model as the subject of attestations, if there is a signature of it, whether that
 *     counts or not
 * @param unsigned the model as it is
 */
public record ModelCheck(
    List<Requirement> requirements,
    List<CheckedSignature> signatures,
    List<CheckedClaim> claims,
    long moreClaims,
    Optional<ModelSubject> subject,
    Optional<VerifiedModel> verified,
    List<Finding> findings,
    Optional<ModelSubject> seen,
    UnsignedModel unsigned) {

  /** Copies the lists. */
  public ModelCheck {
    requirements = List.copyOf(requirements);
    signatures = List.copyOf(signatures);
    claims = List.copyOf(claims);
    findings = List.copyOf(findings);
  }

  /** Nothing was looked at. */
  public static ModelCheck none(UnsignedModel unsigned) {
    return new ModelCheck(
        List.of(),
        List.of(),
        List.of(),
        0,
        Optional.empty(),
        Optional.empty(),
        List.of(),
        Optional.empty(),
        unsigned);
  }

  /**
   * Applies a rule.
   *
   * @param model the model
   * @param name its name, with which patterns are compared
   * @param rule the rule
   * @param signers the signers of the policy, by name
   * @param signatureFiles the signature files
   * @param bundles signatures that are in no file
   * @param unread signatures that could not be read
   * @param claims the claims
   * @param reading how the model is read
   * @param now the current time
   */
  public static ModelCheck of(
      ModelSource model,
      String name,
      ModelRule rule,
      Map<String, PolicySigner> signers,
      Collection<Path> signatureFiles,
      Collection<StoredBundle> bundles,
      Collection<UnreadSignature> unread,
      Collection<ClaimSource> claims,
      Reading reading,
      Instant now) {
    AskedSigners asked = new AskedSigners(signers);
    ModelSignatures found =
        ModelSignatures.verify(
            model,
            signatureFiles,
            bundles,
            unread,
            asked,
            rule.signers(),
            rule.signatures(),
            rule.forbid(),
            reading);
    UnsignedModel unsigned = new UnsignedModel(model, reading, found.inModel());
    AgeLimit ages = new AgeLimit(now);
    AttestationCheck attested =
        new AttestationCheck(
            rule.attestations(),
            claims,
            found.candidates().stream().map(Candidate::subject).toList(),
            asked,
            ages,
            found.ancestors(),
            name);
    ModelCheck best = null;
    for (List<Candidate> group : groups(found)) {
      RuleCheck check = new RuleCheck(rule, found, group, ages, unsigned);
      check.run();
      ModelCheck one = of(check, attested, group, unsigned);
      if (one.unmet() == 0) {
        return one;
      }
      if (best == null || one.unmet() < best.unmet()) {
        best = one;
      }
    }
    return Objects.requireNonNull(best);
  }

  /**
   * The signatures by the files that they cover, those of most files first: each group alone must
   * meet the rule. There is always one, which is empty if no signature is one of the model.
   */
  private static List<List<Candidate>> groups(ModelSignatures found) {
    Map<String, List<Candidate>> groups = new LinkedHashMap<>();
    for (Candidate one : found.candidates()) {
      groups.computeIfAbsent(one.coverage(), key -> new ArrayList<>()).add(one);
    }
    if (groups.isEmpty()) {
      return List.of(List.of());
    }
    return groups.values().stream()
        .sorted(
            Comparator.comparingInt(
                (List<Candidate> group) -> -group.get(0).model().manifest().fileCount()))
        .toList();
  }

  private long unmet() {
    return requirements.stream().filter(row -> !row.met()).count();
  }

  private static ModelCheck of(
      RuleCheck check, AttestationCheck attested, List<Candidate> group, UnsignedModel unsigned) {
    List<ModelSubject> subjects =
        check.counted().stream().map(Candidate::subject).distinct().toList();
    AttestationCheck.Outcome claims = attested.check(subjects);
    List<Requirement> rows = new ArrayList<>(check.rows());
    rows.addAll(claims.rows());
    return new ModelCheck(
        rows,
        check.checked(),
        claims.claims(),
        claims.moreClaims(),
        subjects.stream().findFirst(),
        check.counted().stream().map(Candidate::model).findFirst(),
        check.counted().stream()
            .flatMap(one -> one.model().findings().stream())
            .distinct()
            .toList(),
        group.stream().map(Candidate::subject).findFirst(),
        unsigned);
  }
}
