package dev.modelsigning.cli.verify;

import static dev.modelsigning.cli.Workspace.VERIFICATION_FAILED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.modelsigning.cli.Invocation;
import dev.modelsigning.cli.Workspace;
import dev.modelsigning.testing.TimedProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reports: when one is written, and which paths are refused. */
class ReportFileTest {

  @TempDir private Path directory;

  private Workspace workspace;
  private Path report;

  @BeforeEach
  void signAModel() throws IOException {
    workspace = Workspace.in(directory);
    workspace.sign().assertSucceeded();
    report = workspace.path("report.html");
  }

  private void assertReport(String... parts) throws IOException {
    assertThat(Files.readString(report)).startsWith("<!DOCTYPE html>").contains(parts);
    assertThat(leftOver()).isEmpty();
  }

  private List<Path> leftOver() throws IOException {
    try (var files = Files.list(directory)) {
      return files.filter(file -> file.toString().contains(".tmp")).toList();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"text", "json", "sarif"})
  void isWrittenBesideAVerdictOfAnyForm(String format) throws Exception {
    Files.writeString(report, "before");

    Invocation run = workspace.verify("--report", report, "--format", format).assertSucceeded();

    assertReport("<h1>Verified</h1>", "<bdi>weights/</bdi>", "<bdi>a.bin</bdi>");
    String without = workspace.verify("--format", format).out();
    if (format.equals("text")) {
      assertThat(run.out()).isEqualTo(without + "  report       " + report + "\n");
      assertThat(run.err()).isEmpty();
    } else {
      assertThat(run.out()).isEqualTo(without);
      assertThat(run.err()).isEqualTo("The report is in " + report + "\n");
    }
  }

  @Test
  void isWrittenOnFailuresThatHaveAVerdict() throws Exception {
    workspace.write("model/new", "x");
    assertThat(
            workspace
                .verify("--report", report)
                .assertFailed(VERIFICATION_FAILED, "not signed (1)")
                .err())
        .endsWith("\nThe report is in " + report + "\n");
    assertReport("<h1>Not verified</h1>", "MODEL_MISMATCH", "<bdi>new</bdi>");

    Path other = workspace.path("other.pub");
    Invocation.of("generate-key", "--private-key", workspace.path("o.pem"), "--public-key", other)
        .assertSucceeded();
    workspace.verifyWith(other, "--report", report).assertFailed(VERIFICATION_FAILED);
    assertReport("WRONG_KEY");

    workspace.verifyWith(workspace.signature(), "--report", report);
    assertReport("INVALID_KEY");

    workspace
        .verifyModel(workspace.path("nothing"), "--report", report)
        .assertFailed(VERIFICATION_FAILED);
    assertReport("IO_ERROR", "nothing: no such file or directory");

    Files.writeString(workspace.signature(), "{}");
    workspace.verify("--report", report).assertFailed(VERIFICATION_FAILED);
    assertReport("MALFORMED_BUNDLE");
  }

  /**
   * The signer determines the size of the signature, and the earlier page says that all is well.
   */
  @Test
  void isReplacedIfTheMemoryIsNotEnough() throws Exception {
    workspace.verify("--report", report).assertSucceeded();
    assertReport("<h1>Verified</h1>");
    Files.writeString(
        workspace.signature(), "{\"dsseEnvelope\":{\"payload\":\"" + "A".repeat(64 << 20) + "\"}}");

    int status =
        TimedProcess.start(
                new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx24m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "dev.modelsigning.cli.Main",
                        "verify",
                        "key",
                        workspace.model().toString(),
                        "--signature",
                        workspace.signature().toString(),
                        "--public-key",
                        workspace.publicKey().toString(),
                        "--report",
                        report.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD))
            .waitFor();

    assertThat(status).isEqualTo(1);
    assertReport("<h1>Not verified</h1>", "OUT_OF_MEMORY");
  }

  @Test
  void isNotWrittenIfTheUsageIsWrong() throws Exception {
    workspace
        .changingNothing(
            () -> workspace.verify("--report", report, "--strict", "--ignore-unsigned-files"))
        .assertUsage("exclude each other");
    workspace.changingNothing(() -> workspace.verify("--report", report, "--nope")).assertUsage();
    workspace
        .changingNothing(() ->
            Invocation.of(
                "verify",
                "key",
                "--each",
                directory,
                "--signature-name",
                "model.sig",
                "--public-key",
                workspace.publicKey(),
                "--report",
                report))
        .assertUsage("--report is for one model");
  }

  /** It would be an unsigned file, and a model that was verified is another one then. */
  @Test
  void isRefusedInTheModelHoweverThatIsSpelled() throws Exception {
    workspace.link("link", "model");
    workspace.link("deep", "model/weights");
    for (String place :
        List.of(
            "model/report.html",
            "model/weights/../report.html",
            "model/../model/report.html",
            "link/report.html",
            "deep/report.html",
            "model/config.json",
            "model/new/report.html")) {
      workspace
          .changingNothing(() -> workspace.verify("--report", workspace.path(place)))
          .assertUsage("in the model, of which it would be an unsigned file");
    }
    workspace
        .changingNothing(() ->
            workspace.verifyModel(workspace.path("link"), "--report", workspace.path("model/r")))
        .assertUsage("in the model");
    workspace
        .changingNothing(() -> workspace.verify("--report", workspace.model()))
        .assertUsage("in the model");
  }

  @Test
  void isRefusedOverWhatTheCommandReads() throws Exception {
    workspace.link("link.pub", "key.pub");
    for (Path read :
        List.of(workspace.signature(), workspace.publicKey(), workspace.path("link.pub"))) {
      workspace
          .changingNothing(() -> workspace.verify("--report", read))
          .assertUsage("is what this command reads");
    }
    workspace
        .changingNothing(() ->
            Invocation.of(
                "verify",
                "key",
                workspace.model(),
                "--signature",
                workspace.signature(),
                "--public-key",
                "file:" + workspace.publicKey(),
                "--report",
                workspace.publicKey()))
        .assertUsage("is what this command reads");
    Path chain = workspace.write("tsa.pem", "");
    workspace
        .changingNothing(
            () -> workspace.verify("--tsa-certificate-chain", chain, "--report", chain))
        .assertUsage("is what this command reads");
    Path file = workspace.write("one.bin", "x");
    workspace
        .changingNothing(() -> workspace.verifyModel(file, "--report", file))
        .assertUsage("in the model");
  }

  /** Before the model is hashed, which would report an error here. */
  @Test
  void isRefusedWhereItCannotBe() throws Exception {
    workspace.fifo("model/fifo");
    Files.createDirectory(workspace.path("there"));
    workspace.link("link.html", "target.html");
    for (String place : List.of("there", "no/report.html", "link.html")) {
      Path file = workspace.path(place);
      Invocation run =
          workspace.changingNothing(() -> workspace.verify("--report", file, "--format", "json"));

      assertThat(run.status()).isEqualTo(1);
      assertThat(run.out())
          .startsWith("{\"verified\":false,")
          .contains("\"reason\":\"IO_ERROR\"")
          .hasLineCount(1);
      assertThat(run.err()).startsWith(VERIFICATION_FAILED + ": " + file + ": ");
      assertThat(run.err()).doesNotContain("fifo");
    }
  }

  /** A disk with room for a small file, so that it comes to light when the report is written. */
  @Test
  void failsOnAFullDiskAlsoIfTheModelIsVerified() throws Exception {
    Path disk = Files.createDirectory(workspace.path("disk"));
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=4k", "report-test", disk) == 0
            || "true".equals(System.getenv("MODEL_SIGNING_REQUIRE_MOUNTS")),
        "mounts a file system, which needs root");
    try {
      for (String format : List.of("json", "sarif", "text")) {
        Invocation full =
            workspace.verify("--report", disk.resolve("report.html"), "--format", format);

        assertThat(full.status()).isEqualTo(1);
        assertThat(full.err())
            .startsWith(VERIFICATION_FAILED + ": " + disk + "/report.html: cannot be written: ")
            .doesNotContain("The report is in");
        assertThat(full.out())
            .doesNotContain("\"verified\":true", "succeeded")
            .contains(format.equals("text") ? "" : "\"verified\":false");
        assertThat(disk).isEmptyDirectory();
      }

      workspace.write("model/new", "x");
      Invocation differs = workspace.verify("--report", disk.resolve("report.html"));
      differs.assertFailed(
          "There is no report: " + disk + "/report.html", VERIFICATION_FAILED, "not signed (1)");
      assertThat(disk).isEmptyDirectory();
    } finally {
      assertThat(run("umount", disk)).isZero();
    }
  }

  private static int run(Object... command) throws IOException, InterruptedException {
    List<String> words = new ArrayList<>();
    for (Object word : command) {
      words.add(word.toString());
    }
    return TimedProcess.start(
            new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD))
        .waitFor();
  }

  /** What a message repeats of an argument is as secret on a page as on a terminal. */
  @Test
  void showsNoSecretOfAnArgument() throws Exception {
    Invocation.in(
        Map.of(),
        "verify",
        "key",
        workspace.model(),
        "--signature",
        workspace.signature(),
        "--public-key",
        "pkcs11:token=none;object=k?pin-value=1234567&module-path=/nonexistent/module.so",
        "--report",
        report);

    assertReport("<h1>Not verified</h1>");
    assertThat(Files.readString(report)).doesNotContain("1234567");
  }
}
