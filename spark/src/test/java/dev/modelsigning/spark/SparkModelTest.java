package dev.modelsigning.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.local.DirectorySource;
import dev.modelsigning.manifest.HashedModel;
import dev.modelsigning.manifest.ModelHasher;
import dev.modelsigning.manifest.Reading;
import dev.modelsigning.model.HashAlgorithm;
import dev.modelsigning.model.HashOutcome;
import dev.modelsigning.model.HashProgress;
import dev.modelsigning.model.Hashing;
import dev.modelsigning.model.Listing;
import dev.modelsigning.model.ModelFile;
import dev.modelsigning.model.ModelSource;
import dev.modelsigning.model.Selection;
import dev.modelsigning.spark.Storage.Look;
import dev.modelsigning.statement.Statement;
import dev.modelsigning.testing.Watching;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.RandomAccessFile;
import java.lang.reflect.Proxy;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
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

  private static final Hashing HASHING =
      new Hashing(HashAlgorithm.SHA256, OptionalLong.empty(), 1, HashProgress.NONE);

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
    assertThat(hashed.manifest().resources()).hasSize(5);
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

  /** A model of three files. */
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
    ModelSource changing =
        ChangingSource.after(
            3,
            open(model),
            () -> {
              Files.writeString(model.resolve("a"), "longer than it was before, by far");
              Files.delete(model.resolve("b"));
              Files.setLastModifiedTime(model.resolve("c"), FileTime.fromMillis(1));
            });
    assertThatThrownBy(() -> ModelHasher.withDefaults().hash(changing))
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
    ModelSource changing =
        ChangingSource.after(3, open(model), () -> Files.writeString(model.resolve("later"), "x"));
    assertThatThrownBy(() -> ModelHasher.withDefaults().hash(changing))
        .hasMessageContaining(model.resolve("later").toString())
        .hasMessageContaining("was added or changed while the model was read");
  }

  @Test
  void findsEntriesThatVanishedWhileOthersWereHashed() throws IOException {
    Path model = three();
    // It is not hashed, so that only the second list can tell.
    AtomicInteger asked = new AtomicInteger();
    Listing withoutB =
        (Listing)
            Proxy.newProxyInstance(
                Listing.class.getClassLoader(),
                new Class<?>[] {Listing.class},
                (proxy, method, arguments) -> {
                  if (method.getName().equals("wants")) {
                    if (asked.incrementAndGet() == 3) {
                      Files.delete(model.resolve("b"));
                    }
                    return !((ModelFile) arguments[0]).name().equals("b");
                  }
                  return null;
                });
    assertThatThrownBy(
            () -> open(model).list(Selection.builder().build(), Optional.of(HASHING), withoutB))
        .hasMessageContaining("1 entry has vanished while the model was read");
  }

  /** Size and time are what whoever writes the file sets. */
  @Test
  void aFileThatIsAnotherOneOnlyWhileItIsReadIsRefused() throws IOException {
    Path model = directory.resolve("model");
    Path evil = directory.resolve("evil");
    Path good = directory.resolve("good");
    for (Path each : List.of(model, evil, good)) {
      Files.createDirectories(each);
    }
    for (Path each : List.of(model, good)) {
      Path file = Files.createDirectories(each.resolve("sub")).resolve("a");
      Files.writeString(file, each.equals(good) ? "GOOD" : "EVIL");
      Files.setLastModifiedTime(file, FileTime.fromMillis(1_000));
    }
    Swap swap =
        new Swap(
            () -> {
              Files.move(model.resolve("sub"), evil.resolve("sub"));
              Files.move(good.resolve("sub"), model.resolve("sub"));
            },
            () -> {
              Files.move(model.resolve("sub"), good.resolve("sub"));
              Files.move(evil.resolve("sub"), model.resolve("sub"));
            });
    List<ModelFile> listed = new ArrayList<>();
    Listing listing =
        (Listing)
            Proxy.newProxyInstance(
                Listing.class.getClassLoader(),
                new Class<?>[] {Listing.class},
                (proxy, method, arguments) -> {
                  if (method.getName().equals("file")) {
                    listed.add((ModelFile) arguments[0]);
                  }
                  return method.getName().equals("wants") ? true : null;
                });
    open(model).list(Selection.builder().build(), Optional.empty(), listing);
    swap.found(1, 4);
    List<HashOutcome> outcomes = new ArrayList<>();
    Hashing hashing = new Hashing(HashAlgorithm.SHA256, OptionalLong.empty(), 1, swap);
    SparkDigester.of(spark()).digest(listed, hashing, outcomes::add);
    assertThat(outcomes).hasSize(1);
    assertThat(((HashOutcome.Failed) outcomes.get(0)).failure())
        .hasMessageContaining(model.resolve("sub/a").toString())
        .hasMessageContaining("when it was listed, and is");
    assertThat(model.resolve("sub/a")).hasContent("EVIL");
  }

  @Test
  void saysWhatSparkLacksForAStore() {
    // As in a Spark that was started without S3A.
    assertThatThrownBy(
            () -> ModelHasher.withDefaults().hash(SparkModel.open("s3a://bucket/data", spark())))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("hadoop-aws:VERSION")
        .hasMessageContaining("S3AFileSystem");
  }

  @Test
  void readsAModelThatIsNotThere() {
    assertThatThrownBy(() -> ModelHasher.withDefaults().hash(open(directory.resolve("none"))))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void tellsOfAFileThatExecutorsCannotRead() throws IOException {
    Path model = three();
    // The driver lists it, and executors look for it where it is not.
    Storage elsewhere = new FileStorage(directory.resolve("elsewhere").toString(), false);
    List<HashOutcome> outcomes = new ArrayList<>();
    StoredFile file =
        new StoredFile(
            elsewhere,
            spark().getConf(),
            "a",
            "a",
            Look.of(12, Instant.EPOCH, "", ""),
            Optional.empty(),
            Optional.empty());
    SparkDigester.of(spark()).digest(List.of(file), HASHING, outcomes::add);
    assertThat(outcomes).hasSize(1);
    assertThat(((HashOutcome.Failed) outcomes.get(0)).failure())
        .hasMessageContaining("this executor does not have the file system of the driver");
    assertThat(model).exists();
  }

  @Test
  void refusesAFileOfAnotherSource() throws IOException {
    Path model = three();
    ModelHasher hasher =
        ModelHasher.builder()
            .reading(Reading.withDefaults().digester(SparkDigester.of(spark())))
            .build();
    assertThatThrownBy(() -> hasher.hash(DirectorySource.of(model)))
        .hasMessageContaining("is not where executors can read");
    assertThat(statement(hasher, open(model)))
        .isEqualTo(statement(ModelHasher.withDefaults(), DirectorySource.of(model)));
  }

  @Test
  void comparesTheListAlsoForADigesterThatWasNamed() throws IOException {
    Path model = three();
    ModelHasher hasher =
        ModelHasher.builder()
            .reading(Reading.withDefaults().digester(SparkDigester.of(spark())))
            .build();
    ModelSource changing =
        ChangingSource.after(3, open(model), () -> Files.writeString(model.resolve("later"), "x"));
    assertThatThrownBy(() -> hasher.hash(changing))
        .hasMessageContaining(model.resolve("later").toString())
        .hasMessageContaining("was added or changed while the model was read");
  }

  @Test
  void endsWhenItIsInterrupted() throws Exception {
    Path model = directory.resolve("large");
    Files.createDirectories(model);
    try (RandomAccessFile sparse = new RandomAccessFile(model.resolve("sparse").toFile(), "rw")) {
      sparse.setLength(1L << 38);
    }
    AtomicReference<Throwable> failure = new AtomicReference<>();
    Thread thread =
        new Thread(() -> {
          try {
            ModelHasher.withDefaults().hash(open(model));
          } catch (IOException | RuntimeException e) {
            failure.set(e);
          }
        });
    thread.start();
    Watching.until("a task runs", () -> spark().statusTracker().getActiveJobIds().length > 0);
    thread.interrupt();
    thread.join(30_000);
    assertThat(failure.get()).isInstanceOf(InterruptedIOException.class);
    Watching.until("no task runs", () -> spark().statusTracker().getActiveJobIds().length == 0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/data",
        "http://host/x",
        "s3://bucket/x",
        "file://host/x",
        "file:///a/../b",
        "file:///a//b",
        "s3a:///x",
        "s3a:x",
        "hdfs:relative"
      })
  void refusesOtherNames(String uri) {
    assertThatThrownBy(() -> SparkModel.open(uri, spark()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void doesNotShowThePasswordInAName() {
    assertThatThrownBy(() -> SparkModel.open("s3a://AKID:SECRET@bucket/x", spark()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("SECRET");
  }

  @Test
  void knowsNames() throws IOException {
    assertThat(SparkModel.open("s3a://bucket/a/data/", spark()).name()).isEqualTo("data");
    assertThat(SparkModel.open("s3a://bucket", spark()).name()).isEqualTo("bucket");
    assertThat(SparkModel.open("hdfs://host:8020/a", spark()).name()).isEqualTo("a");
    assertThat(SparkModel.open("hdfs:///a/b", spark()).name()).isEqualTo("b");
    assertThat(SparkModel.open("file:///a%20b", spark()).name()).isEqualTo("a%20b");
    assertThatThrownBy(() -> SparkModel.open("hdfs://host", spark()).name())
        .hasMessageContaining("name a directory");
  }
}
