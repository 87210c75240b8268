package dev.modelsigning.cli.verify;

import static dev.modelsigning.cli.Workspace.VERIFICATION_FAILED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.cli.Invocation;
import dev.modelsigning.cli.Workspace;
import dev.modelsigning.cli.testing.ModelPlaces;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code verify --only}: what it selects, and that its verdict cannot be mistaken for that of a
 * whole model.
 */
class OnlyTest {

  @TempDir private Path directory;

  private Workspace workspace;

  @BeforeEach
  void signAModel() throws IOException {
    workspace = Workspace.in(directory);
    workspace.sign().assertSucceeded();
  }

  @Test
  void saysThatTheVerdictIsPartialAndWhatWasLeft() throws Exception {
    Invocation run = workspace.verify("--only", "config.json").assertSucceeded();
    assertThat(run.out())
        .startsWith("Verification succeeded (partial: 1 of 3 files)\n")
        .contains("\n  not hashed   weights/a.bin\n               weights/b.bin\n")
        .contains("\n  files        1 file, ");
    assertThat(run.err())
        .isEqualTo(
            "warning: only 1 of 3 signed files were hashed; nothing is known of what is in the"
                + " others\n");
  }

  @Test
  void saysSoToPrograms() throws Exception {
    Invocation run =
        workspace.verify("--only", "weights/a.bin", "--format", "json").assertSucceeded();
    assertThat(run.out())
        .startsWith("{\"verified\":true,")
        .contains(
            "\"files\":1,\"bytes\":5,\"partial\":true,\"left\":[\"config.json\",\"weights/b.bin\"]",
            "\"only\":[\"weights/a.bin\"]",
            "\"rule\":\"PARTLY_HASHED\"");
    assertThat(workspace.verify("--format", "json").assertSucceeded().out())
        .contains("\"bytes\":11,\"partial\":false,\"hashAlgorithm\"")
        .doesNotContain("\"left\"", "\"only\"", "PARTLY_HASHED");
    assertThat(workspace.verify("--only", "weights", "--format", "sarif").assertSucceeded().out())
        .contains("\"partial\":true,\"left\":[\"config.json\"]", "\"ruleId\":\"PARTLY_HASHED\"");
    assertThat(workspace.verify("--format", "sarif").assertSucceeded().out())
        .doesNotContain("partial");
  }

  @Test
  void saysSoOnAPage() throws Exception {
    Path report = workspace.path("report.html");
    workspace.verify("--only", "weights", "--report", report).assertSucceeded();
    assertThat(Files.readString(report))
        .contains(
            "<h1>Verified in part</h1>",
            "only 2 of 3 files were hashed",
            "Not hashed</h2>",
            "as far as it was hashed",
            "<dt>only</dt><dd><bdi>weights</bdi></dd>",
            "<dt>files hashed</dt><dd>2 files");
    workspace.verify("--report", report).assertSucceeded();
    assertThat(Files.readString(report))
        .contains("<h1>Verified</h1>")
        .doesNotContain("hashed", "in part");
  }

  @Test
  void saysSoOnFailure() throws Exception {
    workspace.write("model/weights/a.bin", "ALPHA");
    workspace
        .verify("--only", "weights/a.bin")
        .assertFailed(
            VERIFICATION_FAILED,
            "1 changed; 1 of 3 files were hashed (OMS 8.4)",
            "the rest of what was hashed is as it was signed",
            "  not hashed   config.json\n");
    Invocation json = workspace.verify("--only", "weights/a.bin", "--format", "json");
    assertThat(json.status()).isEqualTo(1);
    assertThat(json.out())
        .startsWith("{\"verified\":false,")
        .contains("\"partial\":true,\"left\":[\"config.json\",\"weights/b.bin\"]");
    Path report = workspace.path("report.html");
    workspace.verify("--only", "weights/a.bin", "--report", report);
    assertThat(Files.readString(report))
        .contains("<h1>Not verified</h1>", "only 1 of 3 files were hashed", "Not hashed</h2>");
    // That file was not read here, and the verdict names it.
    assertThat(workspace.verify("--only", "config.json").assertSucceeded().out())
        .contains("not hashed   weights/a.bin");
  }

  @Test
  void cutsWhatWasLeftAsOtherLists() throws Exception {
    for (int i = 0; i < 30; i++) {
      workspace.write("model/many/" + i, "x");
    }
    workspace.sign().assertSucceeded();
    assertThat(workspace.verify("--only", "config.json").assertSucceeded().out())
        .contains("... and 12 more; --all shows them\n");
    assertThat(workspace.verify("--only", "config.json", "--all").assertSucceeded().out())
        .doesNotContain("more\n")
        .contains("many/29");
  }

  @ParameterizedTest
  @ValueSource(strings = {"weights", "weights/", "./weights", "weights/../weights"})
  void isRelativeToTheModel(String path) throws Exception {
    assertThat(workspace.verify("--only", path).assertSucceeded().out())
        .startsWith("Verification succeeded (partial: 2 of 3 files)\n");
  }

  @Test
  void mayBeAbsoluteOrSeveral() throws Exception {
    assertThat(
            workspace
                .verify("--only", workspace.model().resolve("weights/a.bin"), "--only=config.json")
                .assertSucceeded()
                .out())
        .startsWith("Verification succeeded (partial: 2 of 3 files)\n");
  }

  @Test
  void isWholeIfAllIsSelected() throws Exception {
    String whole = workspace.verify().assertSucceeded().out();
    for (Object all : new Object[] {".", "./", workspace.model(), workspace.model() + "/."}) {
      assertThat(workspace.verify("--only", all).assertSucceeded().out()).isEqualTo(whole);
    }
    assertThat(workspace.verify("--only", "config.json", "--only", "weights").out())
        .isEqualTo(whole);
    Path file = workspace.model().resolve("config.json");
    workspace.signModel(file).assertSucceeded();
    for (Object name : new Object[] {".", "config.json", file}) {
      assertThat(workspace.verifyModel(file, "--only", name).assertSucceeded().out())
          .startsWith("Verification succeeded\n");
    }
    workspace
        .verifyModel(file, "--only", "weights")
        .assertFailed(VERIFICATION_FAILED, "nothing was signed by the name 'weights'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"weight", "Weights", "a.bin", "weights/c.bin", "key.pub"})
  void refusesWhatSelectsNothing(String path) throws Exception {
    workspace
        .verify("--only", path)
        .assertFailed(
            VERIFICATION_FAILED, "nothing was signed by the name '" + path + "'", "(--only)");
    Invocation json = workspace.verify("--only", path, "--format", "json");
    assertThat(json.out()).contains("\"reason\":\"INVALID_SELECTION\"");
  }

  @Test
  void refusesWhatIsNotSigned() throws Exception {
    workspace.write("model/new.bin", "x");
    workspace
        .verify("--only", "new.bin", "--ignore-unsigned-files")
        .assertFailed(VERIFICATION_FAILED, "nothing was signed by the name 'new.bin'");
    workspace
        .verify("--only", "config.json")
        .assertFailed(VERIFICATION_FAILED, "not signed (1)", "new.bin");
  }

  @Test
  void refusesWhatIsOutsideOfTheModel() throws Exception {
    for (Object path : new Object[] {"..", "../key.pub", workspace.publicKey()}) {
      workspace
          .verify("--only", path)
          .assertFailed(VERIFICATION_FAILED, "the path to verify is not inside the model");
    }
  }

  @Test
  void isRefusedByWrongUsage() throws Exception {
    workspace.verify("--only", "").assertUsage("path is empty");
    workspace.verify("--only", "weights/*.bin").assertUsage("there are no patterns");
    Invocation.of(
            "verify",
            "key",
            "--each",
            directory,
            "--signature-name",
            "model.sig",
            "--public-key",
            workspace.publicKey(),
            "--only",
            "config.json")
        .assertUsage("--only is for one model");
  }

  @Test
  void copiesWhatIsSelected() throws Exception {
    Path copy = workspace.path("copy");
    Invocation run = workspace.verify("--only", "weights", "--copy-to", copy).assertSucceeded();
    assertThat(run.out()).contains("  copy         " + copy + " (partial: 2 of 3 files)\n");
    assertThat(copy.toFile().list()).containsExactly("weights");
    assertThat(copy.resolve("weights/a.bin")).hasContent("alpha");
  }

  @Test
  void goesWithAnIndexAndStrictness() throws Exception {
    workspace.write(
        "model/model.safetensors.index.json", "{\"weight_map\":{\"t\":\"weights/a.bin\"}}");
    workspace.sign().assertSucceeded();
    assertThat(
            workspace
                .verify("--only", "model.safetensors.index.json", "--strict")
                .assertSucceeded()
                .out())
        .startsWith("Verification succeeded (partial: 2 of 4 files)\n");
    workspace.write(
        "model/model.safetensors.index.json", "{\"weight_map\":{\"t\":\"../../key.pem\"}}");
    workspace
        .verify("--only", "model.safetensors.index.json")
        .assertFailed(VERIFICATION_FAILED, "1 changed; 1 of 4 files were hashed");
    workspace.sign().assertSucceeded();
    workspace
        .verify("--only", "model.safetensors.index.json")
        .assertFailed(VERIFICATION_FAILED, "'../../key.pem', which has the component '..'");
  }

  /** Where directories are links into the one behind. */
  @Test
  void namesFilesOfAVolumeAsTheyWereSigned() throws Exception {
    ModelPlaces.volume(workspace.model(), workspace.path("mounted"));
    for (String path : new String[] {"weights", "weights/a.bin", "..data/weights"}) {
      assertThat(
              workspace
                  .verifyModel(workspace.path("mounted"), "--kubernetes-volume", "--only", path)
                  .assertSucceeded()
                  .out())
          .contains(path.endsWith("a.bin") ? "(partial: 1 of 3 files)" : "(partial: 2 of 3 files)");
    }
  }
}
