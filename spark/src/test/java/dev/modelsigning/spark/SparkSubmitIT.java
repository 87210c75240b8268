package dev.modelsigning.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.modelsigning.ModelSigner;
import dev.modelsigning.ModelVerifier;
import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.key.KeyPairFiles;
import dev.modelsigning.key.KeySigner;
import dev.modelsigning.key.KeyVerifier;
import dev.modelsigning.local.DirectorySource;
import dev.modelsigning.manifest.ModelHasher;
import dev.modelsigning.model.ModelSource;
import dev.modelsigning.s3.LocalS3;
import dev.modelsigning.s3.S3Model;
import dev.modelsigning.s3.S3Options;
import dev.modelsigning.s3.S3Reference;
import dev.modelsigning.s3.WithLocalS3;
import dev.modelsigning.signingkey.EcdsaScheme;
import dev.modelsigning.spark.SparkSubmit.Run;
import dev.modelsigning.statement.Statement;
import dev.modelsigning.testing.LossyRelay;
import dev.modelsigning.testing.OnOneJdk;
import dev.modelsigning.testing.Watching;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The program as {@code spark-submit} runs it, with executors of their own. */
@WithSpark
@OnOneJdk
class SparkSubmitIT {

  private static final String PASSWORD = "PASSWORD-of-this-test";

  @TempDir private Path directory;

  private Path model;

  @BeforeEach
  void prepare() throws IOException {
    model = directory.resolve("data");
    Files.createDirectories(model.resolve("sub/deeper"));
    Files.writeString(model.resolve("config.json"), "{}");
    Files.writeString(model.resolve("sub/deeper/a file+100% ü?#&=.txt"), "umlaut");
    Files.writeString(model.resolve("sub/empty"), "");
    Files.writeString(model.resolve(".hidden.crc"), "which Hadoop does not show");
    Files.writeString(model.resolve("sub-1"), "before sub/");
    byte[] weights = new byte[20 * 1024 * 1024 + 17];
    new Random(1).nextBytes(weights);
    Files.write(model.resolve("weights.bin"), weights);
    KeyPairFiles.generate(
        EcdsaScheme.P256,
        directory.resolve("key.pem"),
        directory.resolve("key.pub"),
        PASSWORD.toCharArray());
  }

  private SparkSubmit submit() {
    return new SparkSubmit(directory, Map.of("MODEL_SIGNING_PASSWORD", PASSWORD));
  }

  private String[] sign(String uri, String... more) {
    return Stream.concat(
            Stream.of("sign", "key", uri, "--private-key", "key.pem", "--signature", "data.sig"),
            Stream.of(more))
        .toArray(String[]::new);
  }

  private String[] verify(String uri, String... more) {
    return Stream.concat(
            Stream.of("verify", "key", uri, "--public-key", "key.pub", "--signature", "data.sig"),
            Stream.of(more))
        .toArray(String[]::new);
  }

  /** The statement that the run signed, which one machine verifies too. */
  private byte[] statement() throws Exception {
    Path signature = directory.resolve("data.sig");
    ModelVerifier.using(KeyVerifier.load(directory.resolve("key.pub"))).verify(model, signature);
    return Bundle.read(signature).envelope().payload().content().toArray();
  }

  private byte[] statementOfOneMachine(ModelHasher hasher) throws IOException {
    return statement(hasher, DirectorySource.of(model));
  }

  private static byte[] statement(ModelHasher hasher, ModelSource source) throws IOException {
    return Statement.about(hasher.hash(source)).toPayload().content().toArray();
  }

  @Test
  void aClusterSignsWhatOneMachineSignsAndRecordsNoSecret() throws Exception {
    Path events = Files.createDirectories(directory.resolve("events"));
    Run run =
        submit()
            .authenticating()
            .set("spark.eventLog.enabled", "true")
            .set("spark.eventLog.compress", "false")
            .set("spark.eventLog.dir", "file://" + events)
            .run(SparkSubmit.CLUSTER, sign("file://" + model, "--format", "json"));
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out()).contains("EXECUTORS_BELIEVED").doesNotContain("EXECUTORS_NOT_ENCRYPTED");
    assertThat(statement()).isEqualTo(statementOfOneMachine(ModelHasher.withDefaults()));
    String log;
    try (Stream<Path> files = Files.walk(events)) {
      log = files.filter(Files::isRegularFile).map(SparkSubmitIT::read).reduce("", String::concat);
    }
    assertThat(log).contains("SparkListenerEnvironmentUpdate", "sun.java.command");
    assertThat(log).doesNotContain(PASSWORD).doesNotContain("PRIVATE KEY");

    Run good = submit().authenticating().run(SparkSubmit.CLUSTER, verify("file://" + model));
    assertThat(good.status()).as(good.err()).isZero();
    assertThat(good.out()).contains("Verification succeeded");

    Files.writeString(model.resolve("sub-1"), "after sub/ ");
    Files.writeString(model.resolve("extra"), "x");
    Run bad = submit().authenticating().run(SparkSubmit.CLUSTER, verify("file://" + model));
    assertThat(bad.status()).isEqualTo(1);
    assertThat(bad.err()).contains("sub-1").contains("extra");
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aClusterThatDoesNotAuthenticateIsRefused() throws Exception {
    Run run = submit().run(SparkSubmit.CLUSTER, sign("file://" + model));
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).contains("start it with spark.authenticate=true");
    assertThat(directory.resolve("data.sig")).doesNotExist();
  }

  /** Executors read files of zeros, which take longer to hash than to make. */
  private void enlarge() throws IOException {
    for (int i = 0; i < 8; i++) {
      try (RandomAccessFile sparse =
          new RandomAccessFile(model.resolve("zeros" + i).toFile(), "rw")) {
        sparse.setLength((256L << 20) + i);
      }
    }
  }

  @Test
  void anExecutorThatIsKilledIsReplaced() throws Exception {
    enlarge();
    SparkSubmit submit = submit().authenticating();
    Process process = submit.start(SparkSubmit.CLUSTER, List.of(sign("file://" + model)));
    Watching.until(
        "an executor reads, or all has ended",
        () -> !process.isAlive() || reader(process).isPresent());
    reader(process).orElseThrow().destroyForcibly();
    Run run = submit.end(process);
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.err()).contains("Lost executor");
    assertThat(statement()).isEqualTo(statementOfOneMachine(ModelHasher.withDefaults()));
  }

  /** An executor that has a file of the model open. */
  private Optional<ProcessHandle> reader(Process process) {
    return process.descendants().filter(this::reads).findFirst();
  }

  private boolean reads(ProcessHandle handle) {
    Path open = Path.of("/proc", Long.toString(handle.pid()), "fd");
    try (Stream<Path> files = Files.list(open)) {
      return files.anyMatch(file -> target(file).startsWith(model + "/zeros"));
    } catch (IOException | UncheckedIOException e) {
      return false; // it has ended
    }
  }

  private static String target(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException e) {
      return ""; // it was closed
    }
  }

  @Test
  void filesThatChangeMeanwhileAreAllReportedAndNotTriedAgain() throws Exception {
    enlarge();
    SparkSubmit submit = submit().authenticating();
    Process process = submit.start(SparkSubmit.CLUSTER, List.of(sign("file://" + model)));
    Watching.until(
        "an executor reads, or all has ended",
        () -> !process.isAlive() || reader(process).isPresent());
    for (String name : List.of("zeros3", "zeros7", "config.json")) {
      Files.writeString(model.resolve(name), "another content");
    }
    Run run = submit.end(process);
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err())
        .contains("3 files cannot be read or changed meanwhile")
        .contains("data/zeros3", "data/zeros7", "data/config.json");
    assertThat(directory.resolve("data.sig")).doesNotExist();
  }

  @Test
  void speculationChangesNothing() throws Exception {
    enlarge();
    Run run =
        submit()
            .authenticating()
            .set("spark.speculation", "true")
            .set("spark.speculation.interval", "10ms")
            .set("spark.speculation.multiplier", "1.01")
            .set("spark.speculation.quantile", "0.1")
            .set("spark.speculation.minTaskRuntime", "1ms")
            .run(SparkSubmit.CLUSTER, sign("file://" + model, "--shard-size", "33554432"));
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(statement())
        .isEqualTo(statementOfOneMachine(ModelHasher.builder().shardSize(33554432).build()));
  }

  /** The same in an object store. */
  @Nested
  @WithLocalS3
  class InAnObjectStore {

    @Test
    void theStatementIsThatOfADirectoryWhoeverReads() throws Exception {
      try (LocalS3 store = LocalS3.start(LocalS3.Kind.VERSITYGW, directory)) {
        store.putAll(model, "some/data/");
        byte[] expected = statementOfOneMachine(ModelHasher.withDefaults());
        S3Options options = S3Options.withDefaults().withEnvironment(store.environment());
        try (S3Model stored =
            S3Model.open(S3Reference.parse("s3://" + LocalS3.BUCKET + "/some/data"), options)) {
          assertThat(statement(ModelHasher.withDefaults(), stored)).as("S3").isEqualTo(expected);
        }
        String uri = "s3a://" + LocalS3.BUCKET + "/some/data";
        Run local = submit().readingStore(store.environment()).run(SparkSubmit.LOCAL, sign(uri));
        assertThat(local.status()).as(local.err()).isZero();
        assertThat(statement()).as("s3a").isEqualTo(expected);

        SparkSubmit cluster = submit().authenticating().readingStore(store.environment());
        Run good = cluster.run(SparkSubmit.CLUSTER, verify(uri));
        assertThat(good.status()).as(good.err()).isZero();
        store.put("some/data/sub-1", "after sub/ ");
        store.put("some/data/extra", "x");
        Run bad = cluster.run(SparkSubmit.CLUSTER, verify(uri));
        assertThat(bad.status()).isEqualTo(1);
        assertThat(bad.err()).contains("sub-1").contains("extra").doesNotContain("SECRET-of");
      }
    }

    @Test
    void keysThatS3aHidesAreFiles() throws Exception {
      try (LocalS3 store = LocalS3.start(LocalS3.Kind.MOTO, directory)) {
        for (String name : List.of("evil.py_$folder$", "sub/_$folder$")) {
          Files.writeString(model.resolve(name), "evil");
        }
        store.putAll(model, "some/data/");
        store.put("some/data/directory/", "");
        Run run =
            submit()
                .readingStore(store.environment())
                .run(SparkSubmit.LOCAL, sign("s3a://" + LocalS3.BUCKET + "/some/data"));
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(statement()).isEqualTo(statementOfOneMachine(ModelHasher.withDefaults()));
      }
    }

    /** One machine says the same of s3://. */
    @Test
    void keysThatAreNoPathsAreRefused() throws Exception {
      String uri = "s3a://" + LocalS3.BUCKET + "/some/data";
      Path signature = directory.resolve("data.sig");
      ModelSigner.using(KeySigner.load(directory.resolve("key.pem"), PASSWORD.toCharArray()))
          .sign(DirectorySource.of(model), signature);
      ModelVerifier verifier = ModelVerifier.using(KeyVerifier.load(directory.resolve("key.pub")));
      try (LocalS3 store = LocalS3.start(LocalS3.Kind.MOTO, directory)) {
        store.putAll(model, "some/data/");
        for (String name : List.of("evil.py/", "sub/", "", ".", "/evil")) {
          store.put("some/data/" + name, "evil");
        }
        S3Options options = S3Options.withDefaults().withEnvironment(store.environment());
        String refused;
        try (S3Model stored = S3Model.open(S3Reference.parse("s3" + uri.substring(3)), options)) {
          refused = message(() -> verifier.verify(stored, signature));
        }
        assertThat(refused).contains("5 not signed");
        Run run = submit().readingStore(store.environment()).run(SparkSubmit.LOCAL, verify(uri));
        assertThat(run.status()).as(run.err()).isEqualTo(1);
        assertThat(run.err()).contains(refused);
      }
    }

    @Test
    void anObjectBesideWhatIsBelowItIsRefused() throws Exception {
      try (LocalS3 store = LocalS3.start(LocalS3.Kind.MOTO, directory)) {
        store.put("some/data/a", "signed");
        store.put("some/data", "a single file");
        Run run =
            submit()
                .readingStore(store.environment())
                .run(SparkSubmit.LOCAL, sign("s3a://" + LocalS3.BUCKET + "/some/data"));
        assertThat(run.status()).as(run.err()).isEqualTo(1);
        assertThat(run.err()).contains("is an object, and there are others below it");
      }
    }

    /** A refusal, as it would be of the same place for S3A. */
    private static String message(ThrowableAssert.ThrowingCallable refused) {
      return catchThrowable(refused)
          .getMessage()
          .replace("s3://", "s3a://")
          .replaceAll(" at http://[0-9.:]+", "");
    }

    /** Whatever the cluster is set to for all buckets, or for this one. */
    @ParameterizedTest
    @ValueSource(strings = {"fs.s3a.", "fs.s3a.bucket." + LocalS3.BUCKET + "."})
    void anObjectThatIsAnotherOneOnlyWhileItIsReadIsRefused(String prefix) throws Exception {
      try (LocalS3 store = LocalS3.start(LocalS3.Kind.VERSITYGW, directory);
          LossyRelay relay = new LossyRelay(store.address().getAuthority())) {
        store.putAll(model, "some/data/");
        byte[] weights = Files.readAllBytes(model.resolve("weights.bin"));
        byte[] other = weights.clone();
        other[17]++;
        String object = " /" + LocalS3.BUCKET + "/some/data/weights.bin";
        relay.before(
            line -> line.startsWith("GET" + object),
            () -> store.put("some/data/weights.bin", other));
        // What was listed is there again when its version or the list is compared afterwards.
        relay.before(
            line -> line.startsWith("HEAD" + object) || line.contains("list-type="),
            () -> store.put("some/data/weights.bin", weights));
        Map<String, String> behind = new HashMap<>(store.environment());
        behind.put("AWS_ENDPOINT_URL", "http://" + relay.address());
        Run run =
            submit()
                .readingStore(behind)
                .set("spark.hadoop." + prefix + "change.detection.mode", "none")
                .set("spark.hadoop." + prefix + "input.stream.type", "analytics")
                .run(SparkSubmit.LOCAL, sign("s3a://" + LocalS3.BUCKET + "/some/data"));
        assertThat(run.status()).as(run.err()).isEqualTo(1);
        assertThat(run.err()).contains("some/data/weights.bin").contains("changed");
        assertThat(directory.resolve("data.sig")).doesNotExist();
        assertThat(relay.hasDoneAll()).isTrue();
      }
    }
  }
}
