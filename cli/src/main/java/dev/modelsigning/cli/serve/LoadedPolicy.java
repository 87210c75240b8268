package dev.modelsigning.cli.serve;

import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.cli.policy.PolicyFileArguments;
import dev.modelsigning.cli.serve.Reloaded.UnusableFilesException;
import dev.modelsigning.finding.Severity;
import dev.modelsigning.policy.OtherPolicyException;
import dev.modelsigning.policy.Policy;
import dev.modelsigning.policy.problem.MalformedPolicyException;
import dev.modelsigning.policy.problem.PolicyProblem;
import dev.modelsigning.policy.report.LintReport;
import dev.modelsigning.report.FailureMessage;
import dev.modelsigning.signing.UnusableTrustException;
import dev.modelsigning.signing.VerificationException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A policy with the trust of all signers that it needs.
 *
 * @param now decides now
 * @param ahead the same policy at the time until which verdicts are kept at most
 * @param version distinguishes it from all that were loaded before, even of the same files
 */
record LoadedPolicy(Policy now, Policy ahead, String version) {

  private static final AtomicLong LOADS = new AtomicLong();

  /** The number of problems that a message has. */
  private static final int MAX_SHOWN = 3;

  /**
   * Reads a policy, all of it: a file of a signer that is missing now would refuse models later.
   *
   * @param kept how long verdicts are kept at most
   */
  static LoadedPolicy of(PolicyFileArguments files, Duration kept) throws UnusableFilesException {
    try {
      LintReport report = new LintReport(files.file(), Policy.lint(files.file()));
      if (!report.isUsable()) {
        throw new UnusableFilesException(errors(report), null);
      }
      Policy policy = files.load();
      List<Path> trust = policy.files();
      String before = Contents.of(trust);
      Policy now = policy.openTrust();
      Policy ahead = policy.withClock(Clock.offset(Clock.systemUTC(), kept)).openTrust();
      if (!Contents.of(trust).equals(before)) {
        throw new UnusableFilesException("the files of signers change while they are read", null);
      }
      return new LoadedPolicy(
          now, ahead, policy.identity().digest() + " " + LOADS.incrementAndGet());
    } catch (IOException
        | MalformedBundleException
        | MalformedPolicyException
        | OtherPolicyException
        | UnusableTrustException
        | VerificationException e) {
      throw new UnusableFilesException(FailureMessage.of(e), e);
    }
  }

  private static String errors(LintReport report) {
    List<PolicyProblem> errors =
        report.problems().stream().filter(one -> one.severity() == Severity.ERROR).toList();
    int more = errors.size() - MAX_SHOWN;
    return String.join("; ", report.lines().subList(0, Math.min(errors.size(), MAX_SHOWN)))
        + (more > 0 ? "; and " + more + " more" : "");
  }

  /** The digest of its file. */
  String digest() {
    return now.identity().digest();
  }
}
