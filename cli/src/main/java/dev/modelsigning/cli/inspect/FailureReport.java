package dev.modelsigning.cli.inspect;

import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.cli.output.Output;
import dev.modelsigning.finding.Rule;
import dev.modelsigning.finding.Rules;
import dev.modelsigning.inspection.IncomparableException;
import dev.modelsigning.internal.document.ReportJson;
import dev.modelsigning.internal.json.JsonWriter;
import dev.modelsigning.report.FailureMessage;
import dev.modelsigning.signing.UnusableTrustException;
import dev.modelsigning.signing.VerificationException;

/** Reports, to programs, why there is no result. */
final class FailureReport {

  private FailureReport() {}

  /** Prints the JSON object that replaces a report. */
  static void print(Exception why, Output output) {
    Rule rule = rule(why);
    String message = output.withoutSecrets(FailureMessage.of(why));
    output.verdict(
        JsonWriter.asciiDocument(json -> ReportJson.writeFailure(rule, message, json)) + "\n");
  }

  private static Rule rule(Exception why) {
    if (why instanceof VerificationException verification) {
      return verification.rule();
    }
    if (why instanceof UnusableTrustException unusable) {
      return unusable.kind().rule();
    }
    if (why instanceof MalformedBundleException) {
      return Rules.MALFORMED_BUNDLE;
    }
    return why instanceof IncomparableException ? Rules.NOT_COMPARABLE : Rules.IO_ERROR;
  }
}
