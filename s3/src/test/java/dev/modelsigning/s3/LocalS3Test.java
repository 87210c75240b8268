package dev.modelsigning.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.finding.Finding;
import dev.modelsigning.local.DirectorySource;
import dev.modelsigning.manifest.HashedModel;
import dev.modelsigning.manifest.ModelHasher;
import dev.modelsigning.manifest.Reading;
import dev.modelsigning.model.Evidence;
import dev.modelsigning.model.HashAlgorithm;
import dev.modelsigning.model.HashProgress;
import dev.modelsigning.statement.Statement;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/** Models in real servers, whose objects are changed while they are read. */
@WithLocalS3
class LocalS3Test {

  @TempDir private static Path servers;
  private static final Map<LocalS3.Kind, LocalS3> STORES = new EnumMap<>(LocalS3.Kind.class);

  @TempDir private Path directory;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    for (LocalS3.Kind kind : LocalS3.Kind.values()) {
      STORES.put(kind, LocalS3.start(kind, servers));
    }
  }

  @AfterAll
  static void stop() {
    STORES.values().forEach(LocalS3::close);
  }

  private static LocalS3 store(LocalS3.Kind kind) {
    LocalS3 store = STORES.get(kind);
    if (store == null) {
      throw new IllegalStateException("not started: " + kind);
    }
    return store;
  }

  private static HashedModel hash(LocalS3 store, String key) throws IOException {
    return hash(store.options(), key, ModelHasher.withDefaults());
  }

  private static HashedModel hash(S3Options options, String key, ModelHasher hasher)
      throws IOException {
    try (S3Model model =
        S3Model.open(S3Reference.parse("s3://" + LocalS3.BUCKET + "/" + key), options)) {
      return hasher.hash(model);
    }
  }

  private static byte[] statement(HashedModel model) {
    return Statement.about(model).toPayload().content().toArray();
  }

  /** A model with names that need care, and an object of several parts. */
  private Path model(String name) throws IOException {
    Path model = directory.resolve(name);
    Files.createDirectories(model.resolve("sub/deeper"));
    Files.writeString(model.resolve("config.json"), "{}");
    Files.writeString(model.resolve("sub/deeper/a file+100% ü?#&=.txt"), "umlaut");
    Files.writeString(model.resolve("sub/empty"), "");
    Files.writeString(model.resolve("sub-1"), "before sub/");
    byte[] weights = new byte[40 * 1024 * 1024 + 17];
    new Random(1).nextBytes(weights);
    Files.write(model.resolve("weights.bin"), weights);
    return model;
  }

  private static Path zip(Path model) throws IOException {
    Path zip = model.resolveSibling(model.getFileName() + ".zip");
    try (FileSystem files = FileSystems.newFileSystem(zip, Map.of("create", "true"));
        Stream<Path> all = Files.walk(model)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        Path target =
            files.getPath("/" + model.getFileName() + "/" + model.relativize(file).toString());
        Files.createDirectories(target.getParent());
        Files.copy(file, target);
      }
    }
    return zip;
  }

  @ParameterizedTest
  @EnumSource
  void statesTheSameAsOfADirectoryAndAZipFile(LocalS3.Kind kind) throws IOException {
    Path model = model("bert");
    store(kind).putAll(model, "same/bert/");
    byte[] zipped;
    try (FileSystem files = FileSystems.newFileSystem(zip(model))) {
      zipped =
          statement(ModelHasher.withDefaults().hash(DirectorySource.of(files.getPath("/bert"))));
    }

    byte[] stored = statement(hash(store(kind), "same/bert"));

    assertThat(stored).isEqualTo(statement(ModelHasher.withDefaults().hash(model)));
    assertThat(stored).isEqualTo(zipped);
  }

  @ParameterizedTest
  @EnumSource
  void hashesShards(LocalS3.Kind kind) throws IOException {
    Path model = model("sharded");
    store(kind).putAll(model, "sharded/");
    ModelHasher hasher =
        ModelHasher.builder().hashAlgorithm(HashAlgorithm.BLAKE3).shardSize(9_000_000).build();

    assertThat(statement(hash(store(kind).options(), "sharded", hasher)))
        .isEqualTo(statement(hasher.hash(model)));
  }

  @ParameterizedTest
  @EnumSource
  void listsMoreThanOnePage(LocalS3.Kind kind) throws IOException {
    for (int i = 0; i < 1005; i++) {
      store(kind).put("pages/" + i, "content " + i);
    }

    assertThat(hash(store(kind), "pages").files()).isEqualTo(1005);
  }

  @ParameterizedTest
  @EnumSource
  void takesASingleObject(LocalS3.Kind kind) throws IOException {
    Path file = Files.writeString(directory.resolve("one.gguf"), "weights");
    store(kind).put("single/one.gguf", "weights");

    assertThat(statement(hash(store(kind), "single/one.gguf")))
        .isEqualTo(statement(ModelHasher.withDefaults().hash(file)));
  }

  @Test
  void doesNotGuessWhetherAnObjectIsMeantOrWhatIsBelowIt() {
    LocalS3 store = store(LocalS3.Kind.MOTO);
    store.put("both", "object");
    store.put("both/file", "below");

    assertThatThrownBy(() -> hash(store, "both"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is an object, and there are others below it")
        .hasMessageContaining("s3://models/both/");
  }

  @ParameterizedTest
  @EnumSource
  void saysThatThereIsNoModel(LocalS3.Kind kind) {
    assertThatThrownBy(() -> hash(store(kind), "nowhere"))
        .hasMessageContaining("s3://models/nowhere")
        .hasMessageContaining("there is no object with this key, and none below it");
  }

  @Test
  void saysThatThereIsNoBucket() {
    assertThatThrownBy(
            () -> {
              try (S3Model model =
                  S3Model.open(
                      S3Reference.parse("s3://no-such-bucket/model"),
                      store(LocalS3.Kind.VERSITYGW).options())) {
                model.name();
              }
            })
        .isInstanceOf(IOException.class)
        .hasMessageContaining("there is no such bucket");
  }

  @ParameterizedTest
  @EnumSource
  void reportsObjectsThatStandForDirectories(LocalS3.Kind kind) throws IOException {
    store(kind).put("marked/", "");
    store(kind).put("marked/sub/", "");
    store(kind).put("marked/sub/file", "content");

    HashedModel model = hash(store(kind), "marked");

    assertThat(model.files()).isEqualTo(1);
    assertThat(model.findings())
        .filteredOn(finding -> finding.rule().equals(S3Rules.DIRECTORY_OBJECTS))
        .extracting(Finding::message)
        .singleElement()
        .asString()
        .contains("1 object stands for directories")
        .contains("s3://models/marked/sub/");
  }

  @Test
  void namesTheStoreThatTheEnvironmentNames() throws IOException {
    LocalS3 store = store(LocalS3.Kind.MOTO);
    store.put("named/file", "content");

    assertThat(hash(store, "named").findings())
        .filteredOn(finding -> finding.rule().equals(S3Rules.STORE_NAMED))
        .extracting(Finding::message)
        .singleElement()
        .asString()
        .contains(store.address().toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"a//b", "/b", "../b", "a/../b", "./b", "a/."})
  void refusesKeysThatAreNoCanonicalNames(String name) {
    LocalS3 store = store(LocalS3.Kind.MOTO);
    String prefix = "names" + Integer.toHexString(name.hashCode()) + "/";
    store.put(prefix + "good", "content");
    store
        .client()
        .putObject(
            request -> request.bucket(LocalS3.BUCKET).key(prefix + name),
            RequestBody.fromString("content"));

    assertThatThrownBy(() -> hash(store, prefix))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(name);
  }

  @Test
  void refusesADirectoryWithContent() {
    LocalS3 store = store(LocalS3.Kind.MOTO);
    store.put("content/sub/", "content");

    assertThatThrownBy(() -> hash(store, "content"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("sub/");
  }

  @Test
  void refusesAFileBelowAFile() {
    LocalS3 store = store(LocalS3.Kind.MOTO);
    store.put("collide/a", "file");
    store.put("collide/a/b", "below it");

    assertThatThrownBy(() -> hash(store, "collide"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("a");
  }

  /** Hashes a model, with something that happens after its first object was listed. */
  private static void hashWhile(LocalS3 store, String key, Runnable event) throws IOException {
    AtomicBoolean happened = new AtomicBoolean();
    HashProgress progress =
        new HashProgress() {
          @Override
          public void started(long files, long bytes) {}

          @Override
          public void found(long files, long bytes) {
            if (happened.compareAndSet(false, true)) {
              event.run();
            }
          }

          @Override
          public void hashed(long bytes) {}

          @Override
          public void ended() {}
        };
    hash(
        store.options(),
        key,
        ModelHasher.builder().reading(Reading.withDefaults().progress(progress)).build());
    assertThat(happened).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void refusesAnObjectThatChangedSinceItWasListed(LocalS3.Kind kind) {
    LocalS3 store = store(kind);
    store.put("changed/a", "content");

    assertThatThrownBy(() -> hashWhile(store, "changed", () -> store.put("changed/a", "CONTENT")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("s3://models/changed/a")
        .hasMessageContaining("changed while the model was read");
  }

  @ParameterizedTest
  @EnumSource
  void refusesAnObjectThatVanished(LocalS3.Kind kind) {
    LocalS3 store = store(kind);
    store.put("vanished/a", "content");

    assertThatThrownBy(() -> hashWhile(store, "vanished", () -> store.delete("vanished/a")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("s3://models/vanished/a")
        .hasMessageContaining("vanished while the model was read");
  }

  @ParameterizedTest
  @EnumSource
  void refusesAnObjectThatWasAddedMeanwhile(LocalS3.Kind kind) {
    LocalS3 store = store(kind);
    store.put("added/b", "content");

    assertThatThrownBy(() -> hashWhile(store, "added", () -> store.put("added/a", "new")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("s3://models/added/a")
        .hasMessageContaining("was added or changed while the model was read");
  }

  @Test
  void doesNotTakeChecksumsOfTheStoreUnasked() throws IOException {
    LocalS3 store = store(LocalS3.Kind.MOTO);
    byte[] content = "content".getBytes(StandardCharsets.UTF_8);
    store.put("checked/a", content, request -> request.checksumAlgorithm(ChecksumAlgorithm.SHA256));

    assertThat(hash(store, "checked").findings())
        .extracting(Finding::message)
        .noneMatch(message -> message.contains("checksum of the store"));
    assertThatThrownBy(() ->
            hash(store.options().trustingStoredChecksums(), "checked", ModelHasher.withDefaults()))
        .hasMessageContaining("s3://models/checked/a")
        .hasMessageContaining("its digest was not read but is checksum of the store");
  }

  @Test
  void takesChecksumsOfTheStoreOnDemandAndSaysSo() throws IOException {
    LocalS3 store = store(LocalS3.Kind.MOTO);
    byte[] content = "content".getBytes(StandardCharsets.UTF_8);
    store.put("trusted/a", content, request -> request.checksumAlgorithm(ChecksumAlgorithm.SHA256));
    store.put("trusted/b", content);
    putInParts(store, "trusted/c", content);
    ModelHasher hasher =
        ModelHasher.builder()
            .reading(Reading.withDefaults().accept(Evidence.STORED_CHECKSUM))
            .build();

    HashedModel model = hash(store.options().trustingStoredChecksums(), "trusted", hasher);

    assertThat(statement(model)).isEqualTo(statement(hash(store, "trusted")));
    assertThat(model.findings())
        .extracting(Finding::message)
        .anyMatch(message -> message.contains("1 of 3 files was not read"));
  }

  /** Its checksum is that of the checksums of its parts, and moto does not say so. */
  private static void putInParts(LocalS3 store, String key, byte[] content) {
    String upload =
        store
            .client()
            .createMultipartUpload(request ->
                request.bucket(LocalS3.BUCKET).key(key).checksumAlgorithm(ChecksumAlgorithm.SHA256))
            .uploadId();
    String tag =
        store
            .client()
            .uploadPart(
                request ->
                    request
                        .bucket(LocalS3.BUCKET)
                        .key(key)
                        .uploadId(upload)
                        .partNumber(1)
                        .checksumAlgorithm(ChecksumAlgorithm.SHA256),
                RequestBody.fromBytes(content))
            .eTag();
    store
        .client()
        .completeMultipartUpload(request ->
            request
                .bucket(LocalS3.BUCKET)
                .key(key)
                .uploadId(upload)
                .multipartUpload(
                    parts -> parts.parts(CompletedPart.builder().partNumber(1).eTag(tag).build())));
  }

  @ParameterizedTest
  @EnumSource
  void writesAFileOnlyOverTheOneThatWasThere(LocalS3.Kind kind) throws IOException {
    LocalS3 store = store(kind);
    S3Reference reference = S3Reference.parse("s3://models/signatures/model.sig");
    try (S3File first = S3File.open(reference, store.options());
        S3File second = S3File.open(reference, store.options())) {
      assertThat(first.exists()).isFalse();
      first.write("first".getBytes(StandardCharsets.UTF_8));

      assertThatThrownBy(() -> second.write("second".getBytes(StandardCharsets.UTF_8)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("written by somebody else");
    }
    try (S3File third = S3File.open(reference, store.options())) {
      assertThat(third.read(100)).asString(StandardCharsets.UTF_8).isEqualTo("first");
      assertThatThrownBy(() -> third.read(4)).hasMessageContaining("expected at most 4 bytes");
      third.write("third".getBytes(StandardCharsets.UTF_8));
    }
    assertThat(store.get("signatures/model.sig"))
        .asString(StandardCharsets.UTF_8)
        .isEqualTo("third");
  }
}
