package dev.modelsigning.policy;

import dev.modelsigning.VerifiedModel;
import dev.modelsigning.attestation.ClaimSource;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.finding.Finding;
import dev.modelsigning.internal.file.FileKind;
import dev.modelsigning.internal.file.SmallFile;
import dev.modelsigning.policy.PolicyVerdict.AppliedRule;
import dev.modelsigning.policy.internal.check.FoundFiles;
import dev.modelsigning.policy.internal.check.ModelCheck;
import dev.modelsigning.policy.internal.lint.PolicyChecks;
import dev.modelsigning.policy.internal.rules.ModelRule;
import dev.modelsigning.policy.internal.rules.ModelRule.Mode;
import dev.modelsigning.policy.internal.rules.PolicyParser;
import dev.modelsigning.policy.internal.rules.PolicyText;
import dev.modelsigning.policy.internal.signer.PolicySigner;
import dev.modelsigning.policy.problem.MalformedPolicyException;
import dev.modelsigning.policy.problem.PolicyProblem;
import dev.modelsigning.policy.result.Requirement;
import dev.modelsigning.signing.BundleVerifier;
import dev.modelsigning.signing.VerificationException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A policy: who must have signed which models, what must be attested about them, and what they must
 * not have. It is read from a file in YAML or JSON (docs/policy.md). Policies are immutable, but
 * for the trust files of signers, which are opened when they are first needed; they may be used by
 * several threads.
 *
 * <pre>{@code
 * VerifiedModel model = Policy.load(Path.of("policy.yaml")).verify(Path.of("fraud/v3"));
 * }</pre>
 */
public final class Policy {

  private final PolicyIdentity identity;
  private final Path directory;
  private final Path root;
  private final PolicyText text;
  private final Map<String, PolicySigner> signers;
  private final Clock clock;

  private Policy(PolicyIdentity identity, Path directory, Path root, PolicyText text, Clock clock) {
    this.identity = identity;
    this.directory = directory;
    this.root = root;
    this.text = text;
    this.clock = clock;
    Map<String, PolicySigner> all = new LinkedHashMap<>();
    text.signers().forEach((name, signer) -> all.put(name, new PolicySigner(signer, directory)));
    this.signers = Collections.unmodifiableMap(all);
  }

  /**
   * Reads a policy. Whoever can write the file decides what is accepted: pin it with {@link
   * #requireDigest}, or have it signed ({@link #load(Path, Path, BundleVerifier)}).
   *
   * @param file a regular file of at most 1 MiB, in UTF-8. Relative paths in it are below its
   *     directory
   * @throws IOException if it cannot be read
   * @throws MalformedPolicyException if it cannot be used; the message names file, line and field
   */
  public static Policy load(Path file) throws IOException, MalformedPolicyException {
    return of(file, SmallFile.read(file, FileKind.POLICY));
  }

  /**
   * Reads a policy that was signed as a model of one file.
   *
   * @param file the policy
   * @param signature the signature
   * @param by who must have signed it
   * @throws IOException if it cannot be read
   * @throws MalformedBundleException if the signature is malformed
   * @throws VerificationException if it was not signed, or is not what was signed
   * @throws MalformedPolicyException if it cannot be used
   */
  public static Policy load(Path file, Path signature, BundleVerifier by)
      throws IOException,
          MalformedBundleException,
          VerificationException,
          MalformedPolicyException {
    return of(file, SignedPolicy.read(file, signature, by));
  }

  /**
   * Finds what is wrong or unusual in a policy and in the files of its signers. No network is used.
   *
   * @param file the policy
   * @return the problems: all that are of severity {@code ERROR}, with which the policy cannot be
   *     used, then the others, each in the order of their lines
   * @throws IOException if it cannot be read
   */
  public static List<PolicyProblem> lint(Path file) throws IOException {
    return PolicyChecks.lint(file, Clock.systemUTC());
  }

  private static Policy of(Path file, byte[] bytes) throws MalformedPolicyException {
    Path parent = file.toAbsolutePath().getParent();
    Path directory = parent == null ? file.toAbsolutePath() : parent;
    return new Policy(
        new PolicyIdentity(file.toString(), sha256(bytes)),
        directory,
        directory,
        PolicyParser.parse(file.toString(), directory, bytes),
        Clock.systemUTC());
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Which policy it is. */
  public PolicyIdentity identity() {
    return identity;
  }

  /**
   * Returns the same policy with another clock, for the age of signatures and attestations.
   *
   * @param other the clock
   */
  Policy withClock(Clock other) {
    return new Policy(identity, directory, root, text, other);
  }

  /**
   * Returns the same policy for models that are named below another directory than its own: its
   * patterns are compared with their paths below that one. Relative files of signers stay below the
   * policy's directory.
   *
   * @param models an existing directory
   * @throws IOException if it is none
   */
  public Policy namedBelow(Path models) throws IOException {
    if (!Files.isDirectory(models)) {
      throw new FileSystemException(
          models.toString(),
          null,
          (Files.notExists(models) ? "does not exist" : "is not a directory")
              + ", expected the directory that models are named below");
    }
    return new Policy(identity, directory, models.toAbsolutePath(), text, clock);
  }

  /**
   * Requires that the policy has this digest.
   *
   * @param digest {@code sha256:} and 64 hexadecimal digits
   * @return this policy
   * @throws OtherPolicyException if it has another one
   * @throws IllegalArgumentException if the text is no such digest
   */
  public Policy requireDigest(String digest) throws OtherPolicyException {
    if (!PolicyIdentity.isDigest(digest)) {
      throw new IllegalArgumentException(
          "expected the digest of a policy: sha256: and 64 hexadecimal digits");
    }
    if (!identity.digest().equalsIgnoreCase(digest)) {
      throw new OtherPolicyException(
          identity.file()
              + ": this is another policy than the one that is required: expected "
              + digest
              + ", found "
              + identity.digest());
    }
    return this;
  }

  /**
   * Whether a model of this name must be read: its rule asks for what is in the files. Otherwise
   * digests can be enough that a store has of them.
   *
   * @param name the name with which patterns are compared
   */
  public boolean readsContent(String name) {
    return rule(name).filter(one -> !one.forbid().code().isEmpty()).isPresent();
  }

  private Optional<ModelRule> rule(String name) {
    return text.rules().stream().filter(one -> one.match().matches(name)).findFirst();
  }

  /**
   * Verifies a model whose signatures and claims are found by convention, in its directory or
   * beside it.
   *
   * @param model the directory or file of the model
   * @return the model, which can be opened like any other that was verified
   * @throws RefusedModelException if no rule is about it, the rule only warns, or a requirement is
   *     not met; it has the verdict
   * @throws IOException if the directory cannot be listed
   */
  public VerifiedModel verify(Path model) throws RefusedModelException, IOException {
    return verify(ModelRequest.of(model));
  }

  /**
   * Verifies a model.
   *
   * @param request the model, its signatures and claims
   * @return the model, which can be opened like any other that was verified
   * @throws RefusedModelException if no rule is about it, the rule only warns, or a requirement is
   *     not met; it has the verdict
   * @throws IOException if the model, or a file that was named, does not exist, or signatures and
   *     claims cannot be found
   */
  public VerifiedModel verify(ModelRequest request) throws RefusedModelException, IOException {
    PolicyVerdict verdict = examine(request);
    if (!verdict.isVerified()) {
      throw new RefusedModelException(
          verdict.model()
              + ": "
              + verdict
                  .reason()
                  .map(Finding::message)
                  .orElse("the rule that is about this model only warns, so it is not verified"),
          verdict);
    }
    return verdict.proof().orElseThrow();
  }

  /**
   * Decides about a model, and returns the verdict instead of throwing: for reports.
   *
   * @param request the model, its signatures and claims
   * @throws IOException if the model, or a file that was named, does not exist, or signatures and
   *     claims cannot be found
   */
  public PolicyVerdict examine(ModelRequest request) throws IOException {
    requireExisting(request);
    Optional<String> name =
        request.name().isPresent()
            ? request.name()
            : ModelName.of(root, request.path().orElseThrow());
    Optional<ModelRule> rule = name.flatMap(this::rule);
    if (rule.isEmpty()) {
      return unmatched(request, name);
    }
    boolean finds = request.signatures().isEmpty() || request.claims().isEmpty();
    FoundFiles found =
        request.path().isPresent() && finds
            ? FoundFiles.of(request.path().get())
            : new FoundFiles(List.of(), List.of());
    List<Path> claims = request.claims().isEmpty() ? found.claims() : request.claims();
    ModelCheck check =
        ModelCheck.of(
            request.model(),
            name.orElseThrow(),
            rule.get(),
            signers,
            request.signatures().isEmpty() ? found.signatures() : request.signatures(),
            request.bundles(),
            request.unread(),
            Stream.concat(claims.stream().map(ClaimSource::of), request.statements().stream())
                .toList(),
            request.reading(),
            clock.instant());
    return decide(request, name, rule.get(), check);
  }

  /** Who names a file means it, even if the model would be accepted without it. */
  private static void requireExisting(ModelRequest request) throws NoSuchFileException {
    for (Path file :
        Stream.of(request.path().stream().toList(), request.signatures(), request.claims())
            .flatMap(List::stream)
            .toList()) {
      if (Files.notExists(file)) {
        throw new NoSuchFileException(file.toString());
      }
    }
  }

  private PolicyVerdict unmatched(ModelRequest request, Optional<String> name) {
    String why =
        name.map(known ->
                "no rule of "
                    + identity.file()
                    + " matches "
                    + known
                    + ", and what no rule matches is refused")
            .orElse(
                "the model is not below "
                    + root
                    + ", the directory "
                    + (root.equals(directory)
                        ? "of the policy, so it has no name that a rule could match"
                        : "that models are named below, so it has no name that a rule could"
                            + " match"));
    return PolicyVerdict.unmatched(
        request.model(),
        name,
        identity,
        new Requirement(
            "match",
            0,
            "a rule for this model",
            false,
            List.of(),
            why,
            name.isPresent()
                ? "name a model that a rule matches, or add a rule for this one to the policy"
                : "name the directory that the models are below, or keep the policy above the model"),
        request.reading(),
        Finding.of(PolicyRules.NO_POLICY_RULE, why));
  }

  private PolicyVerdict decide(
      ModelRequest request, Optional<String> name, ModelRule rule, ModelCheck check) {
    boolean enforced = rule.mode() == Mode.ENFORCE;
    List<Requirement> rows = new ArrayList<>();
    rows.add(
        new Requirement(
            "match",
            rule.place().line(),
            "a rule for this model",
            true,
            List.of(),
            name.orElse("") + " matches " + rule.match().text(),
            ""));
    rows.addAll(check.requirements());
    List<Requirement> unmet = rows.stream().filter(row -> !row.met()).toList();
    List<Finding> findings = new ArrayList<>(check.findings());
    Optional<Finding> reason = Optional.empty();
    if (!enforced) {
      findings.add(
          Finding.of(
              PolicyRules.POLICY_WARNS,
              "the rule for "
                  + rule.match().text()
                  + " only warns, so this model is not verified"
                  + (unmet.isEmpty() ? "" : "; not met: " + summary(unmet))));
    } else if (!unmet.isEmpty()) {
      reason =
          Optional.of(
              Finding.of(
                  PolicyRules.POLICY_NOT_MET,
                  unmet.size()
                      + (unmet.size() == 1 ? " requirement is" : " requirements are")
                      + " not met: "
                      + summary(unmet)));
    }
    return PolicyVerdict.of(
        request.model().location(),
        name,
        identity,
        new AppliedRule(rule.number(), rule.place().line(), rule.match().text(), enforced),
        rows,
        check,
        reason,
        findings);
  }

  private static String summary(List<Requirement> unmet) {
    return unmet.get(0).text() + ": " + unmet.get(0).why();
  }
}
