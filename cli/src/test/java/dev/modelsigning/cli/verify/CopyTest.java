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
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code verify --copy-to}: when a copy is made, what it contains, and which paths are refused. */
class CopyTest {

  @TempDir private Path directory;

  private Workspace workspace;
  private Path place;
  private Path copy;

  @BeforeEach
  void signAModel() throws IOException {
    workspace = Workspace.in(directory);
    workspace.sign().assertSucceeded();
    place = Files.createDirectory(workspace.path("place"));
    copy = place.resolve("copy");
  }

  private static Map<String, String> content(Path root) throws IOException {
    Map<String, String> content = new TreeMap<>();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        content.put(root.relativize(file).toString(), Files.readString(file));
      }
    }
    return content;
  }

  private void assertSignedFiles() throws IOException {
    assertThat(content(copy))
        .isEqualTo(Map.of("config.json", "{}", "weights/a.bin", "alpha", "weights/b.bin", "beta"));
    assertThat(Files.getPosixFilePermissions(copy))
        .isEqualTo(PosixFilePermissions.fromString("rwx------"));
    assertThat(place.toFile().list()).containsExactly("copy");
  }

  @Test
  void isNamedByTheVerdict() throws Exception {
    Invocation text = workspace.verify("--copy-to", copy).assertSucceeded();
    assertThat(text.out())
        .startsWith("Verification succeeded\n")
        .contains("\n  copy         " + copy + "\n");
    assertSignedFiles();

    Path second = place.resolve("second");
    Invocation json = workspace.verify("--copy-to", second, "--format", "json").assertSucceeded();
    assertThat(json.out()).contains("\"copy\":\"" + second + "\"");
    assertThat(content(second)).isEqualTo(content(copy));
  }

  @Test
  void isInTheReport() throws Exception {
    Path report = workspace.path("report.html");
    workspace.verify("--copy-to", copy, "--report", report).assertSucceeded();
    assertThat(Files.readString(report))
        .contains("A copy of what was verified is in <bdi>" + copy + "</bdi>.");
  }

  @Test
  void changesNothingInSarif() throws Exception {
    String without = workspace.verify("--format", "sarif").assertSucceeded().out();
    assertThat(workspace.verify("--format", "sarif", "--copy-to", copy).assertSucceeded().out())
        .isEqualTo(without);
    assertSignedFiles();
  }

  @Test
  void isThereWhenNothingIsPrinted() throws Exception {
    assertThat(workspace.verify("--copy-to", copy, "--quiet").assertSucceeded().out()).isEmpty();
    assertSignedFiles();
  }

  @Test
  void hasNothingThatIsNotSigned() throws Exception {
    workspace.write("model/.git/HEAD", "x");
    workspace.write("model/notes.txt", "x");
    workspace.verify("--copy-to", copy, "--ignore-unsigned-files").assertSucceeded();
    assertSignedFiles();
  }

  @Test
  void doesNotHaveTheSignatureAndKeysThatLieInTheModel() throws Exception {
    Path inside = workspace.model().resolve("model.sig");
    Files.delete(workspace.signature());
    workspace.signTo(inside).assertSucceeded();
    Files.copy(workspace.publicKey(), workspace.model().resolve(".gitignore"));
    Invocation.of(
            "verify",
            "key",
            workspace.model(),
            "--signature",
            inside,
            "--public-key",
            workspace.model().resolve(".gitignore"),
            "--copy-to",
            copy)
        .assertSucceeded();
    assertSignedFiles();
    workspace.verifyBy(inside, "--copy-to", copy).assertFailed(VERIFICATION_FAILED, "exists");
  }

  @ParameterizedTest
  @ValueSource(strings = {"changed", "missing", "added", "signature", "key"})
  void isNotThereIfVerificationFails(String how) throws Exception {
    Path key = workspace.publicKey();
    switch (how) {
      case "changed" -> workspace.write("model/weights/b.bin", "BETA");
      case "missing" -> Files.delete(workspace.model().resolve("weights/b.bin"));
      case "added" -> workspace.write("model/weights/c.bin", "x");
      case "signature" -> Files.writeString(workspace.signature(), "{}");
      default -> {
        key = workspace.path("other.pub");
        Invocation.of("generate-key", "--private-key", workspace.path("o"), "--public-key", key)
            .assertSucceeded();
      }
    }
    workspace.verifyWith(key, "--copy-to", copy).assertFailed(VERIFICATION_FAILED);
    assertThat(place).isEmptyDirectory();
    Invocation json = workspace.verifyWith(key, "--copy-to", copy, "--format", "json");
    assertThat(json.status()).isEqualTo(1);
    assertThat(json.out()).startsWith("{\"verified\":false").doesNotContain("\"copy\"");
    assertThat(place).isEmptyDirectory();
  }

  /** What is there stays as it is; also an empty directory, which a rename could replace. */
  @ParameterizedTest
  @ValueSource(strings = {"empty directory", "directory", "file", "link", "dangling link", "model"})
  void replacesNothing(String what) throws Exception {
    switch (what) {
      case "empty directory" -> Files.createDirectory(copy);
      case "directory" -> workspace.write("place/copy/mine", "x");
      case "file" -> Files.writeString(copy, "mine");
      case "link" -> Files.createSymbolicLink(copy, Files.createDirectory(directory.resolve("d")));
      case "dangling link" -> Files.createSymbolicLink(copy, Path.of("nowhere"));
      default -> copy = workspace.model();
    }
    for (String name : List.of(copy.toString(), copy + "/")) {
      workspace
          .changingNothing(() -> workspace.verify("--copy-to", name))
          .assertFailed(VERIFICATION_FAILED, copy.toString());
    }
    if (!what.equals("model")) {
      workspace
          .verify("--copy-to", copy)
          .assertFailed(
              VERIFICATION_FAILED, "exists; a copy replaces nothing, so name a new directory");
      assertThat(place.toFile().list()).containsExactly("copy");
    }
  }

  /** Before the model is read, and even the signature: a run that cannot end well is short. */
  @Test
  void looksAtItsPlaceFirst() throws Exception {
    Files.createDirectory(copy);
    Files.writeString(workspace.signature(), "{}");
    workspace.verify("--copy-to", copy).assertFailed(VERIFICATION_FAILED, "exists");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "model/copy",
        "model/weights/copy",
        "link/copy",
        "place/../model/copy",
        "model/.git"
      })
  void isRefusedInTheModel(String name) throws Exception {
    workspace.link("link", "model/weights");
    workspace
        .changingNothing(() -> workspace.verify("--copy-to", workspace.path(name)))
        .assertFailed(VERIFICATION_FAILED, "lies in the model; a copy of it belongs elsewhere");
  }

  @Test
  void isRefusedWithoutADirectoryAbove() throws Exception {
    for (String name : List.of("no/copy", "no/..", "key.pub/copy")) {
      workspace
          .changingNothing(() -> workspace.verify("--copy-to", place.resolve("../" + name)))
          .assertFailed(VERIFICATION_FAILED, "there is no directory above it; make that first");
    }
  }

  @Test
  void isRefusedWhereOthersCanWrite() throws Exception {
    Files.setPosixFilePermissions(place, PosixFilePermissions.fromString("rwxrwxrwx"));
    workspace
        .changingNothing(() -> workspace.verify("--copy-to", copy))
        .assertFailed(VERIFICATION_FAILED, "can be written to by others");
    assertThat(place).isEmptyDirectory();
  }

  @Test
  void isMadeByAnySpellingOfItsPlace() throws Exception {
    workspace.link("other-place", "place");
    String name = workspace.path("key.pem/../other-place/copy") + "//";
    workspace.verify("--copy-to", workspace.path("other-place/./copy") + "//").assertSucceeded();
    assertSignedFiles();
    workspace
        .changingNothing(() -> workspace.verify("--copy-to", name))
        .assertFailed(VERIFICATION_FAILED);
  }

  @Test
  void mayHaveTheLongestName() throws Exception {
    copy = place.resolve("c".repeat(255));
    workspace.verify("--copy-to", copy).assertSucceeded();
    assertThat(content(copy)).hasSize(3);
  }

  @Test
  void isRefusedByWrongUsage() throws Exception {
    workspace.changingNothing(() -> workspace.verify("--copy-to", "")).assertUsage("path is empty");
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
                "--copy-to",
                copy))
        .assertUsage("--copy-to is for one model");
    for (String report : List.of("place/copy", "place/copy/report.html", "place/copy/a/b.html")) {
      workspace
          .changingNothing(
              () -> workspace.verify("--copy-to", copy, "--report", workspace.path(report)))
          .assertUsage("is in the copy, which has signed files only");
    }
    assertThat(place).isEmptyDirectory();
  }

  /** Nothing is left on a disk that has become full, or the next attempt would have less. */
  @Test
  void isNotThereIfTheDiskIsFull() throws Exception {
    workspace.write("model/weights/large.bin", "x".repeat(1 << 20));
    workspace.sign().assertSucceeded();
    withDisk(
        "64k",
        disk -> {
          workspace
              .verify("--copy-to", disk.resolve("copy"))
              .assertFailed(VERIFICATION_FAILED, "No space left on device");
          assertThat(disk).isEmptyDirectory();
        });
  }

  /** The copy was verified, and the run still reports that it failed. */
  @Test
  void staysWhereTheReportCannotBeWritten() throws Exception {
    withDisk(
        "4k",
        disk -> {
          Path report = disk.resolve("report.html");
          Invocation run =
              workspace.verify("--copy-to", copy, "--report", report, "--format", "json");
          assertThat(run.status()).isEqualTo(1);
          assertThat(run.out()).startsWith("{\"verified\":false").doesNotContain("\"copy\"");
          assertThat(run.err())
              .contains("The copy in " + copy + " is complete and was verified; remove it before");
          assertSignedFiles();
        });
  }

  /** Uses a disk. */
  @FunctionalInterface
  private interface OnDisk {
    void run(Path disk) throws Exception;
  }

  private void withDisk(String size, OnDisk test) throws Exception {
    Path disk = Files.createDirectory(workspace.path("disk"));
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "mode=700,size=" + size, "copy-test", disk) == 0
            || "true".equals(System.getenv("MODEL_SIGNING_REQUIRE_MOUNTS")),
        "mounts a file system, which needs root");
    try {
      test.run(disk);
    } finally {
      assertThat(run("umount", disk)).isZero();
    }
  }

  private static int run(Object... command) throws IOException, InterruptedException {
    return TimedProcess.start(
            new ProcessBuilder(Stream.of(command).map(Object::toString).toList())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD))
        .waitFor();
  }

  @Test
  void isOfTheOneFileOfAModelOfOneFile() throws Exception {
    Path model = workspace.model().resolve("config.json");
    workspace.signModel(model).assertSucceeded();
    workspace.verifyModel(model, "--copy-to", copy).assertSucceeded();
    assertThat(content(copy)).isEqualTo(Map.of("config.json", "{}"));
    // Beside it is not in it.
    Path beside = workspace.model().resolve("beside");
    workspace.verifyModel(model, "--copy-to", beside).assertSucceeded();
    assertThat(content(beside)).isEqualTo(Map.of("config.json", "{}"));
  }
}
