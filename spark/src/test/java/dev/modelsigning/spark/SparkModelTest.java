package dev.modelsigning.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.local.DirectorySource;
import dev.modelsigning.manifest.HashedModel;
import dev.modelsigning.manifest.ModelHasher;
import dev.modelsigning.manifest.Reading;
import dev.modelsigning.model.HashAlgorithm;
import dev.modelsigning.model.HashProgress;
import dev.modelsigning.model.ModelSource;
import dev.modelsigning.statement.Statement;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.SparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Models that Spark hashes, in this process. */
class SparkModelTest {

  private static LocalSpark local;

  @TempDir private Path directory;

  @BeforeAll
  static void start() {
    local = LocalSpark.start();
  }

  @AfterAll
  static void stop() {
    local.close();
  }

  private static SparkContext spark() {
    return local.context();
  }

  private static SparkModel open(Path model) throws IOException {
    return SparkModel.open("file://" + model, spark());
  }

  private static byte[] statement(ModelHasher hasher, ModelSource model) throws IOException {
    return Statement.about(hasher.hash(model)).toPayload().content().toArray();
  }

  /** Names that need care, empty files, sizes of any kind. */
  private Path model() throws IOException {
    Path model = directory.resolve("bert");
    Files.createDirectories(model.resolve("sub/deeper"));
    Files.writeString(model.resolve("config.json"), "{}");
    Files.writeString(model.resolve("sub/deeper/a file+100% ü?#&=:.txt"), "umlaut");
    Files.writeString(model.resolve("sub/empty"), "");
    Files.writeString(model.resolve(".hidden.crc"), "which Hadoop does not show");
    Files.writeString(model.resolve("sub-1"), "before sub/");
    byte[] weights = new byte[5 * 1024 * 1024 + 17];
    new Random(1).nextBytes(weights);
    Files.write(model.resolve("weights.bin"), weights);
    Files.createDirectories(model.resolve(".git"));
    Files.writeString(model.resolve(".git/HEAD"), "left out");
    return model;
  }

  @ParameterizedTest
  @EnumSource
  void statesTheSameAsOneMachine(HashAlgorithm algorithm) throws IOException {
    Path model = model();
    ModelHasher hasher = ModelHasher.builder().hashAlgorithm(algorithm).build();
    assertThat(statement(hasher, open(model)))
        .isEqualTo(statement(hasher, DirectorySource.of(model)));
  }

  @ParameterizedTest
  @ValueSource(longs = {1000, 1 << 20, 5 * 1024 * 1024 + 17, 1L << 40})
  void statesTheSameShardsAsOneMachine(long shardSize) throws IOException {
    Path model = model();
    ModelHasher hasher = ModelHasher.builder().shardSize(shardSize).build();
    assertThat(statement(hasher, open(model)))
        .isEqualTo(statement(hasher, DirectorySource.of(model)));
  }

  @Test
  void statesTheSameOfASingleFile() throws IOException {
    Path file = model().resolve("weights.bin");
    ModelHasher hasher = ModelHasher.withDefaults();
    assertThat(statement(hasher, open(file)))
        .isEqualTo(statement(hasher, DirectorySource.of(file)));
  }

  @Test
  void statesTheSameWithPathsLeftOutAndLinks() throws IOException {
    Path model = model();
    Files.createSymbolicLink(model.resolve("link"), Path.of("config.json"));
    assertThatThrownBy(() -> ModelHasher.withDefaults().hash(open(model)))
        .hasMessageContaining("is a symbolic link");
    ModelHasher hasher =
        ModelHasher.builder()
            .reading(Reading.withDefaults().ignorePath("sub").allowSymlinks(true))
            .build();
    HashedModel hashed = hasher.hash(open(model));
    assertThat(hashed.manifest().files().count()).isEqualTo(5);
    assertThat(statement(hasher, open(model)))
        .isEqualTo(statement(hasher, DirectorySource.of(model)));
  }

  @Test
  void statesTheSameOfManyFilesOfSkewedSizes() throws IOException {
    Path model = directory.resolve("skewed");
    Files.createDirectories(model);
    Random random = new Random(7);
    for (int i = 0; i < 300; i++) {
      byte[] content = new byte[i % 100 == 0 ? 3_000_000 : random.nextInt(50)];
      random.nextBytes(content);
      Files.write(model.resolve("file" + i), content);
    }
    ModelHasher hasher = ModelHasher.withDefaults();
    assertThat(statement(hasher, open(model)))
        .isEqualTo(statement(hasher, DirectorySource.of(model)));
  }

  /** What is written to a model while it is hashed, when so many bytes were. */
  private static ModelHasher changing(Change change) {
    AtomicInteger first = new AtomicInteger();
    return ModelHasher.builder()
        .reading(
            Reading.withDefaults()
                .progress(
                    new HashProgress() {
                      @Override
                      public void found(long files, long bytes) {
                        if (first.getAndIncrement() == 0) {
                          change.run();
                        }
                      }
                    }))
        .build();
  }

  private interface Change {
    void make() throws IOException;

    default void run() {
      try {
        make();
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
  }

  /** A model of which the first file is found before the others are looked at. */
  private Path three() throws IOException {
    Path model = directory.resolve("three");
    Files.createDirectories(model);
    for (String name : new String[] {"a", "b", "c"}) {
      Files.writeString(model.resolve(name), "content of " + name);
    }
    return model;
  }

  @Test
  void reportsAllFilesThatChangedAfterTheyWereListedAtOnce() throws IOException {
    Path model = three();
    SparkModel source = open(model);
    FailingLater failing =
        new FailingLater(
            source,
            () -> {
              Files.writeString(model.resolve("a"), "longer than it was before, by far");
              Files.delete(model.resolve("b"));
              Files.setLastModifiedTime(model.resolve("c"), FileTime.fromMillis(1));
            });
    assertThatThrownBy(() -> ModelHasher.withDefaults().hash(failing))
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining("3 files cannot be read or changed meanwhile")
        .hasMessageContaining(model.resolve("a").toString())
        .hasMessageContaining(model.resolve("b").toString())
        .hasMessageContaining("is not there any more")
        .hasMessageContaining(model.resolve("c").toString())
        .hasMessageContaining("start again when nobody writes to it");
  }

  @Test
  void findsFilesThatWereAddedWhileOthersWereHashed() throws IOException {
    Path model = three();
    ModelHasher hasher = changing(() -> Files.writeString(model.resolve("later"), "x"));
    // The walk may or may not find it, and a second one does.
    FailingLater failing =
        new FailingLater(open(model), () -> Files.writeString(model.resolve("later"), "x"));
    assertThatThrownBy(() -> hasher.hash(failing))
        .hasMessageContaining(model.resolve("later").toString())
        .hasMessageContaining("was added or changed while the model was read");
  }
}
