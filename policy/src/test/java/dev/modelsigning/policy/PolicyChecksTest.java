package dev.modelsigning.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.finding.Severity;
import dev.modelsigning.policy.internal.lint.PolicyChecks;
import dev.modelsigning.policy.report.LintReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong or unusual in a policy and its trust files. */
class PolicyChecksTest {

  private static final String RULE = "- { match: m, signatures: { of: [alice, bob, carol] } }\n";

  @TempDir private Path directory;
  private Scene scene;

  @BeforeEach
  void prepare() throws IOException {
    scene = Scene.in(directory.toRealPath());
    scene.rules(RULE);
  }

  private Path file() {
    return scene.directory.resolve("policy.yaml");
  }

  /** When no certificate ends soon; those for tests are valid for a day. */
  private LintReport lint() throws IOException {
    return lintAt(scene.root.certificate().getNotAfter().toInstant().minus(Duration.ofDays(60)));
  }

  private LintReport lintAt(Instant now) throws IOException {
    return new LintReport(
        Path.of("policy.yaml"), PolicyChecks.lint(file(), Clock.fixed(now, ZoneOffset.UTC)));
  }

  @Test
  void findsNothingInAPolicyThatCanBeUsed() throws Exception {
    assertThat(lint().problems()).isEmpty();
    assertThat(lint().summary()).isEqualTo("policy.yaml: can be used; 0 errors, 0 warnings");
  }

  @Test
  void refusesAMissingTrustFileOfASignerThatIsUsed() throws Exception {
    Files.delete(scene.directory.resolve("keys/alice.pub"));

    LintReport report = lint();

    assertThat(report.isUsable()).isFalse();
    assertThat(report.lines())
        .singleElement()
        .asString()
        .startsWith("policy.yaml:3: error: signers.alice.key.public-key: ")
        .contains("keys/alice.pub: no such file");
    assertThat(report.summary()).isEqualTo("policy.yaml: cannot be used; 1 error, 0 warnings");
  }

  @Test
  void refusesATrustFileWithSomethingElse() throws Exception {
    Files.writeString(scene.directory.resolve("ca/root.pem"), "x");

    assertThat(lint().lines()).singleElement().asString().startsWith("policy.yaml:5: error: ");
  }

  @Test
  void warnsOfAMissingTrustFileOfASignerThatIsNotUsed() throws Exception {
    scene.rules("- { match: m, signatures: { of: [bob, carol] } }\n");
    Files.delete(scene.directory.resolve("keys/alice.pub"));

    LintReport report = lint();

    assertThat(report.isUsable()).isTrue();
    assertThat(report.lines())
        .hasSize(2)
        .allMatch(line -> line.startsWith("policy.yaml:3: warning: signers.alice"));
  }

  @Test
  void warnsOfCertificatesThatEndSoonOrHaveEnded() throws Exception {
    Instant end = scene.root.certificate().getNotAfter().toInstant();

    assertThat(Policy.lint(file())).hasSize(3);
    assertThat(lintAt(end.minus(Duration.ofDays(31))).problems()).isEmpty();
    assertThat(lintAt(end.minus(Duration.ofDays(29))).lines())
        .hasSize(3)
        .allMatch(line -> line.contains(" warning: ") && line.contains(" ends soon, at "));
    assertThat(lintAt(end.plus(Duration.ofDays(1))).lines())
        .hasSize(3)
        .allMatch(line -> line.contains(" ended at "))
        .anyMatch(line -> line.contains("ca/root.pem: the certificate of CN=root"));
  }

  @Test
  void namesAllFilesThatAreMissingAndWhatElseIsWrong() throws Exception {
    scene.rules(RULE + "- { match: n, signatures: { of: nobody } }\n");
    Files.delete(scene.directory.resolve("keys/alice.pub"));
    Files.delete(scene.directory.resolve("ca/root.pem"));
    Files.delete(scene.directory.resolve("ca/tsa.pem"));

    List<String> lines = lint().lines();

    assertThat(lines)
        .extracting(line -> line.replaceFirst("(error: [^:]*): .*", "$1"))
        .containsExactly(
            "policy.yaml:3: error: signers.alice.key.public-key",
            "policy.yaml:4: error: signers.bob.key.timestamps[0]",
            "policy.yaml:8: error: signers.carol.certificate.trust",
            "policy.yaml:9: error: signers.carol.certificate.timestamps",
            "policy.yaml:12: error: models[1].signatures.of");
    assertThat(lines.get(0))
        .endsWith("keys/alice.pub: no such file; put it there, or name another");
  }

  @Test
  void warnsOfOneKeyUnderTwoNames() throws Exception {
    Files.copy(
        scene.directory.resolve("keys/alice.pub"), scene.directory.resolve("keys/again.pub"));
    scene.policy(
        """
        version: 1
        signers:
          alice: { key: { public-key: keys/alice.pub } }
          again: { key: { public-key: keys/again.pub } }
          bob: { key: { public-key: keys/bob.pub } }
        models:
          - { match: a, signatures: { of: [alice, again, bob], at-least: 2 } }
          - { match: b, signatures: { of: [alice, again], at-least: 2 } }
        """);

    assertThat(lint().lines())
        .containsExactly(
            "policy.yaml:4: warning: signers.again: has the same public key as the signer 'alice' in"
                + " line 3, and both count as one person",
            "policy.yaml:8: warning: models[1].signatures: at-least: 2 can never be met: the signers"
                + " in 'of' are one person, as some have the same key or identity");
    assertThat(lint().isUsable()).isTrue();
  }

  @Test
  void warnsOfOneIdentityUnderTwoNames() throws Exception {
    scene.policy(
        """
        version: 1
        signers:
          one: { certificate: { identity: a@bank.example, trust: ca/root.pem } }
          two: { certificate: { identity: A@bank.example, trust: ca/tsa.pem } }
          three: { sigstore: { identity: a@bank.example, issuer: "https://idp.example" } }
          four: { certificate: { identity: [a@bank.example, b], trust: ca/root.pem } }
        models:
          - { match: a, signatures: { of: [one, two, three, four], at-least: 3 } }
        """);

    assertThat(lint().lines())
        .extracting(
            line -> line.replaceFirst(".*warning: ([^:]*: [^ ]+ [^ ]+ [^ ]+ [^ ]+).*", "$1"))
        .containsExactly(
            "signers.two: has the same identity",
            "signers.three: has the same identity",
            "models[0].signatures: at-least: 3 can never");
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "has other permissions")
  void warnsOfTrustFilesThatOthersCanWrite() throws Exception {
    Path key = scene.directory.resolve("keys/alice.pub");
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--rw-"));
    Path authorities = scene.directory.resolve("ca");
    Files.setPosixFilePermissions(authorities, PosixFilePermissions.fromString("rwxrwxrwx"));

    assertThat(lint().lines())
        .containsExactly(
            "policy.yaml:3: warning: signers.alice.key.public-key: whoever can write it decides who"
                + " signs: %s: can be written to by others, expected by its owner alone"
                    .formatted(key),
            "policy.yaml:4: warning: signers.bob.key.timestamps[0]: whoever can write it decides who"
                + " signs: %s can be written to by others, expected by its owner alone"
                    .formatted(authorities));
  }

  @Test
  void hasThePlaceOfWhatMakesItUnusable() throws Exception {
    scene.rules("- { match: m, signatures: { of: [nobody] } }\n");

    LintReport report = lint();

    assertThat(report.problems()).extracting("severity").containsExactly(Severity.ERROR);
    assertThat(report.lines())
        .singleElement()
        .asString()
        .startsWith("policy.yaml:11: error: models[0].signatures.of");
  }

  @Test
  void hasTheErrorsFirstEachInTheOrderOfTheLines() throws Exception {
    scene.rules(
        RULE + "- { match: m, mode: warn }\n- { match: \"**\", mode: warn }\n- { match: / }\n");
    Files.delete(scene.directory.resolve("ca/tsa.pem"));

    assertThat(lint().problems())
        .extracting(one -> one.severity() + " " + one.place().line())
        .containsExactly("ERROR 4", "ERROR 9", "ERROR 14", "ERROR 14", "WARNING 12", "WARNING 13");
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "has other permissions")
  void warnsOfAPolicyThatOthersCanWrite() throws Exception {
    for (Path writable : List.of(file(), scene.directory)) {
      Files.setPosixFilePermissions(
          writable,
          PosixFilePermissions.fromString(writable.equals(file()) ? "rw-r--rw-" : "rwxr-xrwx"));
      assertThat(lint().lines())
          .as("%s", writable)
          .singleElement()
          .asString()
          .startsWith("policy.yaml:1: warning: whoever can write it decides: ");
      Files.setPosixFilePermissions(writable, PosixFilePermissions.fromString("rwx------"));
    }
  }

  @Test
  void failsForAPolicyThatIsNotThere() throws Exception {
    Files.delete(file());

    assertThatThrownBy(this::lint).isInstanceOf(NoSuchFileException.class);
  }
}
