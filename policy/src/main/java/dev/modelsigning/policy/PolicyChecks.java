package dev.modelsigning.policy;

import dev.modelsigning.finding.Severity;
import dev.modelsigning.internal.file.FileKind;
import dev.modelsigning.internal.file.SmallFile;
import dev.modelsigning.internal.keyfile.CertificateFile;
import dev.modelsigning.internal.platform.FileOwners;
import dev.modelsigning.policy.internal.rules.PolicyLint;
import dev.modelsigning.policy.internal.rules.PolicyParser;
import dev.modelsigning.policy.internal.rules.PolicyText;
import dev.modelsigning.policy.internal.rules.SignerText;
import dev.modelsigning.policy.internal.signer.PolicySigner;
import dev.modelsigning.policy.internal.signer.UnusableSignerException;
import dev.modelsigning.policy.problem.MalformedPolicyException;
import dev.modelsigning.policy.problem.Place;
import dev.modelsigning.policy.problem.PolicyProblem;
import dev.modelsigning.signing.UnusableTrustException;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
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
  private final PolicyText policy;
  private final Instant now;
  private final List<PolicyProblem> problems = new ArrayList<>();

  private PolicyChecks(Path file, PolicyText policy, Instant now) {
    this.file = file;
    this.policy = policy;
    this.now = now;
  }

  /**
   * Checks a policy.
   *
   * @param file the policy
   * @return what is wrong or unusual, in the order of the lines. It can be used if none is of
   *     severity {@code ERROR}
   * @throws IOException if it cannot be read
   */
  public static List<PolicyProblem> lint(Path file) throws IOException {
    return lint(file, Clock.systemUTC());
  }

  static List<PolicyProblem> lint(Path file, Clock clock) throws IOException {
    byte[] bytes = SmallFile.read(file, FileKind.POLICY);
    PolicyText policy;
    try {
      policy = PolicyParser.parse(file.toString(), directory(file), bytes);
    } catch (MalformedPolicyException e) {
      return List.of(new PolicyProblem(Severity.ERROR, new Place(e.line(), e.field()), e.what()));
    }
    PolicyChecks checks = new PolicyChecks(file, policy, clock.instant());
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
    // Of the whole file, so before all lines.
    FileOwners.writableByOthers(file)
        .ifPresent(why -> warn(new Place(1, ""), "whoever can write it decides: " + why));
    problems.addAll(PolicyLint.problems(policy));
    Set<String> used = policy.usedSigners();
    for (SignerText signer : policy.signers().values()) {
      open(signer, used.contains(signer.name()));
      certificates(signer);
    }
    problems.sort(Comparator.comparingInt(problem -> problem.place().line()));
  }

  private void warn(Place place, String message) {
    problems.add(new PolicyProblem(Severity.WARNING, place, message));
  }

  private void open(SignerText signer, boolean used) {
    if (signer.files().isEmpty()) {
      // The trust of the public instance is fetched when it is needed.
      return;
    }
    try {
      new PolicySigner(signer, directory(file)).open();
    } catch (UnusableSignerException e) {
      problems.add(
          new PolicyProblem(
              used ? Severity.ERROR : Severity.WARNING,
              signer.place(),
              "the trust of this signer cannot be used: " + e.getMessage()));
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
