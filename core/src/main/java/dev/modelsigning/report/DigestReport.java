package dev.modelsigning.report;

import dev.modelsigning.finding.Finding;
import dev.modelsigning.internal.json.JsonWriter;
import dev.modelsigning.manifest.HashedModel;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * What a model hashes to, as data: what a signature of it would state.
 *
 * @param model where the model is, as people are shown it
 * @param content what was hashed, and what was left out
 */
public record DigestReport(String model, HashedModel content) {

  /** What a reader of the report should know. */
  public List<Finding> findings() {
    return content.findings();
  }

  /**
   * The same report with the messages of its findings rewritten, such as without a secret that an
   * argument had which a message repeats.
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
   * Writes the report for machines: one JSON object on one line, in ASCII, by the schema {@code
   * digest} (docs/json.md).
   *
   * @param out where to, a large part at a time; it is not closed
   * @throws IOException if it cannot be written
   */
  public void writeJson(OutputStream out) throws IOException {
    JsonWriter.asciiDocument(out, json -> SigningJson.write(this, json));
    out.write('\n');
  }
}
