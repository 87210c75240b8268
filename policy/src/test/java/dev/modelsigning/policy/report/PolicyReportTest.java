package dev.modelsigning.policy.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.finding.Finding;
import dev.modelsigning.local.DirectorySource;
import dev.modelsigning.policy.PolicyIdentity;
import dev.modelsigning.policy.PolicyRules;
import dev.modelsigning.policy.PolicyVerdict;
import dev.modelsigning.policy.PolicyVerdict.AppliedRule;
import dev.modelsigning.policy.Verdicts;
import dev.modelsigning.policy.problem.MalformedPolicyException;
import dev.modelsigning.policy.problem.Place;
import dev.modelsigning.policy.result.CheckedClaim;
import dev.modelsigning.policy.result.CheckedSignature;
import dev.modelsigning.policy.result.Requirement;
import dev.modelsigning.signing.KeyIdentity;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

/** What a policy decided, in all forms. */
class PolicyReportTest {

  private static final PolicyIdentity POLICY =
      new PolicyIdentity("policy.yaml", "0123456789abcdef".repeat(4));

  private static final AppliedRule ENFORCED = new AppliedRule(0, 7, "fraud/**", true);
  private static final AppliedRule WARNING = new AppliedRule(1, 12, "sandbox/**", false);

  private static final String HOSTILE = "\u202e<script>x</script>\u001b[2J\n](http://x)";

  private static final Requirement MET =
      new Requirement(
          "signatures", 8, "signed by alice", true, List.of("alice"), "signed by alice", "");

  private static PolicyVerdict verdict(
      String model, AppliedRule rule, Optional<Finding> reason, Requirement... rows) {
    return Verdicts.of(
        model,
        POLICY,
        rule,
        List.of(rows),
        List.of(
            new CheckedSignature(
                "good.sig",
                "ab".repeat(32),
                List.of("alice"),
                Optional.of(new KeyIdentity("cd".repeat(32), "ECDSA P-256")),
                List.of(),
                true,
                ""),
            new CheckedSignature(
                "other.sig",
                "",
                List.of(),
                Optional.empty(),
                List.of(),
                false,
                "nobody in the policy signed it")),
        List.of(new CheckedClaim("claims.jsonl", 3, "", List.of(), false, HOSTILE)),
        2,
        reason,
        rule.enforced()
            ? List.of()
            : List.of(Finding.of(PolicyRules.POLICY_WARNS, "the rule only warns")));
  }

  private static Requirement unmet(String why) {
    return new Requirement(
        "max-age", 9, "signed in the last 90d", false, List.of(), why, "have it signed anew");
  }

  private static PolicyVerdict refused(String model, String why) {
    return verdict(
        model,
        ENFORCED,
        Optional.of(Finding.of(PolicyRules.POLICY_NOT_MET, "1 requirement is not met: " + why)),
        MET,
        unmet(why));
  }

  private static PolicyVerdict warned(String model) {
    return verdict(model, WARNING, Optional.empty(), MET, unmet("too old"));
  }

  private static PolicyReport report(PolicyVerdict... verdicts) {
    return PolicyReport.of(POLICY, List.of(verdicts));
  }

  private interface Form {
    void write(ByteArrayOutputStream out) throws IOException;
  }

  private static String written(Form form) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    form.write(out);
    return out.toString(StandardCharsets.UTF_8);
  }

  private static List<String> all(PolicyReport report) throws IOException {
    List<String> forms = new ArrayList<>();
    forms.add(report.headline() + "\n" + String.join("\n", report.lines(20)));
    forms.add(written(report::writeJson));
    forms.add(written(out -> report.writeSarif(OptionalInt.of(1), out)));
    forms.add(written(out -> report.writeHtml(Instant.EPOCH, out)));
    return forms;
  }

  @Test
  void hasARowForEachRequirementAndWhatDoesNotCount() {
    assertThat(report(refused("fraud/v3", "signed 100 days ago")).lines(20))
        .containsExactly(
            "  model        fraud/v3",
            "  policy       policy.yaml, sha256:" + POLICY.sha256(),
            "  rule         fraud/** (policy.yaml:7)",
            "  met          signed by alice         by alice",
            "  NOT MET      signed in the last 90d  signed 100 days ago",
            "    next       have it signed anew",
            "  counted      good.sig, by alice",
            "  not counted  other.sig: nobody in the policy signed it",
            "               claims.jsonl:3: " + HOSTILE,
            "               2 more claims, that are not listed");
  }

  @Test
  void namesAFileOnceThatCannotBeRead() {
    PolicyVerdict verdict = refused("fraud/v3", "too old");
    CheckedSignature gone =
        new CheckedSignature(
            "gone.sig",
            "",
            List.of(),
            Optional.empty(),
            List.of(),
            false,
            "gone.sig: no such file or directory");

    PolicyReport report =
        report(
            Verdicts.of(
                verdict.model(),
                POLICY,
                verdict.rule().orElseThrow(),
                verdict.requirements(),
                List.of(gone),
                List.of(),
                0,
                verdict.reason(),
                List.of()));

    assertThat(report.lines(20)).contains("  not counted  gone.sig: no such file or directory");
  }

  @Test
  void shortensLongLists() {
    assertThat(report(refused("fraud/v3", "too old")).lines(1))
        .contains("               ... and 2 more");
  }

  @Test
  void hasAHeadingForEachOfSeveralModelsAndASummary() {
    List<String> lines = report(refused("fraud/v3", "too old"), warned("sandbox/x")).lines(20);

    assertThat(lines)
        .contains(
            "fraud/v3: REFUSED: signed in the last 90d",
            "sandbox/x, as fraud/v3: warned of: signed in the last 90d")
        .endsWith("2 models: 0 verified, 1 refused, 1 only warned of");
  }

  @Test
  void namesTheFirstRefusedOfSeveralModels() {
    PolicyReport report =
        report(warned("sandbox/x"), refused("a", "too old"), refused("b", "too old"));

    assertThat(report.isRefused()).isTrue();
    assertThat(report.reason().orElseThrow().rule()).isEqualTo(PolicyRules.POLICY_NOT_MET);
    assertThat(report.reason().orElseThrow().message())
        .isEqualTo("2 of 3 models are refused: a: 1 requirement is not met: too old");
    assertThat(report.findings().get(0)).isEqualTo(report.reason().orElseThrow());
  }

  /** Neither refused nor verified, in any form. */
  @Test
  void neverSaysThatAModelIsVerifiedOfWhichItOnlyWarns() throws Exception {
    PolicyReport report = report(warned("sandbox/x"));

    assertThat(report.isRefused()).isFalse();
    assertThat(report.isVerified()).isFalse();
    assertThat(report.reason().orElseThrow().rule()).isEqualTo(PolicyRules.POLICY_WARNS);
    assertThat(all(report)).noneMatch(form -> form.contains("ucceeded"));
    assertThat(report.headline())
        .isEqualTo(
            "Not verified: the policy only warns of this model; not met: signed in the last 90d");
    assertThat(report.lines(20)).noneMatch(line -> line.contains("verified"));
    assertThat(written(report::writeJson))
        .startsWith("{\"verified\":false,")
        .doesNotContain("true,\"model\"");
    String log = written(out -> report.writeSarif(OptionalInt.of(0), out));
    assertThat(log).contains("\"executionSuccessful\":false");
    assertThat(log.substring(log.indexOf("\"results\":")))
        .contains("\"level\":\"warning\"")
        .doesNotContain("\"level\":\"error\"");
    assertThat(written(out -> report.writeHtml(Instant.EPOCH, out)))
        .contains("<h1>Only warned of</h1>")
        .doesNotContain("<h1>Verified");
  }

  /** A verdict without a proof is none, whatever its rows say. */
  @Test
  void isNotVerifiedWithoutAProof() {
    PolicyReport report = report(verdict("fraud/v3", ENFORCED, Optional.empty(), MET));

    assertThat(report.isVerified()).isFalse();
    assertThat(report.isRefused()).isTrue();
    assertThat(report.reason()).isPresent();
  }

  @Test
  void nothingIsVerifiedIfThereIsNoModel() {
    assertThat(report().isVerified()).isFalse();
    assertThat(report().isRefused()).isTrue();
  }

  @Test
  void saysWhyAPolicyCannotBeUsed() throws Exception {
    PolicyReport report =
        PolicyReport.unusable(
            Path.of("policy.yaml"),
            new MalformedPolicyException(
                "policy.yaml", new Place(3, "models[0].sginatures"), "not known"));

    assertThat(report.isRefused()).isTrue();
    assertThat(report.isVerified()).isFalse();
    assertThat(written(report::writeJson))
        .contains(
            "\"verified\":false",
            "\"reason\":\"MALFORMED_POLICY\"",
            "\"message\":\"policy.yaml:3: models[0].sginatures: not known\"",
            "\"models\":[]");
    assertThat(written(out -> report.writeSarif(OptionalInt.of(1), out)))
        .contains("\"ruleId\":\"MALFORMED_POLICY\"", "\"uri\":\"policy.yaml\"");
  }

  @Test
  void hasAVerdictForAModelThatCannotBeRead() throws Exception {
    PolicyVerdict failed =
        PolicyReport.failed(
            POLICY, DirectorySource.of(Path.of("gone")), new NoSuchFileException("gone"));

    PolicyReport report = report(failed);

    assertThat(report.isRefused()).isTrue();
    // Of one model alone it is the reason, which stands above the lines, once.
    assertThat(report.reason().orElseThrow().message())
        .isEqualTo("gone: no such file or directory");
    assertThat(report.lines(20)).noneMatch(line -> line.contains("no such file"));
    assertThat(report(failed, failed).lines(20))
        .contains("  NOT MET      gone: no such file or directory");
    assertThat(written(out -> report.writeSarif(OptionalInt.of(1), out)))
        .contains("\"text\":\"gone: no such file or directory\"");
    assertThat(report(failed, failed).reason().orElseThrow().message())
        .isEqualTo("2 of 2 models are refused: gone: no such file or directory");
  }

  @Test
  void placesResultsAtTheLinesOfThePolicy() throws Exception {
    String log =
        written(out -> report(refused("fraud/v3", "too old")).writeSarif(OptionalInt.of(1), out));

    assertThat(log)
        .contains(
            "\"text\":\"fraud/v3: not met: signed in the last 90d: too old;"
                + " what to do: have it signed anew\"",
            "\"uri\":\"policy.yaml\",\"uriBaseId\":\"%SRCROOT%\"",
            "\"region\":{\"startLine\":9}",
            "\"requirement\":\"max-age\"")
        .doesNotContain("1 requirement is not met");
  }

  @Test
  void isSafeToShowWhateverIsInIt() throws Exception {
    PolicyReport report = report(refused(HOSTILE, HOSTILE));

    List<String> forms = all(report);
    assertThat(forms.get(1)).matches("[ -~]+\n");
    assertThat(forms.get(2)).matches("[ -~]+\n").doesNotContain("x](http");
    assertThat(forms.get(3)).doesNotContain("<script", "\u202e", "\u001b");
    assertThat(document(forms.get(3)).getElementsByTagName("td").getLength()).isPositive();
  }

  private static Document document(String page) throws Exception {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    return factory
        .newDocumentBuilder()
        .parse(
            new InputSource(
                new ByteArrayInputStream(
                    page.substring("<!DOCTYPE html>".length()).getBytes(StandardCharsets.UTF_8))));
  }

  @Test
  void rewritesTheReasonForWhichAPolicyCannotBeUsed() {
    PolicyReport report =
        PolicyReport.unusable(Path.of("policy.yaml"), new IOException("pin is 1234"))
            .withMessages(text -> text.replace("1234", "..."));

    assertThat(report.reason().orElseThrow().message()).isEqualTo("pin is ...");
  }
}
