package dev.modelsigning.report;

import dev.modelsigning.finding.Finding;
import dev.modelsigning.internal.json.JsonWriter;
import dev.modelsigning.manifest.HashedModel;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The digests of a model, as data: what a signature over it would state.
 *
 * @param model where the model is, for display
 * @param content what was hashed, and what was left out
 */
public record DigestReport(String model, HashedModel content) {

  /** Findings for readers of the report. */
  public List<Finding> findings() {
    return content.findings();
  }

  /**
   * Returns the same report with the messages of its findings rewritten, for example to redact a
   * secret from a command-line argument.
   */
  public DigestReport withMessages(UnaryOperator<String> rewriting) {
    return new DigestReport(
        model,
        new HashedModel(
            content.name(),
            content.manifest(),
            content.files(),
            content.bytes(),
            content.uncovered(),
            findings().stream().map(each -> Verdict.rewritten(each, rewriting)).toList()));
  }

  /**
   * Writes the report as one JSON object on one line, in ASCII, according to the schema {@code
   * digest} (docs/json.md).
   *
   * @param out the stream, written in large blocks and not closed
   * @throws IOException if it cannot be written
   */
  public void writeJson(OutputStream out) throws IOException {
    JsonWriter.asciiDocument(out, json -> SigningJson.write(this, json));
    out.write('\n');
  }
}
