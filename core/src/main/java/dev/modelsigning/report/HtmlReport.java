package dev.modelsigning.report;

import dev.modelsigning.Demands;
import dev.modelsigning.facts.CardEntry;
import dev.modelsigning.facts.ContentFacts;
import dev.modelsigning.facts.RunnableContent;
import dev.modelsigning.finding.Finding;
import dev.modelsigning.finding.Severity;
import dev.modelsigning.internal.document.ContentText;
import dev.modelsigning.internal.document.HtmlTable;
import dev.modelsigning.internal.document.HtmlWriter;
import dev.modelsigning.internal.document.SignerFields;
import dev.modelsigning.internal.document.StyleSheet;
import dev.modelsigning.internal.document.ToolVersion;
import dev.modelsigning.internal.file.WholeFile;
import dev.modelsigning.manifest.Manifest;
import dev.modelsigning.manifest.Serialization;
import dev.modelsigning.model.RegistryPlace;
import dev.modelsigning.signing.SignerIdentity;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A verdict as an HTML page: a single file without scripts or external resources; its Content
 * Security Policy allows only its own style sheet.
 *
 * <p>Untrusted text is escaped, and long lists are shortened, with the number of omitted items.
 * Files are listed if their sizes were kept ({@link
 * dev.modelsigning.ModelVerifier.Builder#keepSizes}).
 */
public final class HtmlReport {

  /** One block of most file systems. */
  private static final long SMALL = 4096;

  /** Longer lists of findings are shortened. */
  private static final int MOST_FINDINGS = 200;

  private final Verdict verdict;
  private final Instant time;
  private final HtmlWriter html;

  private HtmlReport(Verdict verdict, Instant time, OutputStream out) {
    this.verdict = verdict;
    this.time = time;
    this.html = new HtmlWriter(out);
  }

  /**
   * Checks whether a report can be written, by creating a temporary file in the same directory and
   * deleting it.
   *
   * @param path the report's file, which may exist
   * @throws IOException if it cannot be written, or the path is a link, not a regular file, or one
   *     that this user may not replace
   */
  public static void requireWritable(Path path) throws IOException {
    WholeFile.begin(path, SMALL).close();
  }

  /**
   * Writes a report atomically.
   *
   * @param verdict the verdict
   * @param time the time of the verdict
   * @param path the report's file, which is replaced if it exists
   * @throws IOException if it cannot be written, or the path is a link or not a regular file
   */
  public static void write(Verdict verdict, Instant time, Path path) throws IOException {
    WholeFile.write(path, out -> write(verdict, time, out));
  }

  /**
   * Writes a report.
   *
   * @param verdict the verdict
   * @param time the time of the verdict
   * @param out the stream, which is not closed
   * @throws IOException if it cannot be written
   */
  public static void write(Verdict verdict, Instant time, OutputStream out) throws IOException {
    new HtmlReport(verdict, time, out).write();
  }

  /** The style sheet, loaded when it is needed. */
  private static final class Style {
    private static final StyleSheet SHEET = StyleSheet.of(HtmlReport.class, "report.css");

    private Style() {}
  }

  private void write() throws IOException {
    html.begin().open("html", "lang", "en").line();
    html.head(headline() + ": " + verdict.model(), Style.SHEET);
    html.open("body").line();
    html.open("header", "class", "verdict " + (verdict.isVerified() ? "verified" : "refused"));
    writeVerdict();
    html.close().line();
    html.open("main").line();
    HtmlFiles files = new HtmlFiles(verdict, html);
    if (!verdict.differences().isEmpty()) {
      section("differences", "Differences", files::writeDifferences);
    }
    section("signer", "Who signed", this::writeSigner);
    section("demands", "What was demanded", this::writeDemands);
    section("signed", "What was signed", this::writeSigned);
    section("times", "Times", () -> HtmlTimes.write(verdict, time, html));
    section("files", "Files", files::writeTree);
    if (verdict.isPartial()) {
      section("left", "Not hashed", files::writeLeft);
    }
    section("uncovered", "Not covered by the signature", files::writeUncovered);
    if (verdict.contents().isPresent()) {
      ContentFacts contents = verdict.contents().get();
      section("card", "What the signer states about it", () -> writeCard(contents));
      section("runnable", "What can run when it is loaded", () -> writeRunnable(contents));
    }
    section("findings", "Findings", this::writeFindings);
    html.close().line();
    html.open("footer").open("p");
    html.text("Made by model-signing " + ToolVersion.text() + " at ");
    html.time(time);
    html.text(
        ". This page proves nothing to others: whoever has the model and its signature can verify"
            + " them again.");
    html.close().close().line();
    html.close().line().close().end();
  }

  private String headline() {
    if (!verdict.isVerified()) {
      return "Not verified";
    }
    return verdict.isPartial() ? "Verified in part" : "Verified";
  }

  /** Writes the content of a part of the page. */
  @FunctionalInterface
  private interface Content {
    void write() throws IOException;
  }

  private void section(String id, String title, Content content) throws IOException {
    html.open("section", "aria-labelledby", id).line();
    html.element("h2", title, "id", id).line();
    content.write();
    html.close().line();
  }

  private void writeVerdict() throws IOException {
    html.line().element("h1", headline()).line();
    html.open("p").text("The model ").outside(verdict.model());
    html.text(
            !verdict.isVerified()
                ? " is not to be used: it was not verified."
                : verdict.isPartial()
                    ? " is what its signer signed, as far as it was hashed."
                    : " is what its signer signed.")
        .close()
        .line();
    if (verdict.isPartial()) {
      html.open("p").element("strong", "Partial: ");
      html.text("only " + verdict.hashed() + " were hashed. What is in the others is not known.");
      html.close().line();
    }
    if (verdict.reason().isPresent()) {
      Finding reason = verdict.reason().get();
      html.open("p").element("strong", reason.rule().code()).text(": ");
      html.outside(reason.message()).close().line();
      html.open("p").text(sentence(verdict.explanation().orElse(reason.rule().title()))).close();
      html.line().open("p").element("strong", "What to do: ");
      html.text(verdict.advice().orElse(sentence(reason.rule().help()))).close().line();
      return;
    }
    if (verdict.copy().isPresent()) {
      html.open("p").text("A copy of what was verified is in ");
      html.outside(verdict.copy().get().toString()).text(". Load it from there.").close().line();
    }
    long warnings =
        verdict.warnings().filter(each -> each.severity() != Severity.NOTE).limit(2).count();
    html.open("p").element("strong", "What to do: ");
    html.text(
        warnings == 0
            ? "Nothing, if this signer is the one that you expect."
            : "See that this signer is the one that you expect, and read the findings below.");
    if (verdict.contents().stream()
        .flatMap(found -> found.runnable().stream())
        .anyMatch(RunnableContent::unusual)) {
      html.text(" Before you load it, see what can run then.");
    }
    html.close().line();
  }

  private static String sentence(String text) {
    return text.isEmpty()
        ? text
        : text.substring(0, 1).toUpperCase(Locale.ROOT)
            + text.substring(1)
            + (text.endsWith(".") ? "" : ".");
  }

  private void writeSigner() throws IOException {
    if (verdict.signer().isEmpty()) {
      quiet("Nobody is known to have signed, as no signature was found to be good.");
      return;
    }
    SignerIdentity signer = verdict.signer().get();
    html.open("dl").line();
    said("method", signer.method());
    fact(signer.method().equals("key") ? "fingerprint of the key" : "name", signer.name());
    for (Map.Entry<String, String> field : SignerFields.of(signer).entrySet()) {
      fact(Facts.words(field.getKey()), field.getValue());
    }
    html.close().line();
  }

  private void quiet(String text) throws IOException {
    html.element("p", text, "class", "quiet").line();
  }

  private void fact(String label, String value) throws IOException {
    html.element("dt", label).open("dd").outside(value).close().line();
  }

  /** Writes a label and trusted text of ours. */
  private void said(String label, String value) throws IOException {
    html.element("dt", label).element("dd", value).line();
  }

  private void facts(String label, List<String> values) throws IOException {
    html.element("dt", label).open("dd");
    String between = "";
    for (String value : Facts.firstOf(values, Facts.MOST_LINES)) {
      html.text(between).outside(value);
      between = ", ";
    }
    html.close().line();
  }

  private void writeDemands() throws IOException {
    if (verdict.demands().isEmpty()) {
      quiet("Verification did not begin.");
      return;
    }
    Demands demands = verdict.demands().get();
    html.open("dl").line();
    if (demands.signer().isEmpty()) {
      said("signer", "nobody by name: whoever is trusted");
    }
    for (Map.Entry<String, List<String>> each : demands.signer().entrySet()) {
      facts("signer: " + Facts.words(each.getKey()), each.getValue());
    }
    if (verdict.matched().isPresent()) {
      fact("which one matched", verdict.matched().get());
    }
    said("strict", yes(demands.strict()));
    said("unsigned files allowed", yes(demands.ignoreUnsignedFiles()));
    said("git's paths left out", yes(demands.ignoreGitPaths()));
    said(
        "links allowed",
        demands.allowSymlinks().map(HtmlReport::yes).orElse("as the signature says"));
    if (!demands.only().isEmpty()) {
      facts("only", demands.only());
    }
    if (demands.ignorePaths().isEmpty()) {
      said("ignored", "nothing");
    } else {
      facts("ignored", demands.ignorePaths());
    }
    html.close().line();
  }

  private static String yes(boolean value) {
    return value ? "yes" : "no";
  }

  private void writeSigned() throws IOException {
    if (verdict.signature().isEmpty()) {
      quiet("The signature file was not read, or is not one.");
      return;
    }
    html.open("dl").line();
    if (verdict.registry().isPresent()) {
      RegistryPlace place = verdict.registry().get();
      fact("registry", place.registry());
      fact("repository", place.repository());
      if (place.tag().isPresent()) {
        fact("tag", place.tag().get());
      }
      fact("its manifest", place.digest());
    }
    fact("signature file", verdict.signature().get().location());
    said("its length", Amounts.of(verdict.signature().get().size(), "byte"));
    fact("its digest", "sha256:" + verdict.signature().get().sha256());
    if (verdict.statement().isPresent()) {
      fact("signed as", verdict.statement().get().modelName().orElse("a model without a name"));
      fact("predicate", verdict.statement().get().predicateType());
    }
    if (verdict.manifest().isPresent()) {
      writeManifest(verdict.manifest().get());
    }
    html.close().line();
  }

  private void writeManifest(Manifest manifest) throws IOException {
    fact("root digest", manifest.rootDigest().toString());
    Serialization serialization = manifest.serialization();
    String how = serialization.method() + ", " + serialization.hashAlgorithm().id();
    if (serialization instanceof Serialization.Shards shards) {
      how += ", shards of " + Amounts.of(shards.shardSize(), "byte");
    }
    said("serialization", how + (serialization.allowSymlinks() ? ", links followed" : ""));
    said("files signed", Amounts.of(manifest.fileCount(), "file"));
    if (verdict.comparison().isPresent()) {
      said(
          verdict.isPartial() ? "files hashed" : "files found",
          Amounts.of(verdict.comparison().get().files(), "file")
              + ", "
              + Amounts.size(verdict.comparison().get().bytes()));
    }
  }

  private void writeCard(ContentFacts contents) throws IOException {
    if (contents.card().isEmpty()) {
      quiet(
          verdict.isPartial()
              ? "Nothing in the files that were hashed."
              : "Nothing: no README.md with front matter, and no config.json, that says so.");
      return;
    }
    quiet("Nothing of this was checked but that it is what was signed.");
    html.open("dl").line();
    for (CardEntry entry : contents.card()) {
      html.element("dt", entry.field().title()).open("dd");
      html.outside(String.join(", ", Facts.firstOf(entry.values(), Facts.MOST_LINES)));
      html.text(" (").outside(entry.file()).text(")").close().line();
    }
    html.close().line();
  }

  private void writeRunnable(ContentFacts contents) throws IOException {
    if (contents.runnable().isEmpty()) {
      quiet(
          "Nothing was found of the kinds that are looked for, which does not mean that nothing"
              + " can.");
      return;
    }
    HtmlTable table =
        HtmlTable.begin(
            "What was found of the kinds that are looked for",
            List.of("file", "part", "kind", "names", "unusual"),
            html);
    List<RunnableContent> all = ContentText.unusualFirst(contents);
    for (RunnableContent one : all.subList(0, Math.min(all.size(), MOST_FINDINGS))) {
      table
          .row()
          .outside(one.file())
          .outside(one.part().orElse(""))
          .cell(one.kind().title())
          .outside(ContentText.names(one, Facts.MOST_LINES))
          .marked(yes(one.unusual()), one.unusual() ? "odd" : "quiet")
          .endRow();
    }
    table.end();
    HtmlRest.write(
        Math.max(0, all.size() - MOST_FINDINGS) + contents.moreRunnable(),
        "that are not in this table",
        html);
  }

  private void writeFindings() throws IOException {
    List<Finding> findings = verdict.findings();
    if (findings.isEmpty()) {
      quiet("None.");
      return;
    }
    HtmlTable table =
        HtmlTable.begin(
            "What a reader of this verdict should know",
            List.of("rule", "severity", "what was found", "what it means", "what to do"),
            html);
    for (Finding each : findings.subList(0, Math.min(findings.size(), MOST_FINDINGS))) {
      String severity = each.severity().name().toLowerCase(Locale.ROOT);
      table
          .row()
          .cell(each.rule().code())
          .marked(severity, each.severity() == Severity.ERROR ? "bad" : "odd")
          .outside(each.message())
          .cell(each.rule().title())
          .cell(each.rule().help())
          .endRow();
    }
    table.end();
    HtmlRest.write(findings.size() - MOST_FINDINGS, "that are not in this table", html);
  }
}
