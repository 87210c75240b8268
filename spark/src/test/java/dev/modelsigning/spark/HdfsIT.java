package dev.modelsigning.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.local.DirectorySource;
import dev.modelsigning.manifest.ModelHasher;
import dev.modelsigning.manifest.Reading;
import dev.modelsigning.model.ModelSource;
import dev.modelsigning.statement.Statement;
import dev.modelsigning.testing.OnOneJdk;
import dev.modelsigning.testing.TimedProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** Models in HDFS, whose files have several blocks on two data nodes. */
@WithSpark
@OnOneJdk
class HdfsIT {

  @TempDir private static Path shared;

  private static Process process;
  private static FileSystem files;
  private static LocalSpark spark;

  @TempDir private Path directory;

  private Path local;
  private String uri;

  @BeforeAll
  static void start() throws Exception {
    Path root = Path.of(System.getProperty("modelsigning.root"));
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin/java").toString(),
            "-cp",
            SparkSubmit.installed("hdfs") + "/*",
            root.resolve("integration/spark/Hdfs.java").toString(),
            shared.resolve("hdfs").toString());
    builder.redirectError(shared.resolve("hdfs.err").toFile());
    process = TimedProcess.start(builder);
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String line = out.readLine();
    while (line != null && !line.startsWith("port ")) {
      line = out.readLine();
    }
    assertThat(line).as(Files.readString(shared.resolve("hdfs.err"))).isNotNull();
    Configuration configuration = new Configuration();
    configuration.set("dfs.blocksize", "1048576");
    configuration.set("dfs.replication", "2");
    configuration.set("dfs.client.block.write.replace-datanode-on-failure.policy", "NEVER");
    files =
        FileSystem.newInstance(
            java.net.URI.create("hdfs://localhost:" + line.substring(5)), configuration);
    spark = LocalSpark.start();
  }

  @AfterAll
  static void stop() throws IOException {
    if (spark != null) {
      spark.close();
    }
    if (files != null) {
      files.close();
    }
    process.toHandle().destroyForcibly();
  }

  @BeforeEach
  void upload(TestInfo test) throws IOException {
    local = directory.resolve("data");
    Files.createDirectories(local.resolve("sub/deeper"));
    Files.createDirectories(local.resolve("empty directory"));
    Files.writeString(local.resolve("config.json"), "{}");
    Files.writeString(local.resolve("sub/deeper/a file+100% ü?#&=.txt"), "umlaut");
    Files.writeString(local.resolve("sub/empty"), "");
    Files.writeString(local.resolve("_hidden"), "which some programs skip");
    Files.writeString(local.resolve("sub-1"), "before sub/");
    byte[] weights = new byte[5 * 1024 * 1024 + 17];
    new Random(1).nextBytes(weights);
    Files.write(local.resolve("weights.bin"), weights);
    String above = files.getUri() + "/" + test.getTestMethod().orElseThrow().getName();
    files.mkdirs(new org.apache.hadoop.fs.Path(above));
    // Not Hadoop's copy, which would read the local directory in its own way.
    uri = above + "/data";
    try (var all = Files.walk(local)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        put(local.relativize(file).toString(), Files.readAllBytes(file));
      }
    }
    files.mkdirs(path("empty directory"));
  }

  private org.apache.hadoop.fs.Path path(String name) {
    return new org.apache.hadoop.fs.Path(
        "hdfs", files.getUri().getAuthority(), uri.replaceFirst("hdfs://[^/]*", "") + "/" + name);
  }

  private void put(String name, byte[] content) throws IOException {
    try (FSDataOutputStream out = files.create(path(name), true)) {
      out.write(content);
    }
  }

  private static byte[] statement(ModelHasher hasher, ModelSource model) throws IOException {
    return Statement.about(hasher.hash(model)).toPayload().content().toArray();
  }

  private SparkModel open() throws IOException {
    return SparkModel.open(uri, spark.context());
  }

  @Test
  void statesTheSameAsOfADirectory() throws IOException {
    ModelHasher hasher = ModelHasher.withDefaults();
    assertThat(statement(hasher, open())).isEqualTo(statement(hasher, DirectorySource.of(local)));
    ModelHasher shards = ModelHasher.builder().shardSize(1_000_003).build();
    assertThat(statement(shards, open())).isEqualTo(statement(shards, DirectorySource.of(local)));
    SparkModel file = SparkModel.open(uri + "/weights.bin", spark.context());
    assertThat(statement(hasher, file))
        .isEqualTo(statement(hasher, DirectorySource.of(local.resolve("weights.bin"))));
  }

  @Test
  void reportsAllThatChangedMeanwhile() throws IOException {
    ModelSource changing =
        ChangingSource.after(
            6,
            open(),
            () -> {
              try (FSDataOutputStream out = files.append(path("weights.bin"))) {
                out.write(1);
              }
              put("config.json", new byte[] {'[', ']'});
              files.delete(path("sub-1"), false);
              put("later", new byte[1]);
            });
    assertThatThrownBy(() -> ModelHasher.withDefaults().hash(changing))
        .hasMessageContaining("4 files cannot be read or changed meanwhile")
        .hasMessageContaining("/data/weights.bin: was 5242897 bytes")
        .hasMessageContaining("/data/config.json: was 2 bytes")
        .hasMessageContaining("/data/sub-1: is not there")
        .hasMessageContaining("/data/later: was added");
  }

  /** The name node knows only what is in complete blocks, and readers get more. */
  @Test
  void aFileThatIsBeingWrittenIsRefused() throws IOException {
    try (FSDataOutputStream out = files.create(path("growing"), true)) {
      out.write(new byte[1_500_000]);
      out.hflush();
      assertThatThrownBy(() -> ModelHasher.withDefaults().hash(open()))
          .hasMessageContaining("/data/growing")
          .hasMessageContaining("is being written");
    }
  }

  /** Its length is 0 while its only block is written, and readers get what data nodes have. */
  @Test
  void aFileWithoutLengthThatIsBeingWrittenIsRefused() throws IOException {
    put("closed", new byte[0]);
    ModelHasher shards = ModelHasher.builder().shardSize(1000).build();
    assertThat(shards.hash(open()).uncovered()).hasSize(2);
    try (FSDataOutputStream out = files.create(path("growing"), true)) {
      out.write(new byte[480_000]);
      assertThat(files.getFileStatus(path("growing")).getLen()).isZero();
      for (String name : List.of("", "/growing")) {
        SparkModel model = SparkModel.open(uri + name, spark.context());
        assertThatThrownBy(() -> shards.hash(model))
            .hasMessageContaining("/data/growing")
            .hasMessageContaining("is being written");
      }
    }
  }

  /** Size and time are what whoever writes the file sets. */
  @Test
  void aFileThatIsAnotherOneOnlyWhileItIsReadIsRefused() throws IOException {
    put("sub-1", "EVIL".getBytes(StandardCharsets.UTF_8));
    org.apache.hadoop.fs.Path good = path("../good");
    try (FSDataOutputStream out = files.create(good)) {
      out.write("GOOD".getBytes(StandardCharsets.UTF_8));
    }
    files.setTimes(path("sub-1"), 1000, 1000);
    files.setTimes(good, 1000, 1000);
    Swap swap =
        new Swap(
            () -> {
              files.rename(path("sub-1"), path("../evil"));
              files.rename(good, path("sub-1"));
            },
            () -> {
              files.rename(path("sub-1"), good);
              files.rename(path("../evil"), path("sub-1"));
            });
    ModelHasher hasher =
        ModelHasher.builder().reading(Reading.withDefaults().progress(swap)).build();
    SparkModel file = SparkModel.open(uri + "/sub-1", spark.context());
    assertThatThrownBy(() -> hasher.hash(file))
        .hasMessageContaining("/data/sub-1: was 4 bytes, modified 1970-01-01T00:00:01Z, file ");
    assertThat(swap.isSwapped()).isTrue();
  }

  @Test
  void whatIsNotThereIsNamed() {
    assertThatThrownBy(
            () -> ModelHasher.withDefaults().hash(SparkModel.open(uri + "/none", spark.context())))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessageContaining("/data/none");
  }
}
