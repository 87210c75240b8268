package dev.modelsigning.update;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.modelsigning.ModelSigner;
import dev.modelsigning.ModelVerifier;
import dev.modelsigning.SignedModel;
import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.finding.Finding;
import dev.modelsigning.internal.table.DigestTable;
import dev.modelsigning.key.KeyPairFiles;
import dev.modelsigning.key.KeySigner;
import dev.modelsigning.key.KeyVerifier;
import dev.modelsigning.local.DirectorySource;
import dev.modelsigning.manifest.ModelHasher;
import dev.modelsigning.manifest.Reading;
import dev.modelsigning.model.HashAlgorithm;
import dev.modelsigning.model.ModelFile;
import dev.modelsigning.model.StoredVersion;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.signingkey.EcdsaScheme;
import dev.modelsigning.testing.Models;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Signing again reads what has changed, and makes the statement that a full run makes. */
class ModelUpdateTest {

  @TempDir private Path directory;

  private Path model;
  private Path signature;
  private Path state;
  private KeySigner signer;
  private KeyVerifier trust;

  @BeforeEach
  void makeAModel() throws Exception {
    model = Models.write(directory.resolve("model"), "a", "alpha", "b/c", "gamma", "b/d", "delta");
    signature = directory.resolve("model.sig");
    state = directory.resolve("state");
    signer = keyPair("key");
    trust = KeyVerifier.load(directory.resolve("key.pub"));
    settle();
  }

  private KeySigner keyPair(String name) throws Exception {
    Path key = directory.resolve(name + ".pem");
    KeyPairFiles.generate(EcdsaScheme.P256, key, directory.resolve(name + ".pub"));
    return KeySigner.load(key);
  }

  /** Waits until the last change of each file is older than the resolution of its time. */
  private void settle() throws IOException, InterruptedException {
    Instant last = Instant.MIN;
    try (Stream<Path> files = Files.walk(model)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Instant changed =
            ((FileTime) Files.getAttribute(file, "unix:ctime", LinkOption.NOFOLLOW_LINKS))
                .toInstant();
        last = changed.isAfter(last) ? changed : last;
      }
    }
    boolean whole = last.equals(last.truncatedTo(ChronoUnit.SECONDS));
    Duration resolution = Duration.ofMillis(whole ? 2_000 : 60);
    while (!last.plus(resolution).isBefore(Instant.now())) {
      Thread.sleep(5);
    }
  }

  /** What a run did. */
  private record Run(SignedModel signed, ModelUpdate update, List<Finding> findings) {}

  private Run run(ModelHasher hasher) throws Exception {
    UpdateRecords records = UpdateRecords.in(state);
    ModelUpdate update =
        Files.exists(signature)
            ? ModelUpdate.since(model, signature, records, hasher, trust)
            : ModelUpdate.ofAll(model, signature, records, hasher, "it is the first");
    SignedModel signed =
        ModelSigner.using(signer).withHasher(update.hasher()).sign(update.source(), signature);
    return new Run(signed, update, update.finish(signed.signature()));
  }

  private Run run() throws Exception {
    return run(ModelHasher.withDefaults());
  }

  private void requireRead(Run run, long read, long notRead) throws Exception {
    requireRead(run, read, notRead, ModelHasher.withDefaults());
  }

  /** Requires these numbers, and the same statement as of a run that reads all. */
  private void requireRead(Run run, long read, long notRead, ModelHasher hasher) throws Exception {
    assertThat(run.update().read()).as("read").isEqualTo(read);
    assertThat(run.update().notRead()).as("not read").isEqualTo(notRead);
    assertThat(run.signed().signature().bundle().envelope().payload())
        .isEqualTo(ModelSigner.using(signer).withHasher(hasher).sign(model).envelope().payload());
    ModelVerifier.using(trust).verify(model, signature);
  }

  @Test
  void readsNothingThatIsUnchanged() throws Exception {
    Run first = run();
    requireRead(first, 3, 0);
    assertThat(first.update().whyRead()).isEqualTo("it is the first");

    for (int i = 0; i < 3; i++) {
      Run again = run();
      requireRead(again, 0, 3);
      assertThat(again.update().whyRead()).isEmpty();
      assertThat(again.findings()).isEmpty();
      assertThat(again.signed().content().findings())
          .extracting(Finding::message)
          .containsExactly(
              "3 of 3 files were not read: their digests have another origin (from an earlier"
                  + " signature)");
    }
  }

  @Test
  void readsWhatHasChanged() throws Exception {
    run();
    Files.writeString(model.resolve("b/c"), "GAMMA");
    settle();
    requireRead(run(), 1, 2);

    Files.writeString(model.resolve("new"), "new");
    Files.delete(model.resolve("a"));
    Files.move(model.resolve("b/d"), model.resolve("b/e"));
    settle();
    requireRead(run(), 2, 1);
    requireRead(run(), 0, 3);
  }

  /** Whoever changes a file can set its modification time back, but not its change time. */
  @Test
  void readsAFileWhoseModificationTimeWasSetBack() throws Exception {
    run();
    Path file = model.resolve("a");
    FileTime before = Files.getLastModifiedTime(file);
    Files.writeString(file, "ALPHA");
    Files.setLastModifiedTime(file, before);
    settle();

    requireRead(run(), 1, 2);
  }

  /** Another file with the same times and length is another file. */
  @Test
  void readsAFileThatReplacedAnother() throws Exception {
    run();
    Path file = model.resolve("a");
    Path other = directory.resolve("other");
    Files.writeString(other, "ALPHA");
    Files.setLastModifiedTime(other, Files.getLastModifiedTime(file));
    Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
    settle();

    requireRead(run(), 1, 2);
  }

  /** Two files that changed places have the versions of each other, under other names. */
  @Test
  void readsFilesThatChangedPlaces() throws Exception {
    run();
    Path aside = directory.resolve("aside");
    Files.move(model.resolve("b/c"), aside);
    Files.move(model.resolve("b/d"), model.resolve("b/c"));
    Files.move(aside, model.resolve("b/d"));
    settle();

    requireRead(run(), 2, 1);
  }

  /** A directory that is renamed does not change the times of its files. */
  @Test
  void readsTheFilesOfARenamedDirectory() throws Exception {
    run();
    Files.move(model.resolve("b"), model.resolve("z"));
    settle();

    requireRead(run(), 2, 1);
  }

  /** A second change within the resolution of the clock gives no other version. */
  @Test
  void readsAgainWhatWasChangedJustBefore() throws Exception {
    Files.writeString(model.resolve("a"), "ALPHA");
    run();

    requireRead(run(), 1, 2);
  }

  @Test
  void readsAgainWhatIsModifiedInTheFuture() throws Exception {
    Files.setLastModifiedTime(
        model.resolve("a"), FileTime.from(Instant.now().plus(Duration.ofHours(1))));
    settle();
    run();

    requireRead(run(), 1, 2);
  }

  @Test
  void readsLinksAgain() throws Exception {
    Path target = Files.writeString(directory.resolve("target"), "target");
    Files.createSymbolicLink(model.resolve("link"), target);
    settle();
    ModelHasher hasher =
        ModelHasher.builder().reading(Reading.withDefaults().allowSymlinks(true)).build();
    run(hasher);

    requireRead(run(hasher), 1, 3, hasher);
  }

  @Test
  void updatesShards() throws Exception {
    ModelHasher hasher = ModelHasher.builder().shardSize(2).build();
    run(hasher);
    Files.writeString(model.resolve("a"), "ALPHABET");
    settle();

    requireRead(run(hasher), 1, 2, hasher);
  }

  @ParameterizedTest
  @EnumSource(
      value = HashAlgorithm.class,
      names = {"BLAKE2B", "BLAKE3"})
  void readsAllForAnotherAlgorithm(HashAlgorithm algorithm) throws Exception {
    run();
    ModelHasher other = ModelHasher.builder().hashAlgorithm(algorithm).build();

    Run all = run(other);
    requireRead(all, 3, 0, other);
    assertThat(all.update().whyRead()).contains("another hash algorithm or shard size");
    requireRead(run(other), 0, 3, other);
    requireRead(run(ModelHasher.builder().shardSize(2).build()), 3, 0, shards());
  }

  private static ModelHasher shards() {
    return ModelHasher.builder().shardSize(2).build();
  }

  @Test
  void updatesASignatureInTheModel() throws Exception {
    signature = model.resolve("model.sig");
    run();
    Files.writeString(model.resolve("a"), "ALPHA");
    settle();

    Run again = run();
    assertThat(again.update().read()).isEqualTo(1);
    assertThat(again.update().notRead()).isEqualTo(2);
    ModelVerifier.using(trust).verify(model, signature);
  }

  private List<Path> inState() throws IOException {
    try (Stream<Path> files = Files.list(state)) {
      return files.sorted().toList();
    }
  }

  private Path record() throws IOException {
    return inState().stream()
        .filter(file -> file.toString().endsWith(".record"))
        .findFirst()
        .orElseThrow();
  }

  private void requireAllReadWithAWarning(String message) throws Exception {
    Run all = run();
    requireRead(all, 3, 0);
    assertThat(all.findings())
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.rule().code()).isEqualTo("UPDATE_RECORD_NOT_USED");
          assertThat(finding.message()).contains(message).endsWith("; all files were read");
        });
    requireRead(run(), 0, 3);
  }

  @Test
  void readsAllIfAnythingInTheRecordWasChanged() throws Exception {
    run();
    byte[] good = Files.readAllBytes(record());
    assertThat(good).hasSize(16 + 32 + 32 + 3 * 32);
    for (int at : new int[] {0, 15, 16, 47, 48, 79, 80, good.length - 1}) {
      byte[] changed = Files.readAllBytes(record());
      changed[at] ^= 1;
      Files.write(record(), changed);
      requireAllReadWithAWarning("was changed, or is of another machine or user");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 16, 79, 80, 100, 112})
  void readsAllIfTheRecordWasCut(int length) throws Exception {
    run();
    Files.write(record(), java.util.Arrays.copyOf(Files.readAllBytes(record()), length));

    requireAllReadWithAWarning("was changed, or is of another machine or user");
  }

  @Test
  void readsAllIfTheRecordWasMadeLonger() throws Exception {
    run();
    byte[] good = Files.readAllBytes(record());
    Files.write(record(), java.util.Arrays.copyOf(good, good.length + 32));

    requireAllReadWithAWarning("was changed, or is of another machine or user");
  }

  /** As by a cache that was restored. */
  @Test
  void readsAllIfTheRecordIsOfAnotherModel() throws Exception {
    run();
    byte[] other = Files.readAllBytes(record());
    Path moved = directory.resolve("moved");
    Files.move(model, moved);
    model = moved;
    settle();
    Run first = run();
    requireRead(first, 3, 0);
    assertThat(first.update().whyRead()).isEqualTo("there is no record of a run before");

    for (Path file : inState()) {
      if (file.toString().endsWith(".record")) {
        Files.write(file, other);
      }
    }
    requireAllReadWithAWarning("was changed, or is of another machine or user");
  }

  @Test
  void readsAllIfTheKeyOfTheRecordsIsAnother() throws Exception {
    run();
    byte[] key = Files.readAllBytes(state.resolve("record.key"));
    key[3] ^= 1;
    Files.write(state.resolve("record.key"), key);

    requireAllReadWithAWarning("was changed, or is of another machine or user");
  }

  @Test
  void readsAllIfTheKeyOfTheRecordsIsAway() throws Exception {
    run();
    Files.delete(state.resolve("record.key"));

    requireAllReadWithAWarning("the record of the last run cannot be used: ");
  }

  @Test
  void saysThatAnUnusableKeyOfRecordsIsToBeDeleted() throws Exception {
    run();
    Files.write(state.resolve("record.key"), new byte[0]);

    Run all = run();
    requireRead(all, 3, 0);
    assertThat(all.findings())
        .extracting(Finding::message)
        .hasSize(2)
        .allMatch(message -> message.contains("expected 32 bytes; delete it to start anew"));
  }

  @Test
  void doesNotUseAKeyThatOthersCanRead() throws Exception {
    run();
    Files.setPosixFilePermissions(
        state.resolve("record.key"), PosixFilePermissions.fromString("rw-r--r--"));

    Run all = run();
    requireRead(all, 3, 0);
    assertThat(all.findings())
        .extracting(Finding::message)
        .hasSize(2)
        .allMatch(message -> message.contains("others can read it; delete it to start anew"));
  }

  @Test
  void canBeUsedOnce() throws Exception {
    ModelUpdate update =
        ModelUpdate.ofAll(
            model, signature, UpdateRecords.in(state), ModelHasher.withDefaults(), "it is new");
    SignedModel signed = ModelSigner.using(signer).sign(update.source(), signature);
    update.finish(signed.signature());

    assertThatThrownBy(() -> ModelSigner.using(signer).sign(update.source(), signature))
        .isInstanceOf(IllegalStateException.class);
    ModelUpdate unused =
        ModelUpdate.ofAll(
            model, signature, UpdateRecords.in(state), ModelHasher.withDefaults(), "it is new");
    assertThatThrownBy(() -> unused.finish(signed.signature()))
        .isInstanceOf(IllegalStateException.class);
  }

  /** Others could write a record there. */
  @Test
  void doesNotUseADirectoryOfOthers() throws Exception {
    run();
    Files.setPosixFilePermissions(state, PosixFilePermissions.fromString("rwxrwxrwx"));

    Run all = run();
    requireRead(all, 3, 0);
    assertThat(all.findings()).hasSize(2);
    assertThat(all.findings().get(0).message()).contains("can be written to by others");
  }

  @Test
  void onlyTheUserCanReadTheKey() throws Exception {
    run();

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(state)))
        .isEqualTo("rwx------");
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(state.resolve("record.key"))))
        .isEqualTo("rw-------");
  }

  /** An attacker who puts an older signature back does not get its digests signed. */
  @Test
  void readsAllIfTheSignatureIsAnOlderOne() throws Exception {
    run();
    byte[] older = Files.readAllBytes(signature);
    Files.writeString(model.resolve("a"), "ALPHA");
    settle();
    run();
    Files.write(signature, older);

    Run all = run();
    requireRead(all, 3, 0);
    assertThat(all.update().whyRead())
        .isEqualTo("the signature is not the one that the last run wrote");
  }

  @Test
  void refusesTheSignatureOfSomebodyElse() throws Exception {
    run();
    KeySigner other = keyPair("other");
    ModelSigner.using(other).sign(model, signature);
    byte[] before = Files.readAllBytes(signature);

    assertThatThrownBy(this::run)
        .isInstanceOf(VerificationException.class)
        .hasMessageContaining(signature.toString());
    assertThat(signature).hasBinaryContent(before);
  }

  @Test
  void refusesAFileThatIsNoSignature() throws Exception {
    run();
    Files.writeString(signature, "{}");

    assertThatThrownBy(this::run)
        .isInstanceOf(MalformedBundleException.class)
        .hasMessageContaining(signature.toString());
    assertThat(signature).hasContent("{}");
  }

  /** The worst that a forged record does: an old digest is signed again, and does not verify. */
  @Test
  void aForgedRecordGetsNothingSignedThatWasNotSignedBefore() throws Exception {
    Run first = run();
    Files.writeString(model.resolve("a"), "EVIL!");
    settle();
    DigestTable proofs = new DigestTable(32);
    for (ModelFile file : files()) {
      Optional<StoredVersion> version = file.storedVersion();
      proofs.add(UpdateRecord.proof(file.utf8Name(), version.orElseThrow()));
    }
    Bytes payload =
        Bytes.of(
            first
                .signed()
                .signature()
                .bundle()
                .envelope()
                .payload()
                .content()
                .digest(UpdateRecord.sha256()));
    UpdateRecords.in(state).write(model, signature, UpdateRecord.of(payload, proofs));

    Run again = run();

    assertThat(again.update().read()).isZero();
    assertThat(again.signed().content().manifest()).isEqualTo(first.signed().content().manifest());
    assertThatThrownBy(() -> ModelVerifier.using(trust).verify(model, signature))
        .isInstanceOf(VerificationException.class)
        .hasMessageContaining("a");
  }

  private List<ModelFile> files() throws IOException {
    List<ModelFile> files = new ArrayList<>();
    ModelHasher.withDefaults().list(DirectorySource.of(model), new CollectedFiles(files));
    return files;
  }

  /** A record without files that the signature lists, or a signature without files, is no harm. */
  @Test
  void readsWhatTheSignatureDoesNotList() throws Exception {
    ModelHasher less =
        ModelHasher.builder().reading(Reading.withDefaults().ignorePath("a")).build();
    run(less);

    requireRead(run(), 1, 2);
  }

  @Test
  void readsAllOfAFileSystemWithoutChangeTimes() throws Exception {
    try (FileSystem memory = Jimfs.newFileSystem(Configuration.unix())) {
      model = Models.write(memory.getPath("/model"), "a", "alpha", "b", "beta");
      run();

      Run again = run();
      assertThat(again.update().read()).isEqualTo(2);
      assertThat(again.update().notRead()).isZero();
      assertThat(again.update().whyRead())
          .isEqualTo(
              "for 2 of them nothing tells whether they have changed (links, or the file system)");
    }
  }

  /** Nothing is kept of a run that signed nothing. */
  @Test
  void keepsNothingIfSigningFails() throws Exception {
    Files.createSymbolicLink(model.resolve("link"), Path.of("a"));

    assertThatThrownBy(this::run).isInstanceOf(IOException.class);
    assertThat(state).doesNotExist();
  }

  @Test
  void signsAlsoIfNoRecordCanBeWritten() throws Exception {
    Files.writeString(state, "a file");

    Run first = run();
    requireRead(first, 3, 0);
    assertThat(first.findings())
        .extracting(Finding::message)
        .singleElement()
        .satisfies(message ->
            assertThat(message).startsWith("the record for the next run cannot be written"));
  }
}
