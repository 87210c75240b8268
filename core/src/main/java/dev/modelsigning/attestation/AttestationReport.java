package dev.modelsigning.attestation;

import dev.modelsigning.finding.Finding;
import dev.modelsigning.internal.document.ReportJson;
import dev.modelsigning.internal.json.JsonWriter;
import dev.modelsigning.report.Facts;
import dev.modelsigning.signing.SignedPayload;
import dev.modelsigning.signing.SignerIdentity;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.stream.Stream;

/**
 * What was attested about a model, for display.
 *
 * @param model where the model is
 * @param subject the model
 * @param predicateType the type of the predicate
 * @param signed the attestation, and its signer
 * @param file the claims file; or the URI of the attestation in a registry
 * @param line the line of the attestation there, from 1
 * @param missing what the predicate lacks of what readers of its type expect, in words
 * @param modelSigner the signer of the model, who need not be the one of the attestation
 * @param verifyCommand the command that verifies the attestation, argument by argument; empty if
 *     the model has another signer, as an attestation counts only by the model's own
 * @param findings findings about the model's signature and the new one
 */
public record AttestationReport(
    String model,
    ModelSubject subject,
    String predicateType,
    SignedPayload signed,
    String file,
    long line,
    List<String> missing,
    SignerIdentity modelSigner,
    List<String> verifyCommand,
    List<Finding> findings) {

  /** How many of the missing elements are named where not all are. */
  private static final int EXAMPLES = 3;

  /** Copies the lists. */
  public AttestationReport {
    missing = List.copyOf(missing);
    verifyCommand =
        AttestationVerifier.isSame(modelSigner, signed.signer())
            ? List.copyOf(verifyCommand)
            : List.of();
    findings = List.copyOf(findings);
  }

  /** The first line. */
  public String headline() {
    return file.startsWith("oci://")
        ? "Attested: attached as " + file
        : "Attested: claim " + line + " of " + file;
  }

  /**
   * The lines below the headline. The caller must escape each.
   *
   * @param most the largest number of lines of a list
   */
  public List<String> lines(int most) {
    return new Facts()
        .add("model", model)
        .add("digest", "sha256:" + subject.rootDigest())
        .add("names", "sha256:" + subject.namesDigest())
        .add("type", predicateType)
        .addSigner(signed.signer())
        .addTimes(signed.times())
        .addList("missing", missing(most))
        .lines(most);
  }

  /** What is missing: a few examples, unless all of each list is shown. */
  private List<String> missing(int most) {
    if (missing.size() <= EXAMPLES || most >= missing.size()) {
      return missing;
    }
    return Stream.concat(
            missing.stream().limit(EXAMPLES),
            Stream.of("... and " + (missing.size() - EXAMPLES) + " more; --all shows them"))
        .toList();
  }

  /**
   * Writes it as one JSON object on one line, in ASCII.
   *
   * @param out the stream, which is not closed
   * @throws IOException if it cannot be written
   */
  public void writeJson(OutputStream out) throws IOException {
    JsonWriter.asciiDocument(out, this::write);
    out.write('\n');
  }

  private void write(JsonWriter json) {
    json.bool("attested", true);
    ReportJson.writeHeader(json);
    json.string("model", model)
        .string("claims", file)
        .integer("line", line)
        .string("predicateType", predicateType);
    AttestationJson.writeSubject(subject, json);
    AttestationJson.writeSigner(signed.signer(), signed.times(), json);
    json.array("missing", list -> missing.forEach(list::string))
        .array("verifyCommand", list -> verifyCommand.forEach(list::string));
    ReportJson.writeFindings(findings, findings, json);
  }

  /** Why nothing was attested, as one JSON object on one line, in ASCII. */
  public static String failure(String model, Finding why) {
    return JsonWriter.asciiDocument(json -> {
      // All failures begin like this, whatever the operation was.
      json.bool("verified", false).bool("attested", false);
      ReportJson.writeHeader(json);
      json.string("model", model)
          .string("reason", why.rule().code())
          .string("message", why.message());
      ReportJson.writeFindings(List.of(why), List.of(), json);
    })
        + "\n";
  }
}
