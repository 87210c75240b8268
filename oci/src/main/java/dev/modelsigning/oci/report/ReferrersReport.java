package dev.modelsigning.oci.report;

import dev.modelsigning.finding.Finding;
import dev.modelsigning.inspection.KeylessClaims;
import dev.modelsigning.inspection.SignerClaims;
import dev.modelsigning.internal.document.ReportJson;
import dev.modelsigning.internal.document.SignerJson;
import dev.modelsigning.internal.json.JsonWriter;
import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.oci.AttachedBundle;
import dev.modelsigning.oci.Attachments;
import dev.modelsigning.oci.reference.OciReference;
import dev.modelsigning.oci.report.Referrer.Kind;
import dev.modelsigning.statement.Subject;
import java.io.IOException;
import java.io.OutputStream;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * What refers to a model in a registry, <em>without any verification</em>: anybody who may write to
 * the repository can have put it there. It is for display only.
 */
public final class ReferrersReport {

  private static final int MAX_TEXT = 60;
  private static final int DIGEST = "sha256:".length() + 12;

  /** Registries have any order, and some another one each time. */
  private static final Comparator<AttachedBundle> IN_TIME =
      Comparator.comparing((AttachedBundle each) -> each.created().orElse(""))
          .thenComparing(each -> each.manifest().toString());

  private final OciReference asked;
  private final OciReference pinned;
  private final List<Referrer> referrers;
  private final Map<String, Integer> others;
  private final List<Finding> findings;

  private ReferrersReport(
      OciReference asked,
      OciReference pinned,
      List<Referrer> referrers,
      Map<String, Integer> others,
      List<Finding> findings) {
    this.asked = asked;
    this.pinned = pinned;
    this.referrers = referrers;
    this.others = others;
    this.findings = findings;
  }

  /**
   * Reads what was found.
   *
   * @param asked the reference that was asked for
   * @param pinned the same with the digest of the manifest
   * @param found what refers to it
   * @param keyless reads keyless bundles
   */
  public static ReferrersReport of(
      OciReference asked, OciReference pinned, Attachments found, KeylessClaims.Reader keyless) {
    return new ReferrersReport(
        asked,
        pinned,
        found.bundles().stream().sorted(IN_TIME).map(each -> Referrer.of(each, keyless)).toList(),
        found.otherTypes(),
        found.findings());
  }

  /** Returns the same report with the messages of its findings rewritten. */
  public ReferrersReport withMessages(UnaryOperator<String> rewriting) {
    List<Finding> rewritten =
        findings.stream()
            .map(each ->
                new Finding(
                    each.rule(),
                    each.severity(),
                    rewriting.apply(each.message()),
                    each.file(),
                    each.values()))
            .toList();
    return new ReferrersReport(asked, pinned, referrers, others, rewritten);
  }

  /** The first line of every display: that nothing is verified. */
  public String headline() {
    return "NOT VERIFIED: this is what the registry says";
  }

  /** What the registry lists and nobody can use. */
  public List<Finding> findings() {
    return findings;
  }

  /**
   * Writes it as a tree, line by line, below the {@linkplain #headline() headline}.
   *
   * @param most the largest number of lines of a branch; the number of the others follows
   * @param lines receives the lines, one by one, and must escape them
   */
  public void writeLines(int most, Consumer<String> lines) {
    lines.accept("  " + asked);
    lines.accept("  manifest " + pinned.digest().orElseThrow());
    List<Branch> branches = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      List<String> found =
          referrers.stream().filter(each -> each.kind() == kind).map(this::line).toList();
      if (!found.isEmpty() || kind == Kind.SIGNATURE) {
        branches.add(new Branch(kind.title(), found.size(), found));
      }
    }
    if (!others.isEmpty()) {
      branches.add(
          new Branch(
              "other referrers",
              others.values().stream().mapToInt(Integer::intValue).sum(),
              others.entrySet().stream()
                  .map(each -> each.getValue() + " of the type " + each.getKey())
                  .toList()));
    }
    for (int i = 0; i < branches.size(); i++) {
      write(branches.get(i), i == branches.size() - 1, most, lines);
    }
  }

  /**
   * What one branch of the tree has.
   *
   * @param number how many referrers; a line can stand for several
   */
  private record Branch(String title, int number, List<String> lines) {}

  private static void write(Branch branch, boolean last, int most, Consumer<String> lines) {
    lines.accept(
        (last ? "  `- " : "  |- ")
            + branch.title()
            + ": "
            + branch.number()
            + (branch.number() == 0 ? "" : ", NOT VERIFIED"));
    String rest = last ? "     " : "  |  ";
    int shown = Math.min(most, branch.lines().size());
    int more = branch.lines().size() - shown;
    for (int i = 0; i < shown; i++) {
      boolean end = i == shown - 1 && more == 0;
      lines.accept(rest + (end ? "`- " : "|- ") + branch.lines().get(i));
    }
    if (more > 0) {
      lines.accept(rest + "`- ... and " + more + " more; --all shows them");
    }
  }

  /** One line: its manifest, who and when, about what. */
  private String line(Referrer referrer) {
    StringBuilder line = new StringBuilder(brief(referrer.attached().manifest().toString()));
    if (referrer.kind() == Kind.ATTESTATION) {
      line.append(' ').append(Printable.brief(referrer.content().predicateType(), MAX_TEXT));
    }
    line.append(" by ").append(Printable.brief(signer(referrer), MAX_TEXT)).append(", ");
    line.append(time(referrer));
    referrer
        .problem()
        .ifPresentOrElse(
            why -> line.append(": ").append(Printable.brief(why, MAX_TEXT)),
            () -> line.append(", about ").append(subject(referrer)));
    return line.toString();
  }

  private static String brief(String digest) {
    return digest.length() <= DIGEST ? digest : digest.substring(0, DIGEST) + "...";
  }

  /** A key's fingerprint is long, and enough of it is shown to tell keys apart. */
  private static String signer(Referrer referrer) {
    SignerClaims claims = referrer.content().signer();
    return claims.fingerprint().isPresent()
        ? "key " + brief("sha256:" + claims.fingerprint().get()).substring("sha256:".length())
        : claims.describe();
  }

  private static String time(Referrer referrer) {
    return referrer
        .content()
        .time()
        .map(time -> "signed " + time.truncatedTo(ChronoUnit.SECONDS))
        .or(() ->
            referrer
                .attached()
                .created()
                .map(created -> "attached " + Printable.brief(created, MAX_TEXT)))
        .orElse("no time");
  }

  private String subject(Referrer referrer) {
    List<Subject> subjects = referrer.content().subjects();
    if (referrer.content().subjectCount() != 1) {
      return referrer.content().subjectCount() + " subjects";
    }
    Subject subject = subjects.get(0);
    String digest = subject.digests().getOrDefault("sha256", "");
    if (pinned.digest().orElseThrow().hex().equals(digest)) {
      return "this manifest";
    }
    return (subject.name().isEmpty()
            ? "what is not named"
            : Printable.brief(subject.name(), MAX_TEXT))
        + (digest.isEmpty() ? "" : " " + brief("sha256:" + Printable.brief(digest, MAX_TEXT)));
  }

  /**
   * Writes it as one JSON object on one line, in ASCII, whose first member says that nothing is
   * verified. Lists are complete.
   *
   * @param out the stream, which is not closed
   * @throws IOException if it cannot be written
   */
  public void writeJson(OutputStream out) throws IOException {
    JsonWriter.asciiDocument(out, this::write);
    out.write('\n');
  }

  private void write(JsonWriter json) {
    // The first member, for readers that look only at the beginning of the line.
    json.bool("verified", false);
    ReportJson.writeHeader(json);
    json.string("model", asked.toString())
        .object(
            "registry",
            fields -> RegistryFields.write(asked, pinned.digest().orElseThrow(), fields));
    json.array(
        "referrers", list -> referrers.forEach(each -> list.object(fields -> write(each, fields))));
    json.array(
        "others",
        list ->
            others.forEach((type, number) ->
                list.object(
                    fields -> fields.string("artifactType", type).integer("number", number))));
    ReportJson.writeFindings(findings, findings, json);
  }

  private static void write(Referrer referrer, JsonWriter json) {
    json.string("kind", referrer.kind().name())
        .string("digest", referrer.attached().manifest().toString())
        .string("bundle", "sha256:" + referrer.attached().stored().sha256())
        .integer("size", referrer.attached().stored().size());
    referrer.attached().created().ifPresent(text -> json.string("claimedCreated", text));
    json.object("claimedSigner", fields -> write(referrer.content().signer(), fields));
    referrer.content().time().ifPresent(time -> ReportJson.writeTime("claimedTime", time, json));
    Optional<String> problem = referrer.problem();
    if (problem.isPresent()) {
      json.string("problem", problem.get());
      return;
    }
    json.string("predicateType", referrer.content().predicateType())
        .integer("subjectCount", referrer.content().subjectCount())
        .array(
            "subjects",
            list ->
                referrer
                    .content()
                    .subjects()
                    .forEach(subject -> list.object(fields -> write(subject, fields))));
  }

  private static void write(SignerClaims claims, JsonWriter json) {
    if (claims.signer().isEmpty()) {
      json.string("method", "KEY");
      claims.fingerprint().ifPresent(text -> json.string("name", text));
      return;
    }
    claims.signer().get().value().ifPresent(signer -> SignerJson.write(signer, json));
    claims.signer().get().problem().ifPresent(why -> json.string("problem", why));
  }

  private static void write(Subject subject, JsonWriter json) {
    json.string("name", subject.name())
        .object("digests", digests -> subject.digests().forEach(digests::string));
    if (!subject.annotations().isEmpty()) {
      json.object("annotations", notes -> subject.annotations().forEach(notes::string));
    }
  }
}
