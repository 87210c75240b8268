package dev.modelsigning.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.finding.Severity;
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
        .startsWith("policy.yaml:3: error: signers.alice: the trust of this signer cannot be used")
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
        .allMatch(line -> line.startsWith("policy.yaml:3: warning: signers.alice: "));
  }

  @Test
  void warnsOfCertificatesThatEndSoonOrHaveEnded() throws Exception {
    Instant end = scene.root.certificate().getNotAfter().toInstant();

    assertThat(PolicyChecks.lint(file())).hasSize(3);
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
  void isInTheOrderOfTheLines() throws Exception {
    scene.rules(RULE + "- { match: m, mode: warn }\n");
    Files.delete(scene.directory.resolve("ca/tsa.pem"));

    assertThat(lint().problems())
        .extracting(one -> one.place().line())
        .isSorted()
        .hasSizeGreaterThan(2);
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
