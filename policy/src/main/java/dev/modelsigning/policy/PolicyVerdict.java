package dev.modelsigning.policy;

import dev.modelsigning.VerifiedModel;
import dev.modelsigning.attestation.ModelSubject;
import dev.modelsigning.finding.Finding;
import dev.modelsigning.local.DirectorySource;
import dev.modelsigning.manifest.Reading;
import dev.modelsigning.model.ModelSource;
import dev.modelsigning.model.RegistryPlace;
import dev.modelsigning.model.UncoveredEntry;
import dev.modelsigning.policy.internal.check.ModelCheck;
import dev.modelsigning.policy.internal.check.UnsignedModel;
import dev.modelsigning.policy.result.CheckedClaim;
import dev.modelsigning.policy.result.CheckedSignature;
import dev.modelsigning.policy.result.Requirement;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a policy decided about a model, as data. Only a {@link Policy} makes verdicts, and one that
 * is {@linkplain #isVerified() verified} has a proof.
 */
public final class PolicyVerdict {

  private final String model;
  private final Optional<String> name;
  private final PolicyIdentity policy;
  private final Optional<AppliedRule> rule;
  private final List<Requirement> requirements;
  private final List<CheckedSignature> signatures;
  private final List<CheckedClaim> claims;
  private final long moreClaims;
  private final Optional<ModelSubject> subject;
  private final Optional<VerifiedModel> proof;
  private final Optional<Finding> reason;
  private final List<Finding> findings;

  /** For summaries of models that are not verified: by a signature of it, if there is one. */
  private final Optional<ModelSubject> seen;

  private final UnsignedModel unsigned;

  private final Optional<RegistryPlace> registry;

  /**
   * The rule that applies.
   *
   * @param number its position in the policy, from 0
   * @param line its line
   * @param match its pattern
   * @param enforced whether it refuses; otherwise it only warns
   */
  public record AppliedRule(int number, int line, String match, boolean enforced) {}

  private PolicyVerdict(
      String model,
      Optional<String> name,
      PolicyIdentity policy,
      Optional<AppliedRule> rule,
      List<Requirement> requirements,
      ModelCheck check,
      Optional<Finding> reason,
      List<Finding> findings) {
    this.model = model;
    this.name = name;
    this.policy = policy;
    this.rule = rule;
    this.requirements = List.copyOf(requirements);
    this.signatures = check.signatures();
    this.claims = check.claims();
    this.moreClaims = check.moreClaims();
    this.subject = check.subject();
    this.proof = check.verified();
    this.reason = reason;
    this.findings = List.copyOf(findings);
    this.seen = check.seen();
    this.unsigned = check.unsigned();
    this.registry = Optional.empty();
  }

  private PolicyVerdict(PolicyVerdict other, RegistryPlace place, List<Finding> more) {
    this.model = other.model;
    this.name = other.name;
    this.policy = other.policy;
    this.rule = other.rule;
    this.requirements = other.requirements;
    this.signatures = other.signatures;
    this.claims = other.claims;
    this.moreClaims = other.moreClaims;
    this.subject = other.subject;
    this.proof = other.proof;
    this.reason = other.reason;
    this.findings = Stream.concat(other.findings.stream(), more.stream()).toList();
    this.seen = other.seen;
    this.unsigned = other.unsigned;
    this.registry = Optional.of(place);
  }

  /** The verdict by a rule. */
  static PolicyVerdict of(
      String model,
      Optional<String> name,
      PolicyIdentity policy,
      AppliedRule rule,
      List<Requirement> requirements,
      ModelCheck check,
      Optional<Finding> reason,
      List<Finding> findings) {
    return new PolicyVerdict(
        model, name, policy, Optional.of(rule), requirements, check, reason, findings);
  }

  /** The verdict about a model that no rule matches. */
  static PolicyVerdict unmatched(
      ModelSource model,
      Optional<String> name,
      PolicyIdentity policy,
      Requirement row,
      Reading reading,
      Finding reason) {
    return refused(model, name, policy, List.of(row), reading, reason);
  }

  /**
   * The verdict about a model that cannot be read, or whose signatures cannot be found. It is
   * refused.
   *
   * @param policy the policy
   * @param model the model
   * @param reason why there is no other verdict
   */
  public static PolicyVerdict unreadable(PolicyIdentity policy, Path model, Finding reason) {
    return unreadable(policy, DirectorySource.of(model), reason);
  }

  /** The same for a model in any place. */
  public static PolicyVerdict unreadable(PolicyIdentity policy, ModelSource model, Finding reason) {
    return refused(model, Optional.empty(), policy, List.of(), Reading.withDefaults(), reason);
  }

  private static PolicyVerdict refused(
      ModelSource model,
      Optional<String> name,
      PolicyIdentity policy,
      List<Requirement> rows,
      Reading reading,
      Finding reason) {
    return new PolicyVerdict(
        model.location(),
        name,
        policy,
        Optional.empty(),
        rows,
        ModelCheck.none(new UnsignedModel(model, reading, Set.of())),
        Optional.of(reason),
        List.of());
  }

  /** Where the model is, for display. */
  public String model() {
    return model;
  }

  /**
   * Returns the same verdict for a model in a registry.
   *
   * @param place where it is
   * @param more findings about that
   */
  public PolicyVerdict inRegistry(RegistryPlace place, List<Finding> more) {
    return new PolicyVerdict(this, place, more);
  }

  /** Where the model is, if it is in a registry. */
  public Optional<RegistryPlace> registry() {
    return registry;
  }

  /** The name that was compared with the patterns; empty if it has none. */
  public Optional<String> name() {
    return name;
  }

  /** The policy. */
  public PolicyIdentity policy() {
    return policy;
  }

  /** The rule that applies; empty if none does. */
  public Optional<AppliedRule> rule() {
    return rule;
  }

  /** The requirements of the rule, and whether each is met. */
  public List<Requirement> requirements() {
    return requirements;
  }

  /** The signature files that were looked at, those that count first. */
  public List<CheckedSignature> signatures() {
    return signatures;
  }

  /** The claims that were looked at, those that count first. */
  public List<CheckedClaim> claims() {
    return claims;
  }

  /** How many more claims there are that do not count. */
  public long moreClaims() {
    return moreClaims;
  }

  /** The model as the subject of attestations, if a signature of it counts. */
  public Optional<ModelSubject> subject() {
    return subject;
  }

  /**
   * The proof that the model is what was signed, if a signature counts. It says nothing of the
   * policy: programs that use a model must call {@link Policy#verify}.
   */
  public Optional<VerifiedModel> proof() {
    return proof;
  }

  /** Why the model is not verified; empty if it is, or the rule only warns. */
  public Optional<Finding> reason() {
    return reason;
  }

  /** Other findings. */
  public List<Finding> findings() {
    return findings;
  }

  /** Whether all requirements are met, by a rule that enforces them. */
  public boolean isVerified() {
    return reason.isEmpty() && isEnforced() && proof.isPresent() && unmet().isEmpty();
  }

  /** Whether the model must not be used: false also for one that a rule only warns of. */
  public boolean isRefused() {
    return !isVerified() && (rule.isEmpty() || isEnforced() || reason.isPresent());
  }

  private boolean isEnforced() {
    return rule.map(AppliedRule::enforced).orElse(false);
  }

  /** The requirements that are not met. */
  public List<Requirement> unmet() {
    return requirements.stream().filter(row -> !row.met()).toList();
  }

  /** The names of the signers whose signatures count for the requirement of signatures. */
  public List<String> signers() {
    return requirements.stream()
        .filter(row -> row.code().equals("signatures"))
        .flatMap(row -> row.by().stream())
        .toList();
  }

  /**
   * The entries of the model that the signatures that count do not cover, and why that is no
   * failure; empty if none counts.
   */
  public List<UncoveredEntry> uncovered() {
    return proof.map(VerifiedModel::uncovered).orElse(List.of());
  }

  /** The reason first, if there is one, then the other findings. */
  public List<Finding> allFindings() {
    List<Finding> all = new ArrayList<>(reason.stream().toList());
    all.addAll(findings);
    return all;
  }

  /**
   * The model as the subject of a summary. If no signature of it verifies, it is hashed, read as it
   * was for the verdict, unless it was hashed for that.
   *
   * @param named its name
   * @throws IOException if it cannot be read
   */
  ModelSubject summarized(String named) throws IOException {
    Optional<ModelSubject> known = subject.or(() -> seen);
    if (known.isPresent()) {
      return new ModelSubject(named, known.get().rootDigest(), known.get().namesDigest());
    }
    if (isVerified()) {
      throw new IllegalStateException("a verified model has the digests of its signature");
    }
    return unsigned.subject(named);
  }
}
