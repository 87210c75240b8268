package dev.modelsigning.policy.internal.lint;

import dev.modelsigning.finding.Severity;
import dev.modelsigning.internal.file.FileKind;
import dev.modelsigning.internal.file.SmallFile;
import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.internal.keyfile.CertificateFile;
import dev.modelsigning.internal.platform.FileOwners;
import dev.modelsigning.policy.internal.rules.ModelRule;
import dev.modelsigning.policy.internal.rules.PolicyDraft;
import dev.modelsigning.policy.internal.rules.PolicyParser;
import dev.modelsigning.policy.internal.rules.PolicyText;
import dev.modelsigning.policy.internal.rules.SignatureRule;
import dev.modelsigning.policy.internal.rules.SignerText;
import dev.modelsigning.policy.internal.rules.SignerText.TrustFile;
import dev.modelsigning.policy.internal.signer.PolicySigner;
import dev.modelsigning.policy.internal.signer.UnusableSignerException;
import dev.modelsigning.policy.problem.MalformedPolicyException;
import dev.modelsigning.policy.problem.Place;
import dev.modelsigning.policy.problem.PolicyProblem;
import dev.modelsigning.signing.UnusableTrustException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Checks a policy before it is used: everything that makes it unusable, and what is unusual. Unlike
 * a verification, it opens the trust files of all signers. It uses no network, so the trust of
 * keyless signers without a trusted root of their own is not looked at.
 */
public final class PolicyChecks {

  /** How long before its end a certificate is reported. */
  private static final Duration SOON = Duration.ofDays(30);

  private final Path file;
  private final PolicyDraft draft;
  private final PolicyText policy;
  private final Clock clock;
  private final Instant now;
  private final KnownPersons persons = new KnownPersons();
  private final Set<String> writable = new HashSet<>();
  private final List<PolicyProblem> problems = new ArrayList<>();

  private PolicyChecks(Path file, PolicyDraft draft, Clock clock) {
    this.file = file;
    this.draft = draft;
    this.policy = draft.understood();
    this.clock = clock;
    this.now = clock.instant();
  }

  /**
   * Checks a policy.
   *
   * @param file the policy
   * @param clock for the ends of certificates
   * @return what is wrong, then what is unusual, each in the order of the lines. It can be used if
   *     none is of severity {@code ERROR}
   * @throws IOException if it cannot be read
   */
  public static List<PolicyProblem> lint(Path file, Clock clock) throws IOException {
    byte[] bytes = SmallFile.read(file, FileKind.POLICY);
    PolicyChecks checks =
        new PolicyChecks(file, PolicyParser.read(file.toString(), directory(file), bytes), clock);
    checks.run();
    return List.copyOf(checks.problems);
  }

  /** The directory of relative paths in a policy. */
  private static Path directory(Path file) {
    Path absolute = file.toAbsolutePath();
    Path parent = absolute.getParent();
    return parent == null ? absolute : parent;
  }

  private void run() throws IOException {
    for (MalformedPolicyException refusal : draft.refusals()) {
      error(refusal.place(), refusal.what());
    }
    if (draft.isCut()) {
      MalformedPolicyException last = draft.refusals().get(draft.refusals().size() - 1);
      error(new Place(last.line(), ""), "the policy was not read any further; correct these first");
    }
    // Of the whole file, so before all lines.
    FileOwners.writableByOthers(file)
        .ifPresent(why -> warn(new Place(1, ""), "whoever can write it decides: " + writable(why)));
    problems.addAll(PolicyLint.problems(draft));
    Set<String> used = policy.usedSigners();
    for (SignerText signer : policy.signers().values()) {
      // What a rule says that was not understood is not known.
      open(signer, used.contains(signer.name()) || !draft.isWhole());
      writableByOthers(signer);
      certificates(signer);
      persons
          .add(signer, fingerprints(signer))
          .ifPresent(first -> warn(signer.place(), samePerson(signer, first)));
    }
    for (ModelRule rule : policy.rules()) {
      rule.signatures().ifPresent(this::threshold);
      rule.signatures().ifPresent(this::algorithms);
    }
    problems.sort(
        Comparator.comparing(PolicyProblem::severity, Comparator.reverseOrder())
            .thenComparingInt(problem -> problem.place().line()));
  }

  private void error(Place place, String message) {
    problems.add(new PolicyProblem(Severity.ERROR, place, message));
  }

  private void warn(Place place, String message) {
    problems.add(new PolicyProblem(Severity.WARNING, place, message));
  }

  private void open(SignerText signer, boolean used) {
    // The trust of the public instance is fetched when it is needed.
    if (signer.trustFiles().isEmpty()) {
      return;
    }
    Severity severity = used ? Severity.ERROR : Severity.WARNING;
    boolean complete = true;
    for (TrustFile one : signer.trustFiles()) {
      // A link that leads nowhere is there, and is reported as what cannot be read.
      if (Files.notExists(one.path(), LinkOption.NOFOLLOW_LINKS)) {
        complete = false;
        problems.add(
            new PolicyProblem(
                severity,
                one.place(),
                one.path() + ": no such file; put it there, or name another"));
      }
    }
    if (!complete) {
      return;
    }
    try {
      new PolicySigner(signer, directory(file), clock).open();
    } catch (UnusableSignerException e) {
      problems.add(
          new PolicyProblem(
              severity,
              signer.place(),
              "the trust of this signer cannot be used: " + e.getMessage()));
    }
  }

  /** Adds who can write a file to those who are known; a directory concerns all files in it. */
  private String writable(String why) {
    writable.add(why);
    return why;
  }

  private void writableByOthers(SignerText signer) {
    for (TrustFile one : signer.trustFiles()) {
      Optional<String> fault;
      try {
        fault = FileOwners.writableByOthers(one.path());
      } catch (IOException e) {
        // Reported as a file that is missing or cannot be read.
        continue;
      }
      fault
          .map(why -> why.startsWith("/") ? why : one.path() + ": " + why)
          .filter(writable::add)
          .ifPresent(why -> warn(one.place(), "whoever can write it decides who signs: " + why));
    }
  }

  private List<String> fingerprints(SignerText signer) {
    if (!(signer instanceof SignerText.Key)) {
      return List.of();
    }
    try {
      return new PolicySigner(signer, directory(file), clock).keys();
    } catch (UnusableSignerException e) {
      // Reported when it was opened.
      return List.of();
    }
  }

  private static String samePerson(SignerText signer, SignerText first) {
    return "has the same %s as the signer %s in line %d, and both count as one person"
        .formatted(
            signer instanceof SignerText.Key ? "public key" : "identity",
            Printable.quote(first.name()),
            first.place().line());
  }

  private void threshold(SignatureRule rule) {
    long most = persons.count(rule.of());
    if (most < rule.atLeast() && rule.of().stream().allMatch(policy.signers()::containsKey)) {
      warn(
          rule.place(),
          "at-least: %d can never be met: the signers in 'of' are %s, as some have the same key or"
                  .formatted(rule.atLeast(), most == 1 ? "one person" : most + " persons")
              + " identity");
    }
  }

  /** Signers who cannot make a signature that the rule asks each of them for. */
  private void algorithms(SignatureRule rule) {
    for (SignatureRule.KeyAlgorithm algorithm : rule.algorithms()) {
      for (String name : rule.of()) {
        SignerText signer = policy.signers().get(name);
        if (signer != null && lacks(signer, algorithm)) {
          warn(
              rule.place(),
              "algorithms: the signer %s has no key for %s, so no signature of this signer meets it;"
                      .formatted(Printable.quote(name), algorithm.name())
                  + " add the public key to 'public-key', which may be a list");
        }
      }
    }
  }

  private boolean lacks(SignerText signer, SignatureRule.KeyAlgorithm algorithm) {
    if (!(signer instanceof SignerText.Key)) {
      return !algorithm.isOfOms(); // certificates are never for ML-DSA
    }
    try {
      Set<String> schemes = new PolicySigner(signer, directory(file), clock).schemes();
      return schemes.stream().noneMatch(algorithm.schemes()::contains);
    } catch (UnusableSignerException e) {
      // Reported when it was opened.
      return false;
    }
  }

  private void certificates(SignerText signer) {
    Set<Path> files = new LinkedHashSet<>();
    if (signer instanceof SignerText.Key key) {
      files.addAll(key.timestamps());
    } else if (signer instanceof SignerText.Certificate certificate) {
      files.addAll(certificate.trust());
      files.addAll(certificate.timestamps());
    }
    for (Path trusted : files) {
      List<X509Certificate> certificates;
      try {
        certificates = CertificateFile.read(trusted);
      } catch (IOException | UnusableTrustException e) {
        // Reported with its signer, which cannot be opened either.
        continue;
      }
      certificates.forEach(each -> ends(signer.place(), trusted, each));
    }
  }

  private void ends(Place place, Path trusted, X509Certificate certificate) {
    Instant end = certificate.getNotAfter().toInstant();
    String which = trusted + ": the certificate of " + certificate.getSubjectX500Principal();
    if (end.isBefore(now)) {
      warn(place, which + " ended at " + end);
    } else if (end.isBefore(now.plus(SOON))) {
      warn(place, which + " ends soon, at " + end);
    }
  }
}
