package dev.modelsigning.cli.verify;

import static dev.modelsigning.cli.Workspace.VERIFICATION_FAILED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.cli.Invocation;
import dev.modelsigning.cli.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code verify --each}: all direct subdirectories, all of which must be verified. */
class EachModelTest {

  @TempDir private Path directory;

  private Workspace workspace;

  @BeforeEach
  void signThreeModels() throws IOException {
    workspace = Workspace.in(directory);
    for (String name : List.of("alpha", "beta", "gamma")) {
      sign(name);
    }
  }

  private void sign(String name) throws IOException {
    workspace.write("models/" + name + "/weights", name);
    Invocation.of(
            "sign",
            "key",
            models().resolve(name),
            "--private-key",
            workspace.privateKey(),
            "--signature",
            models().resolve(name).resolve("model.sig"))
        .assertSucceeded();
  }

  private Path models() {
    return workspace.path("models");
  }

  private Invocation verify(Object... more) {
    return verifyIn(models(), more);
  }

  private Invocation verifyIn(Path models, Object... more) {
    List<Object> args =
        new ArrayList<>(
            List.of(
                "verify",
                "key",
                "--each",
                models,
                "--signature-name",
                "model.sig",
                "--public-key",
                workspace.publicKey()));
    args.addAll(List.of(more));
    return Invocation.of(args.toArray());
  }

  /** The table is the result, and is printed on failure too. */
  private static List<String> refusal(Invocation refused, String message) {
    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.err()).startsWith(VERIFICATION_FAILED + ": ").contains(message);
    return refused.out().lines().map(String::strip).toList();
  }

  @Test
  void saysWhoSignedEachOne() {
    List<String> lines = verify().assertSucceeded().out().lines().toList();

    assertThat(lines.get(0)).isEqualTo("Verification succeeded");
    assertThat(lines.subList(1, 4))
        .allMatch(
            line -> line.matches("  verified  (alpha|beta |gamma)  key [0-9a-f]{64}, 1 file, .*"));
  }

  @Test
  void failsIfOneIsNotWhatWasSigned() throws IOException {
    workspace.write("models/beta/more", "x");

    assertThat(refusal(verify(), "1 of 3 models in " + models() + " is not verified"))
        .anyMatch(line -> line.startsWith("verified  alpha"))
        .anyMatch(line ->
            line.equals(
                "FAILED    beta   1 file was added after signing; nothing that was signed changed"))
        .anyMatch(line -> line.startsWith("verified  gamma"));
  }

  /** Users who do not see the table are also told which one failed. */
  @Test
  void namesThoseThatFailedAlsoToPrograms() throws IOException {
    workspace.write("models/beta/more", "x");

    for (String option : new String[] {"--quiet", "--format=json"}) {
      assertThat(verify(option).err())
          .contains("  FAILED  beta  1 file was added after signing")
          .doesNotContain("alpha");
    }
  }

  @Test
  void saysThatAModelWasSignedUnderAnotherName() throws IOException {
    Files.move(models().resolve("alpha"), models().resolve("delta"));

    assertThat(verify().assertSucceeded().out())
        .containsPattern("verified {2}delta {2}key [0-9a-f]{64}, signed as alpha, 1 file")
        .doesNotContain("signed as beta");
  }

  @Test
  void listsFilesForProgramsOnly() {
    verify("--list-files").assertUsage("--list-files with --each needs --format json");
  }

  @Test
  void listsAndFailsADirectoryWithoutASignature() throws IOException {
    Files.createDirectory(models().resolve(".hidden"));

    assertThat(refusal(verify(), "1 of 4 models"))
        .anyMatch(line -> line.startsWith("FAILED    .hidden") && line.contains("no such file"));
  }

  @Test
  void failsWhereThereIsNoModel() throws IOException {
    Path none = Files.createDirectory(workspace.path("none"));
    Files.writeString(none.resolve("file"), "x");

    assertThat(refusal(verifyIn(none), "there is no directory in it"))
        .contains("not looked at, as they are no directories: file");
  }

  /** Nobody signed it, and deploying the directory would deploy it too. */
  @Test
  void allowsNoFileBesideTheModelsWhereThatIsStrict() throws IOException {
    workspace.write("models/evil.gguf", "x");

    verify().assertSucceeded();
    assertThat(
            refusal(
                verify("--strict"),
                "1 file is signed by nobody, such as 'evil.gguf', which --strict does not allow"))
        .noneMatch(line -> line.startsWith("FAILED"));
    assertThat(verify("--strict", "--format=json").out())
        .startsWith("{\"verified\":false,")
        .contains("\"reason\":\"NOT_ALL_VERIFIED\"");
  }

  @Test
  void failsWhereTheDirectoryIsMissing() {
    assertThat(refusal(verifyIn(workspace.path("missing")), "no such file or directory")).isEmpty();
  }

  /** Where a link leads is another question for who verifies than for who loads the models. */
  @ParameterizedTest
  @ValueSource(strings = {"alpha", "nowhere", "link", "../key.pub"})
  void followsNoLink(String target) throws IOException {
    workspace.link("models/link", target);

    assertThat(refusal(verify(), "1 of 4 models"))
        .anyMatch(line -> line.startsWith("FAILED    link") && line.contains("not followed"));
  }

  @Test
  void failsWhatIsNeitherADirectoryNorAFile() throws Exception {
    workspace.fifo("models/fifo");

    assertThat(refusal(verify(), "1 of 4 models"))
        .anyMatch(line -> line.startsWith("FAILED    fifo") && line.contains("neither"));
  }

  @Test
  void takesNoSignatureOfAnotherModelForItsOwn() throws IOException {
    Files.copy(
        models().resolve("alpha/model.sig"),
        models().resolve("beta/model.sig"),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);

    assertThat(refusal(verify(), "1 of 3 models"))
        .anyMatch(line -> line.startsWith("FAILED    beta   nothing that was signed is there"));
  }

  @Test
  void appliesTheOptionsToEachOne() throws IOException {
    for (String name : List.of("alpha", "beta", "gamma")) {
      workspace.write("models/" + name + "/cache/x", "x");
    }

    assertThat(refusal(verify(), "3 of 3 models")).hasSize(3);
    verify("--ignore-paths", "cache").assertSucceeded();
    verify("--ignore-unsigned-files").assertSucceeded();
  }

  @Test
  void printsOneObjectWithAll() throws IOException {
    workspace.write("models/beta/more", "x");
    workspace.write("models/notes", "x");
    Invocation refused = verify("--format=json");

    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.out())
        .startsWith("{\"verified\":false,\"schemaVersion\":1,")
        .hasLineCount(1)
        .contains("\"reason\":\"NOT_ALL_VERIFIED\"")
        .contains("\"models\":[{\"verified\":true,")
        .contains(",{\"verified\":false,")
        .endsWith("\"notLookedAt\":[\"notes\"]}\n");
    Files.delete(models().resolve("beta/more"));
    assertThat(verify("--format=json", "--list-files").assertSucceeded().out())
        .startsWith("{\"verified\":true,")
        .contains("\"fileList\":[{\"name\":\"weights\",\"digest\":\"sha256:");
  }

  @Test
  void printsOneObjectWhereThereIsNothing() throws IOException {
    Path none = Files.createDirectory(workspace.path("none"));

    assertThat(verifyIn(none, "--format=json").out())
        .startsWith("{\"verified\":false,")
        .contains("\"reason\":\"NO_MODELS\"")
        .hasLineCount(1);
    assertThat(verifyIn(workspace.path("missing"), "--format=json").out())
        .startsWith("{\"verified\":false,")
        .contains("\"reason\":\"IO_ERROR\"")
        .hasLineCount(1);
  }

  @Test
  void escapesNames() throws IOException {
    sign("x\u001b[31m\u202e\ny");

    Invocation verified = verify().assertSucceeded();
    assertThat(verified.out()).contains("x\\u001b[31m\\u202e\\u000ay").hasLineCount(5);
  }

  @Test
  void refusesAnotherDirectoryBesides() {
    verify("--each", workspace.path("others")).assertUsage("--each is of one directory");
  }

  @Test
  void refusesAModelBesides() {
    verify(workspace.model()).assertUsage("--each takes the place of MODEL_PATH");
    verify("--signature", workspace.signature()).assertUsage("--each takes the place of");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../model.sig", "a/../model.sig", "/model.sig", "", "."})
  void refusesAPlaceOutsideOfTheModelForTheSignature(String name) {
    Invocation.of(
            "verify",
            "key",
            "--each",
            models(),
            "--signature-name",
            name,
            "--public-key",
            workspace.publicKey())
        .assertUsage("--signature-name is a path in each model");
  }

  @Test
  void needsTheNameOfTheSignature() {
    Invocation.of("verify", "key", "--each", models(), "--public-key", workspace.publicKey())
        .assertUsage("--each needs --signature-name");
  }

  @Test
  void refusesTheNameOfTheSignatureForOneModel() {
    workspace.verify("--signature-name", "model.sig").assertUsage("is for --each");
  }

  @Test
  void stillAsksForModelAndSignatureOtherwise() {
    Invocation.of("verify", "key", "--public-key", workspace.publicKey())
        .assertUsage("'--signature=FILE'", "'MODEL_PATH'");
  }
}
