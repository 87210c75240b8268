package dev.modelsigning.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.internal.engine.FileChangedException;
import dev.modelsigning.local.ModelPath;
import dev.modelsigning.model.EntryKind;
import dev.modelsigning.model.HashAlgorithm;
import dev.modelsigning.model.HashProgress;
import dev.modelsigning.model.UncoveredEntry;
import dev.modelsigning.model.UncoveredEntry.Reason;
import dev.modelsigning.testing.Models;
import dev.modelsigning.testing.TimedProcess;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelHasherTest {

  @TempDir Path directory;

  private Path model(String... namesAndContents) throws IOException {
    return Models.write(directory.resolve("model"), namesAndContents);
  }

  private static List<String> names(HashedModel hashed) {
    return hashed.manifest().resources().stream().map(ResourceDescriptor::name).toList();
  }

  private static HashedModel hash(Path model) throws IOException {
    return ModelHasher.withDefaults().hash(model);
  }

  private static String root(HashedModel hashed) {
    return hashed.manifest().rootDigest().hex();
  }

  @Test
  void computesThePublishedRootDigestOfNamesThatSortDifferently() throws IOException {
    Path model =
        model(
            "a/b",
            "1",
            "a-b",
            "2",
            "a.b",
            "3",
            "a b",
            "4",
            "ab",
            "5",
            "a/c/d",
            "6",
            "\uff21.bin",
            "7",
            "\ud83d\ude00.bin",
            "8");
    assertThat(root(hash(model)))
        .isEqualTo("011f10b510ee985017b0d2d6359ce84ab5e27e7d7176be6ceac9a704fcdb66ba");
  }

  @Test
  void computesThePublishedRootDigestOfShardsWithOffsetsOfDifferentLength() throws IOException {
    Path model = model("f", "0123456789ab");
    HashedModel hashed = ModelHasher.builder().shardSize(1).build().hash(model);
    assertThat(names(hashed).subList(0, 4)).containsExactly("f:0:1", "f:10:11", "f:11:12", "f:1:2");
    assertThat(root(hashed))
        .isEqualTo("a5f8c9ab2643082c8cdfbc15e27623bc123979185aef480876b2d8077f64b324");
  }

  @Test
  void listsDotFilesEmptyFilesAndNestedGitFilesButNotTheGitFilesAtTheTop() throws IOException {
    Path model =
        model(
            ".env",
            "x",
            "empty",
            "",
            "sub/.git/config",
            "x",
            ".gitmodules",
            "x",
            ".git/config",
            "x",
            ".gitignore",
            "x",
            ".gitattributes",
            "x",
            ".github/w",
            "x");
    HashedModel hashed = hash(model);
    assertThat(names(hashed)).containsExactly(".env", ".gitmodules", "empty", "sub/.git/config");
    assertThat(hashed.uncovered())
        .extracting(UncoveredEntry::name)
        .containsExactly(".git", ".gitattributes", ".github", ".gitignore");
  }

  @Test
  void listsGitFilesOnRequest() throws IOException {
    HashedModel hashed =
        ModelHasher.builder()
            .reading(Reading.withDefaults().ignoreGitPaths(false))
            .build()
            .hash(model(".git/config", "x", "a", "y"));
    assertThat(names(hashed)).containsExactly(".git/config", "a");
    assertThat(hashed.manifest().serialization().ignorePaths()).isEmpty();
  }

  @Test
  void matchesIgnorePathsByComponentFromTheRoot() throws IOException {
    Path model =
        model(
            "cache",
            "x",
            "cache2",
            "x",
            "sub/cache",
            "x",
            "dir/a",
            "x",
            "dir/b/c",
            "x",
            "dirt",
            "x");
    HashedModel hashed =
        ModelHasher.builder()
            .reading(Reading.withDefaults().ignorePath("cache").ignorePath("dir"))
            .build()
            .hash(model);
    assertThat(names(hashed)).containsExactly("cache2", "dirt", "sub/cache");
  }

  @Test
  void recordsIgnorePathsInOrderWithoutDuplicatesThenGitsOwn() throws IOException {
    Path model = model("a", "x");
    HashedModel hashed =
        ModelHasher.builder()
            .reading(
                Reading.withDefaults()
                    .ignorePath("z")
                    .ignorePath("\ud83d\ude00")
                    .ignorePath("\uff21")
                    .ignorePath(".git")
                    .ignorePath("z"))
            .build()
            .hash(model, model.resolve("m.sig"));
    assertThat(hashed.manifest().serialization().ignorePaths())
        .containsExactly(
            ".git",
            "m.sig",
            "z",
            "\uff21",
            "\ud83d\ude00",
            ".gitattributes",
            ".github",
            ".gitignore");
  }

  @Test
  void leavesOutTheSignatureInsideTheModelAndOnlyThere() throws IOException {
    Path model = model("a", "x", "model.sig", "old", "sub/model.sig", "part of the model");
    HashedModel hashed = ModelHasher.withDefaults().hash(model, model.resolve("model.sig"));
    assertThat(names(hashed)).containsExactly("a", "sub/model.sig");
    assertThat(hashed.uncovered())
        .containsExactly(new UncoveredEntry("model.sig", EntryKind.FILE, Reason.SIGNATURE_FILE));
    assertThat(ModelHasher.withDefaults().hash(model, directory.resolve("model.sig")).files())
        .isEqualTo(3);
  }

  @Test
  void leavesOutASignatureWhoseNameBeginsWithDots() throws IOException {
    Path model = model("a", "x", "..x.sig", "old");
    assertThat(names(ModelHasher.withDefaults().hash(model, model.resolve("..x.sig"))))
        .containsExactly("a");
  }

  @Test
  void doesNotNormaliseUnicode() throws IOException {
    Path model = model("\u00e9", "1", "e\u0301", "2");
    assertThat(names(hash(model))).containsExactly("e\u0301", "\u00e9");
  }

  @Test
  void namesASingleFileByItsBasename() throws IOException {
    HashedModel hashed = hash(model("sub/only.bin", "x").resolve("sub/only.bin"));
    assertThat(names(hashed)).containsExactly("only.bin");
    assertThat(hashed.name()).isEqualTo("only.bin");
  }

  @Test
  void namesAModelByItsRealNameWhereThePathHasNone() throws IOException {
    Path model = model("sub/a", "x");
    assertThat(hash(model.resolve(".")).name()).isEqualTo("model");
    assertThat(hash(model.resolve("sub/..")).name()).isEqualTo("model");
    assertThat(ModelPath.nameOf(Path.of("/"))).isEqualTo("model");
  }

  @ParameterizedTest
  @EnumSource(HashAlgorithm.class)
  void givesEqualDigestsWhateverTheNumberOfThreads(HashAlgorithm algorithm) throws IOException {
    Path model = model();
    for (int i = 0; i < 50; i++) {
      Files.write(model.resolve("f" + i), new byte[i * 20_000]);
    }
    ModelHasher.Builder builder = ModelHasher.builder().hashAlgorithm(algorithm);
    HashedModel one = builder.reading(Reading.withDefaults().parallelism(1)).build().hash(model);
    HashedModel eight = builder.reading(Reading.withDefaults().parallelism(8)).build().hash(model);
    assertThat(eight.manifest()).isEqualTo(one.manifest());
    HashedModel shards = builder.shardSize(12_345).build().hash(model);
    assertThat(
            builder.reading(Reading.withDefaults().parallelism(1)).build().hash(model).manifest())
        .isEqualTo(shards.manifest());
  }

  @Test
  void reportsProgressInFilesAndBytes() throws IOException {
    Path model = model("a", "xx", "b", "yyy");
    AtomicLong hashed = new AtomicLong();
    AtomicLong announced = new AtomicLong();
    ModelHasher.builder()
        .reading(
            Reading.withDefaults()
                .progress(
                    new HashProgress() {
                      @Override
                      public void started(long files, long bytes) {
                        announced.addAndGet(files * 100 + bytes);
                      }

                      @Override
                      public void found(long files, long bytes) {
                        announced.addAndGet(files * 100 + bytes);
                      }

                      @Override
                      public void hashed(long bytes) {
                        hashed.addAndGet(bytes);
                      }

                      @Override
                      public void ended() {
                        announced.addAndGet(1000);
                      }
                    }))
        .build()
        .hash(model);
    assertThat(announced).hasValue(1205);
    assertThat(hashed).hasValue(5);
  }

  // --- what cannot be signed

  private static void refuses(ModelHasher hasher, Path model, String file, String reason) {
    assertThatThrownBy(() -> hasher.hash(model))
        .isInstanceOfSatisfying(
            FileSystemException.class,
            e -> {
              assertThat(e.getFile()).endsWith(file);
              assertThat(e.getReason()).contains(reason);
            });
  }

  @Test
  void refusesAnEmptyModel() throws IOException {
    refuses(ModelHasher.withDefaults(), model(), "model", "no files to sign");
    Files.createDirectories(directory.resolve("model/empty/directories"));
    refuses(ModelHasher.withDefaults(), model(), "model", "no files to sign");
  }

  @Test
  void refusesAModelOfWhichAllIsLeftOut() throws IOException {
    refuses(ModelHasher.withDefaults(), model(".git/x", "x"), "model", "besides");
  }

  @Test
  void refusesAModelOfEmptyFilesWithShards() throws IOException {
    refuses(
        ModelHasher.builder().shardSize(10).build(), model("a", ""), "model", "no files to sign");
  }

  @Test
  void refusesAMissingModel() {
    assertThatThrownBy(() -> hash(directory.resolve("nothing")))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessageContaining("nothing");
  }

  @Test
  void refusesMoreShardsThanASignatureCanList() throws IOException {
    Path model = model();
    try (var channel =
        Files.newByteChannel(
            model.resolve("sparse"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      channel.position(1L << 32);
      channel.write(java.nio.ByteBuffer.wrap(new byte[1]));
    }
    refuses(ModelHasher.builder().shardSize(1).build(), model, "model", "larger shard size");
  }

  @Test
  void refusesALinkUnlessLinksAreAllowed() throws IOException {
    Path model = model("a", "x");
    Files.createSymbolicLink(model.resolve("link"), Path.of("a"));
    refuses(ModelHasher.withDefaults(), model, "link", "symbolic link");
    HashedModel hashed =
        ModelHasher.builder()
            .reading(Reading.withDefaults().allowSymlinks(true))
            .build()
            .hash(model);
    assertThat(names(hashed)).containsExactly("a", "link");
    assertThat(hashed.manifest().serialization().allowSymlinks()).isTrue();
    assertThat(hashed.findings()).isEmpty();
  }

  @Test
  void warnsAboutALinkThatLeadsOutOfTheModel() throws IOException {
    Path model = model("a", "x");
    Files.writeString(directory.resolve("outside"), "y");
    Files.createSymbolicLink(model.resolve("link"), directory.resolve("outside"));
    HashedModel hashed =
        ModelHasher.builder()
            .reading(Reading.withDefaults().allowSymlinks(true))
            .build()
            .hash(model);
    assertThat(hashed.findings()).singleElement().asString().contains("'link'", "out of the model");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void refusesALinkToADirectory(boolean allowed) throws IOException {
    Path model = model("sub/a", "x");
    Files.createSymbolicLink(model.resolve("link"), Path.of("sub"));
    refuses(
        ModelHasher.builder().reading(Reading.withDefaults().allowSymlinks(allowed)).build(),
        model,
        "link",
        "to a directory");
  }

  @ParameterizedTest
  @ValueSource(strings = {"nowhere", "link", "/nonexistent/target"})
  void refusesABrokenOrCircularLink(String target) throws IOException {
    Path model = model("a", "x");
    Files.createSymbolicLink(model.resolve("link"), Path.of(target));
    refuses(
        ModelHasher.builder().reading(Reading.withDefaults().allowSymlinks(true)).build(),
        model,
        "link",
        "leads nowhere");
    refuses(ModelHasher.withDefaults(), model, "link", "symbolic link");
  }

  @Test
  void refusesAModelThatIsItselfALinkUnlessLinksAreAllowed() throws IOException {
    model("a", "x");
    Path link = Files.createSymbolicLink(directory.resolve("link"), Path.of("model"));
    refuses(ModelHasher.withDefaults(), link, "link", "symbolic link");
    HashedModel hashed =
        ModelHasher.builder()
            .reading(Reading.withDefaults().allowSymlinks(true))
            .build()
            .hash(link);
    assertThat(hashed.name()).isEqualTo("link");
    assertThat(names(hashed)).containsExactly("a");
  }

  @Test
  void doesNotMindALinkThatIsLeftOut() throws IOException {
    Path model = model("a", "x");
    Files.createSymbolicLink(model.resolve("link"), Path.of("/nonexistent"));
    HashedModel hashed =
        ModelHasher.builder()
            .reading(Reading.withDefaults().ignorePath("link"))
            .build()
            .hash(model);
    assertThat(names(hashed)).containsExactly("a");
    assertThat(hashed.uncovered().get(0).kind()).isEqualTo(EntryKind.SYMBOLIC_LINK);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/a", "../a", "a/../b", "./a", "a/", "*.bin", "a?", "a[0]", "."})
  void refusesAnIgnorePathThatIsNotCanonicalOrAPattern(String path) {
    assertThatThrownBy(() -> ModelHasher.builder().reading(Reading.withDefaults().ignorePath(path)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("OMS 6.2.1");
  }

  @Test
  void refusesASignatureInTheModelWhoseNameCannotBeRecorded() throws IOException {
    Path model = model("a", "x");
    assertThatThrownBy(() -> ModelHasher.withDefaults().hash(model, model.resolve("x[1].sig")))
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining("x[1].sig")
        .hasMessageContaining("OMS 6.2.1");
    assertThat(ModelHasher.withDefaults().hash(model, directory.resolve("x[1].sig")).files())
        .isEqualTo(1);
  }

  @Test
  void walksDirectoriesThatAreVeryDeep() throws Exception {
    Path deepest = model("top", "x");
    for (int i = 0; i < 1800; i++) {
      deepest = Files.createDirectory(deepest.resolve("d"));
    }
    Files.writeString(deepest.resolve("f"), "deep");
    assertThat(hash(directory.resolve("model")).files()).isEqualTo(2);
    remove(directory.resolve("model/d"));
  }

  /** JUnit takes half a minute for what is this deep. */
  private static void remove(Path deep) throws Exception {
    TimedProcess.start(new ProcessBuilder("rm", "-rf", deep.toString())).waitFor();
  }

  @Test
  void refusesADirectoryThatIsTooDeepToBeRead() throws Exception {
    Path model = model("a", "x");
    Process process =
        TimedProcess.start(
            new ProcessBuilder(
                    "sh",
                    "-c",
                    "n=$(printf 'n%.0s' $(seq 240)); for i in $(seq 20); do mkdir $n && cd -P $n"
                        + " || exit 1; done")
                .directory(model.toFile()));
    org.junit.jupiter.api.Assumptions.assumeTrue(
        process.waitFor() == 0, "needs a POSIX shell that makes paths longer than it can name");
    refuses(ModelHasher.withDefaults(), model, "n", "cannot be read");
    assertThat(
            ModelHasher.builder()
                .reading(Reading.withDefaults().ignorePath("n".repeat(240)))
                .build()
                .hash(model)
                .files())
        .isEqualTo(1);
    remove(model.resolve("n".repeat(240)));
  }

  // --- files that change meanwhile

  /** Changes a file as soon as its first bytes were hashed. */
  private void refusesAChange(ChangeOfFile change, String reason) throws IOException {
    Path model = model();
    Path file = model.resolve("weights");
    Files.write(file, new byte[3_000_000]);
    HashProgress saboteur =
        new HashProgress() {
          private boolean done;

          @Override
          public void started(long files, long bytes) {}

          @Override
          public void ended() {}

          @Override
          public synchronized void hashed(long bytes) {
            if (!done) {
              done = true;
              try {
                change.apply(file);
              } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
              }
            }
          }
        };
    assertThatThrownBy(() ->
            ModelHasher.builder()
                .reading(Reading.withDefaults().progress(saboteur))
                .build()
                .hash(model))
        .isInstanceOfSatisfying(
            FileChangedException.class,
            e -> {
              assertThat(e.getFile()).isEqualTo(file.toString());
              assertThat(e.getReason()).contains(reason);
            });
  }

  private interface ChangeOfFile {
    void apply(Path file) throws IOException;
  }

  @Test
  void refusesAFileThatGrowsWhileItIsHashed() throws IOException {
    refusesAChange(
        file -> Files.writeString(file, "more", StandardOpenOption.APPEND), "found more");
  }

  @Test
  void refusesAFileThatShrinksWhileItIsHashed() throws IOException {
    refusesAChange(
        file -> {
          try (var channel = java.nio.channels.FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(1_000_000);
          }
        },
        "expected 3000000 bytes, found 1000000");
  }

  @Test
  void refusesAFileThatIsRewrittenWhileItIsHashed() throws IOException {
    refusesAChange(
        file -> {
          Files.write(file, new byte[1], StandardOpenOption.WRITE);
          Files.setLastModifiedTime(file, FileTime.fromMillis(0));
        },
        "modification time");
  }

  @Test
  void refusesAFileThatIsReplacedWhileItIsHashed() throws IOException {
    refusesAChange(
        file -> {
          FileTime time = Files.getLastModifiedTime(file);
          Path other = file.resolveSibling("other");
          Files.write(other, new byte[3_000_000]);
          Files.setLastModifiedTime(other, time);
          Files.move(
              other,
              file,
              java.nio.file.StandardCopyOption.REPLACE_EXISTING,
              java.nio.file.StandardCopyOption.ATOMIC_MOVE);
        },
        "replaced");
  }

  @Test
  void refusesANameThatIsNotUtf8() throws Exception {
    Path model = model("a", "x");
    Process process =
        TimedProcess.start(
            new ProcessBuilder("sh", "-c", "printf x > \"$(printf 'bad\\377name')\"")
                .directory(model.toFile()));
    org.junit.jupiter.api.Assumptions.assumeTrue(
        process.waitFor() == 0, "needs a POSIX shell and a file system without encoding");
    refuses(ModelHasher.withDefaults(), model, "name", "not UTF-8");
  }
}
