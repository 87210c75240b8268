package dev.modelsigning.cli.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.modelsigning.cli.testing.DocumentModel;
import dev.modelsigning.cli.testing.DocumentedCommands;
import dev.modelsigning.cli.testing.RealModel;
import dev.modelsigning.cli.testing.ShownOutput;
import dev.modelsigning.testing.Models;
import dev.modelsigning.testing.OnOneJdk;
import dev.modelsigning.testing.TestTimestampAuthority;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The commands of the pages that need neither a token nor a network, with what they show. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "needs a shell")
@OnOneJdk
class TaskDocumentsIT {

  private static final String README = "../README.md";

  @TempDir private Path directory;

  @BeforeEach
  void writeModel() throws Exception {
    DocumentModel.write(directory);
  }

  private DocumentedCommands page(String name) {
    return new DocumentedCommands(name, directory);
  }

  @Test
  void signsWithKeys() throws Exception {
    try (TestTimestampAuthority.Server server = DocumentModel.serveTimestamps(directory)) {
      page("keys.md").runAll(DocumentModel.asking(server));
    }
  }

  @Test
  void signsWithMlDsaToo() throws Exception {
    page("post-quantum.md").runAll();
  }

  @Test
  void signsWithCertificates() throws Exception {
    try (TestTimestampAuthority.Server server = DocumentModel.writeCertificates(directory)) {
      page("certificates.md").runAll(DocumentModel.asking(server));
    }
  }

  @Test
  void addsTimeStamps() throws Exception {
    try (TestTimestampAuthority.Server server = DocumentModel.writeCertificates(directory)) {
      page("timestamps.md").runAll(DocumentModel.asking(server));
    }
  }

  @Test
  void choosesWhatIsSigned() throws Exception {
    DocumentModel.writeKeys(directory);
    Models.write(directory.resolve("my-model"), "cache/page", "not for others");
    page("models.md").runAll();
  }

  @Test
  void signsInParts() throws Exception {
    DocumentModel.writeKeys(directory);
    page("split.md").runAll();
  }

  @Test
  void signsAgain() throws Exception {
    DocumentModel.writeKeys(directory);
    Map<String, String> state = Map.of("XDG_STATE_HOME", directory.resolve("state").toString());
    new DocumentedCommands("signing-again.md", directory, "", state).runAll();
  }

  @Test
  void attests() throws Exception {
    page("attestations.md").runAll();
  }

  @Test
  @EnabledIf(
      value = "dev.modelsigning.cli.testing.RealModel#isWanted",
      disabledReason = "no real model; run: integration/model/install .cache/model")
  void attestsToARealModel() throws Exception {
    RealModel.copyTo(directory);
    page("real-model.md").runAll();
  }

  @Test
  void givesVerdicts() throws Exception {
    DocumentModel.writeKeys(directory);
    DocumentedCommands page = page("verdicts.md");
    page.run("model-signing sign key my-model --private-key key.pem --signature model.sig");
    page.runAll();
  }

  @Test
  void writesReports() throws Exception {
    DocumentModel.writeKeys(directory);
    DocumentedCommands page = page("report.md");
    page.run("model-signing sign key my-model --private-key key.pem --signature model.sig");
    page.runAll();
    assertThat(directory.resolve("verdict.html")).content().startsWith("<!DOCTYPE html>");
    assertThat(directory.resolve("verdict.sarif")).content().contains("\"version\":\"2.1.0\"");
  }

  @Test
  void readsWhatIsPrintedForPrograms() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/jq")), "needs jq; install the package jq");
    DocumentModel.writeKeys(directory);
    page("json.md").runAll();
  }

  @Test
  void looksAndCompares() throws Exception {
    DocumentModel.writeKeys(directory);
    DocumentModel.writeTwoVersions(directory);
    DocumentedCommands page = page("inspect-and-diff.md");
    page.run(
        """
        model-signing sign key my-model --private-key key.pem --signature v1.sig
        model-signing sign key new-model --private-key key.pem --signature v2.sig
        """);
    page.runAll();
  }

  @Test
  void showsKeysInReadme() throws Exception {
    DocumentedCommands readme = page(README);
    String printed = readme.run(readme.block("keys"));
    String verdict = printed.substring(printed.indexOf("Verification succeeded"));
    new ShownOutput().requireShown(readme.shown()[0], verdict);
  }

  @Test
  void showsCertificatesInReadme() throws Exception {
    DocumentModel.writeCertificates(directory).close();
    DocumentedCommands readme = page(README);
    assertThat(readme.run(readme.block("certificates")))
        .contains("Verification succeeded")
        .doesNotContain("warning");
  }
}
