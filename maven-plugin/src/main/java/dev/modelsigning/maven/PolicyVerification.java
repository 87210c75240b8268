package dev.modelsigning.maven;

import dev.modelsigning.finding.Finding;
import dev.modelsigning.finding.Rules;
import dev.modelsigning.maven.build.Build;
import dev.modelsigning.maven.build.BuildLog;
import dev.modelsigning.maven.build.WrongParameterException;
import dev.modelsigning.policy.ModelRequest;
import dev.modelsigning.policy.OtherPolicyException;
import dev.modelsigning.policy.Policy;
import dev.modelsigning.policy.PolicyIdentity;
import dev.modelsigning.policy.PolicyRules;
import dev.modelsigning.policy.PolicyVerdict;
import dev.modelsigning.policy.problem.MalformedPolicyException;
import dev.modelsigning.policy.report.PolicyReport;
import dev.modelsigning.policy.result.Requirement;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.maven.plugin.MojoFailureException;

/** The verification of a model by a policy, in place of a method. */
final class PolicyVerification {

  /** How many requirements the failure names; the log has all. */
  private static final int MOST_NAMED = 10;

  private final Path file;
  private final Optional<String> digest;
  private final Optional<Path> root;
  private final BuildLog log;

  /**
   * Creates a verification by a policy.
   *
   * @param digest the digest of the policy; empty if any is accepted
   * @param root the directory that models are named below; empty for that of the policy
   * @throws WrongParameterException if the digest is none
   */
  PolicyVerification(Path file, Optional<String> digest, Optional<Path> root, Build build)
      throws WrongParameterException {
    if (digest.isPresent() && !PolicyIdentity.isDigest(digest.get())) {
      throw new WrongParameterException(
          "policyDigest", "expected 'sha256:' and 64 hexadecimal digits");
    }
    this.file = file;
    this.digest = digest;
    this.root = root;
    this.log = build.log();
  }

  /** Returns what the policy decided, or why it cannot decide. */
  PolicyReport examine(ModelRequest request) {
    Policy policy;
    try {
      policy = Policy.load(file);
      if (digest.isPresent()) {
        policy = policy.requireDigest(digest.get());
      }
      if (root.isPresent()) {
        policy = policy.namedBelow(root.get());
      }
    } catch (IOException | MalformedPolicyException | OtherPolicyException e) {
      log.trace(e);
      return PolicyReport.unusable(file, e);
    }
    PolicyVerdict verdict;
    try {
      verdict = policy.examine(request);
    } catch (IOException e) {
      log.trace(e);
      verdict = PolicyReport.failed(policy.identity(), request.model(), e);
    }
    return PolicyReport.of(policy.identity(), List.of(verdict));
  }

  /**
   * Logs what the policy decided.
   *
   * @throws MojoFailureException if it refuses the model, or cannot decide
   */
  void report(Path model, PolicyReport report) throws MojoFailureException {
    report.warnings().forEach(log::finding);
    List<String> lines = report.lines(Integer.MAX_VALUE);
    if (report.isVerified()) {
      log.info(report.headline());
      lines.forEach(log::info);
      return;
    }
    if (!report.isRefused()) {
      // The build goes on, but nothing was verified, and this must be seen.
      log.warning(report.headline());
      lines.forEach(log::warning);
      return;
    }
    Finding reason = report.reason().orElseThrow();
    log.error(reason.rule().code() + ": " + reason.message());
    lines.forEach(log::error);
    throw new MojoFailureException(
        BuildLog.safe(
            reason.rule().code()
                + ": "
                + model
                + " is not verified: "
                + what(report, reason)
                + "; "
                + BuildLog.inWordsOfThePlugin(advice(report, reason))));
  }

  private String advice(PolicyReport report, Finding reason) {
    if (reason.rule().equals(Rules.IO_ERROR)) {
      return "nothing was verified; have there what is missing, or correct the parameter";
    }
    return reason.rule().equals(PolicyRules.NO_POLICY_RULE)
            && report.verdicts().stream().allMatch(verdict -> verdict.name().isEmpty())
        ? "<policyRoot> is the directory that models are named below"
        : reason.rule().help();
  }

  /** The requirements that are not met, or the reason if there are none. */
  private static String what(PolicyReport report, Finding reason) {
    List<Requirement> unmet =
        report.verdicts().stream().flatMap(verdict -> verdict.unmet().stream()).toList();
    if (unmet.isEmpty()) {
      return reason.message();
    }
    Stream<String> rows =
        unmet.stream().limit(MOST_NAMED).map(row -> row.text() + " (" + row.why() + ")");
    Stream<String> more =
        unmet.size() > MOST_NAMED
            ? Stream.of((unmet.size() - MOST_NAMED) + " more, see the log")
            : Stream.empty();
    return "not met: " + String.join("; ", Stream.concat(rows, more).toList());
  }
}
