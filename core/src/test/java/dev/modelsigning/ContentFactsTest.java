package dev.modelsigning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.modelsigning.facts.ContentCollector;
import dev.modelsigning.facts.ContentFacts;
import dev.modelsigning.facts.ContentInspector;
import dev.modelsigning.facts.FileFacts;
import dev.modelsigning.facts.FileInspection;
import dev.modelsigning.facts.FileParts;
import dev.modelsigning.facts.RunnableContent;
import dev.modelsigning.facts.RunnableContent.Kind;
import dev.modelsigning.finding.Finding;
import dev.modelsigning.finding.Rules;
import dev.modelsigning.key.KeyPairFiles;
import dev.modelsigning.key.KeySigner;
import dev.modelsigning.key.KeyVerifier;
import dev.modelsigning.local.DirectorySource;
import dev.modelsigning.manifest.ModelHasher;
import dev.modelsigning.manifest.Reading;
import dev.modelsigning.model.HashAlgorithm;
import dev.modelsigning.model.ModelSource;
import dev.modelsigning.signing.BundleVerifier;
import dev.modelsigning.signingkey.EcdsaScheme;
import dev.modelsigning.testing.Models;
import dev.modelsigning.testing.ObjectStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files are inspected while they are hashed, and facts are reported only for what was signed. */
class ContentFactsTest {

  @TempDir private Path directory;

  private Path model;
  private Path signature;
  private KeySigner signer;
  private BundleVerifier verifier;
  private final Watcher watcher = new Watcher();

  @BeforeEach
  void makeAModel() throws Exception {
    model = Models.write(directory.resolve("model"), "a", "alpha", "b/c", "beta", "empty", "");
    signature = directory.resolve("model.sig");
    KeyPairFiles.generate(
        EcdsaScheme.P256, directory.resolve("key.pem"), directory.resolve("key.pub"));
    signer = KeySigner.load(directory.resolve("key.pem"));
    verifier = KeyVerifier.load(directory.resolve("key.pub"));
  }

  /** Records all that it receives, and reports a fact and a finding for each file. */
  private static final class Watcher implements ContentInspector {
    final Map<String, byte[]> streamed = new ConcurrentHashMap<>();
    final Map<String, byte[]> read = new ConcurrentHashMap<>();
    final Map<String, Boolean> withParts = new ConcurrentHashMap<>();
    long most = Long.MAX_VALUE;
    Runnable atEnd = () -> {};

    @Override
    public Optional<FileInspection> begin(String name, long size, ByteBuffer start) {
      assertThat(start.hasRemaining()).isTrue();
      assertThat(start.isReadOnly()).isTrue();
      start.position(start.limit()); // which must not change what is hashed
      return Optional.of(new Watched(name, size));
    }

    private final class Watched implements FileInspection {
      private final String name;
      private final long size;
      private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

      Watched(String name, long size) {
        this.name = name;
        this.size = size;
      }

      @Override
      public boolean accept(ByteBuffer block) {
        assertThat(bytes.size()).as("no more than was asked for").isLessThan(limit());
        byte[] copy = new byte[block.remaining()];
        block.get(copy);
        bytes.writeBytes(copy);
        return bytes.size() < most;
      }

      private int limit() {
        return (int) Math.min(most, Integer.MAX_VALUE);
      }

      @Override
      public FileFacts end(Optional<FileParts> parts) throws IOException {
        assertThat(streamed.put(name, bytes.toByteArray())).as("told once").isNull();
        withParts.put(name, parts.isPresent());
        if (parts.isPresent()) {
          assertThat(parts.get().size()).isEqualTo(size);
          ByteBuffer all = ByteBuffer.allocate((int) size);
          // From behind, as a zip file is read.
          int half = (int) size / 2;
          parts.get().read(all.position(half), half);
          parts.get().read(all.position(0).limit(half), 0);
          read.put(name, all.array());
        }
        atEnd.run();
        return new FileFacts(
            List.of(new RunnableContent(name, Optional.empty(), Kind.PROGRAM, List.of(), 0, false)),
            List.of(),
            List.of(Finding.of(Rules.OLD_FORM, "seen").withFile(name)));
      }
    }
  }

  private void sign(ModelHasher hasher) throws Exception {
    ModelSigner.using(signer).withHasher(hasher).sign(model, signature);
  }

  private VerificationOutcome examine(ModelSource source) {
    return examine(source, 4);
  }

  private VerificationOutcome examine(ModelSource source, int jobs) {
    return ModelVerifier.builder(verifier)
        .reading(Reading.withDefaults().parallelism(jobs))
        .inspector(watcher)
        .build()
        .examine(source, signature);
  }

  private static List<String> files(ContentFacts facts) {
    return facts.runnable().stream().map(RunnableContent::file).toList();
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(1).nextBytes(bytes);
    return bytes;
  }

  @ParameterizedTest
  @EnumSource(HashAlgorithm.class)
  void showsTheBytesThatAreHashed(HashAlgorithm algorithm) throws Exception {
    Map<String, byte[]> contents =
        Map.of(
            "a", random(1),
            "b/c", random(300_000),
            "large", random(3_000_000),
            "larger", random(21_000_001));
    for (Map.Entry<String, byte[]> file : contents.entrySet()) {
      Files.write(model.resolve(file.getKey()), file.getValue());
    }
    sign(ModelHasher.builder().hashAlgorithm(algorithm).build());
    for (int jobs : new int[] {1, 4}) {
      watcher.streamed.clear();
      watcher.read.clear();
      VerifiedModel verified = examine(DirectorySource.of(model), jobs).orElseThrow();

      assertThat(files(verified.contents().orElseThrow()))
          .containsExactly("a", "b/c", "large", "larger");
      assertThat(watcher.streamed).containsOnlyKeys(contents.keySet());
      contents.forEach((name, bytes) -> {
        assertThat(watcher.streamed.get(name)).as(name).isEqualTo(bytes);
        assertThat(watcher.read.get(name)).as(name).isEqualTo(bytes);
      });
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1000, 1_000_000, 9_000_000})
  void showsAllOfAFileWhoseShardsAreHashedAtOnce(long shard) throws Exception {
    byte[] content = random(20_000_001);
    Files.write(model.resolve("large"), content);
    Files.delete(model.resolve("empty"));
    sign(ModelHasher.builder().shardSize(shard).build());
    examine(DirectorySource.of(model)).orElseThrow();

    assertThat(watcher.streamed.get("large")).isEqualTo(content);
    assertThat(watcher.read.get("large")).isEqualTo(content);
  }

  @Test
  void showsNoMoreThanIsAskedFor() throws Exception {
    byte[] content = random(5_000_000);
    Files.write(model.resolve("large"), content);
    sign(ModelHasher.builder().build());
    watcher.most = 1;
    examine(DirectorySource.of(model), 1).orElseThrow();

    byte[] seen = watcher.streamed.get("large");
    assertThat(seen).isEqualTo(Arrays.copyOf(content, seen.length));
    assertThat(watcher.read.get("large")).isEqualTo(content);
  }

  @ParameterizedTest
  @EnumSource(HashAlgorithm.class)
  void readsPartsFromTheCopyIfThereIsOne(HashAlgorithm algorithm) throws Exception {
    byte[] content = random(9_000_001);
    Files.write(model.resolve("large"), content);
    sign(ModelHasher.builder().hashAlgorithm(algorithm).build());
    VerifiedModel verified =
        ModelVerifier.builder(verifier)
            .inspector(watcher)
            .build()
            .examineAndCopy(DirectorySource.of(model), signature, directory.resolve("copy"))
            .orElseThrow();

    assertThat(files(verified.contents().orElseThrow())).containsExactly("a", "b/c", "large");
    assertThat(watcher.streamed.get("large")).isEqualTo(content);
    assertThat(watcher.read.get("large")).isEqualTo(content);
    assertThat(directory.resolve("copy/large")).hasBinaryContent(content);
  }

  @Test
  void looksIntoASingleFile() throws Exception {
    model = Files.write(directory.resolve("weights"), random(2_000_000));
    sign(ModelHasher.builder().build());
    VerifiedModel verified = examine(DirectorySource.of(model)).orElseThrow();

    assertThat(files(verified.contents().orElseThrow())).containsExactly("weights");
    assertThat(watcher.read.get("weights")).isEqualTo(Files.readAllBytes(model));
  }

  @Test
  void looksIntoFilesWhereverTheyAre() throws Exception {
    sign(ModelHasher.builder().build());
    try (FileSystem memory = Jimfs.newFileSystem(Configuration.unix())) {
      Path there = Models.write(memory.getPath("/model"), "a", "alpha", "b/c", "beta", "empty", "");
      assertThat(files(examine(DirectorySource.of(there)).orElseThrow().contents().orElseThrow()))
          .containsExactly("a", "b/c");
      assertThat(watcher.read.get("a")).asString(StandardCharsets.UTF_8).isEqualTo("alpha");
    }
    watcher.streamed.clear();
    ObjectStore store = new ObjectStore().put("a", "alpha", "b/c", "beta", "empty", "");
    assertThat(files(examine(store).orElseThrow().contents().orElseThrow()))
        .containsExactly("a", "b/c");
    assertThat(watcher.withParts).containsEntry("a", false);
    assertThat(watcher.streamed.get("b/c")).asString(StandardCharsets.UTF_8).isEqualTo("beta");
  }

  @Test
  void tellsNothingOfFilesThatAreNotWhatWasSigned() throws Exception {
    byte[] content = random(20_000_000);
    Files.write(model.resolve("large"), content);
    Files.delete(model.resolve("empty"));
    sign(ModelHasher.builder().shardSize(1_000_000).build());
    content[15_000_000]++;
    Files.write(model.resolve("large"), content);
    Models.write(model, "b/c", "other", "unsigned", "x");
    VerificationOutcome outcome = examine(DirectorySource.of(model));

    assertThat(outcome.verified()).isEmpty();
    ContentFacts facts = outcome.comparison().orElseThrow().contents().orElseThrow();
    assertThat(files(facts)).containsExactly("a");
    assertThat(outcome.findings()).extracting(Finding::file).containsExactly(Optional.of("a"));
    assertThat(watcher.streamed).doesNotContainKey("unsigned");
  }

  @Test
  void isNotAskedWhereNobodyWantsToKnow() throws Exception {
    sign(ModelHasher.builder().build());
    assertThat(ModelVerifier.using(verifier).verify(model, signature).contents()).isEmpty();
  }

  /** What is read after hashing is compared with what was found once more. */
  @ParameterizedTest
  @ValueSource(ints = {300_000, 3_000_000})
  void refusesAFileThatChangesWhileItsPartsAreRead(int size) throws Exception {
    Path file = Files.write(model.resolve("large"), random(size));
    sign(ModelHasher.builder().build());
    watcher.atEnd =
        () -> {
          try {
            Files.write(file, new byte[] {1}, StandardOpenOption.WRITE);
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        };

    assertThatThrownBy(() -> examine(DirectorySource.of(model)).orElseThrow())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("large");
  }

  @Test
  void failsIfWhoLooksFails() throws Exception {
    sign(ModelHasher.builder().build());
    watcher.atEnd =
        () -> {
          throw new IllegalStateException("defect");
        };

    assertThatThrownBy(() -> examine(DirectorySource.of(model)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("defect");
  }

  @Test
  void keepsNoMoreFactsThanItsBound() {
    ContentCollector collector = new ContentCollector((name, size, start) -> Optional.empty());
    for (int i = 0; i <= ContentCollector.MAX_FACTS; i++) {
      String name = "file " + i;
      collector.add(
          name,
          new FileFacts(
              List.of(new RunnableContent(name, Optional.empty(), Kind.PYTHON, List.of(), 0, true)),
              List.of(),
              List.of()));
    }
    ContentFacts facts = collector.facts(name -> true);
    assertThat(facts.runnable()).hasSize(ContentCollector.MAX_FACTS);
    assertThat(facts.moreRunnable()).isEqualTo(1);
    assertThat(collector.facts(name -> false).moreRunnable()).isZero();
  }
}
