package dev.modelsigning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.finding.Rules;
import dev.modelsigning.key.KeyPairFiles;
import dev.modelsigning.key.KeySigner;
import dev.modelsigning.key.KeyVerifier;
import dev.modelsigning.local.DirectorySource;
import dev.modelsigning.local.LocalDigester;
import dev.modelsigning.manifest.HashedModel;
import dev.modelsigning.manifest.ModelHasher;
import dev.modelsigning.manifest.Reading;
import dev.modelsigning.model.Digester;
import dev.modelsigning.model.EntryKind;
import dev.modelsigning.model.Evidence;
import dev.modelsigning.model.HashAlgorithm;
import dev.modelsigning.model.HashOutcome;
import dev.modelsigning.model.HashOutcome.Failed;
import dev.modelsigning.model.HashOutcome.Hashed;
import dev.modelsigning.model.Hashing;
import dev.modelsigning.model.ModelFile;
import dev.modelsigning.model.ModelSource;
import dev.modelsigning.model.UncoveredEntry;
import dev.modelsigning.model.UncoveredEntry.Reason;
import dev.modelsigning.signingkey.EcdsaScheme;
import dev.modelsigning.testing.FaultyFileSystem;
import dev.modelsigning.testing.FaultyFileSystem.Fault;
import dev.modelsigning.testing.Models;
import dev.modelsigning.testing.ObjectStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A model gives the same statement and the same verdict wherever it is: in a directory, in a zip
 * file, in a store that has neither paths nor directories; and so does what goes wrong with it.
 */
class ContentSourcesTest {

  private static final String[] FILES = {
    ".gitattributes", "x",
    "a", "alpha",
    "logs/1", "one",
    "logs/2", "two",
    "sub/b", "beta",
    "sub/deep/\u6a21\u578b", "gamma",
    "sub-c", "delta",
    "z-empty", ""
  };

  @TempDir Path directory;

  private final List<FileSystem> opened = new ArrayList<>();
  private KeySigner signer;
  private KeyVerifier verifier;

  /** Where the model is, and how to do something to it there. */
  private interface Place {
    ModelSource source();

    void write(String name, String content) throws IOException;

    void delete(String name) throws IOException;

    /** At a call for a file, or for the listing if there is no name. */
    void at(String call, String name, Fault fault);

    /** How the file is called in messages. */
    String shown(String name);
  }

  enum Kind {
    DIRECTORY,
    ZIP_FILE,
    OBJECT_STORE
  }

  @BeforeEach
  void makeKeys() throws Exception {
    Path privateKey = directory.resolve("key.pem");
    Path publicKey = directory.resolve("key.pub");
    KeyPairFiles.generate(EcdsaScheme.P256, privateKey, publicKey);
    signer = KeySigner.load(privateKey);
    verifier = KeyVerifier.load(publicKey);
  }

  @AfterEach
  void close() throws IOException {
    for (FileSystem each : opened) {
      each.close();
    }
  }

  private Place place(Kind kind) throws IOException {
    return switch (kind) {
      case DIRECTORY -> files(Jimfs.newFileSystem(Configuration.unix()), "/models/model");
      case ZIP_FILE ->
          files(
              FileSystems.newFileSystem(
                  directory.resolve(opened.size() + ".zip"), Map.of("create", "true")),
              "/model");
      case OBJECT_STORE -> objects(new ObjectStore().put(FILES));
    };
  }

  private Place files(FileSystem real, String path) throws IOException {
    FaultyFileSystem faulty = new FaultyFileSystem(real);
    opened.add(faulty);
    Path model = Models.write(faulty.getPath(path), FILES);
    return new Place() {
      @Override
      public ModelSource source() {
        return DirectorySource.of(model);
      }

      @Override
      public void write(String name, String content) throws IOException {
        Models.write(faulty.real(model), name, content);
      }

      @Override
      public void delete(String name) throws IOException {
        Files.delete(faulty.real(model.resolve(name)));
      }

      @Override
      public void at(String call, String name, Fault fault) {
        Path file = model.resolve(name);
        switch (call) {
          case "list" -> faulty.beforeEntry(1, model.resolve("sub"), fault);
          case "open" -> faulty.beforeOpening(file, fault);
          case "read" -> faulty.beforeByte(1, file, fault);
          case "close" -> faulty.whenClosing(file, fault);
          // The attributes are asked for when it is found, and again when it was read.
          case "restat" -> faulty.beforeByte(1, file, () -> faulty.beforeAttributes(file, fault));
          default -> throw new IllegalArgumentException(call);
        }
      }

      @Override
      public String shown(String name) {
        return model.resolve(name).toString();
      }
    };
  }

  private static Place objects(ObjectStore store) {
    return new Place() {
      @Override
      public ModelSource source() {
        return store;
      }

      @Override
      public void write(String name, String content) {
        store.remove(name).put(name, content);
      }

      @Override
      public void delete(String name) {
        store.remove(name);
      }

      @Override
      public void at(String call, String name, Fault fault) {
        store.before(call, call.equals("list") ? 4 : name, fault);
      }

      @Override
      public String shown(String name) {
        return store.location() + "/" + name;
      }
    };
  }

  private static ModelHasher hasher(Reading reading) {
    return ModelHasher.builder().reading(reading).build();
  }

  private static HashedModel hash(ModelSource source) throws IOException {
    return hasher(Reading.withDefaults()).hash(source);
  }

  private Bundle sign(ModelSource source) throws Exception {
    return ModelSigner.using(signer).sign(source);
  }

  private VerifiedModel verify(ModelSource source, Bundle bundle) throws Exception {
    return ModelVerifier.using(verifier).verify(source, bundle);
  }

  private VerifiedModel verify(ModelSource source, Bundle bundle, Reading reading)
      throws Exception {
    return ModelVerifier.builder(verifier).reading(reading).build().verify(source, bundle);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void givesTheSameManifestAndTheSameUncoveredEntriesEverywhere(Kind kind) throws Exception {
    Path model = Models.write(directory.resolve("model"), FILES);
    Reading reading = Reading.withDefaults().ignorePath("logs").ignorePath("sub/b");
    for (HashAlgorithm algorithm : HashAlgorithm.values()) {
      for (ModelHasher.Builder settings :
          List.of(ModelHasher.builder(), ModelHasher.builder().shardSize(2))) {
        ModelHasher hasher = settings.hashAlgorithm(algorithm).reading(reading).build();
        HashedModel here = hasher.hash(model);
        HashedModel there = hasher.hash(place(kind).source());
        assertThat(there).isEqualTo(here);
      }
    }
    assertThat(hasher(reading).hash(place(kind).source()).uncovered())
        .containsExactly(
            new UncoveredEntry(".gitattributes", EntryKind.FILE, Reason.GIT_PATH),
            new UncoveredEntry("logs", EntryKind.DIRECTORY, Reason.IGNORED_BY_USER),
            new UncoveredEntry("sub/b", EntryKind.FILE, Reason.IGNORED_BY_USER));
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void givesTheSameVerdictEverywhere(Kind kind) throws Exception {
    Bundle bundle = sign(DirectorySource.of(Models.write(directory.resolve("model"), FILES)));
    Place place = place(kind);
    assertThat(verify(place.source(), bundle).files()).isEqualTo(7);
    place.write("a", "ALPHA");
    place.delete("sub/b");
    place.write("sub/new", "x");
    assertThatThrownBy(() -> verify(place.source(), bundle))
        .hasMessageContaining(place.source().location())
        .isInstanceOfSatisfying(
            ModelMismatchException.class,
            e -> {
              assertThat(e.differences().changed()).extracting("name").containsExactly("a");
              assertThat(e.differences().missing()).containsExactly("sub/b");
              assertThat(e.differences().extra()).extracting("name").containsExactly("sub/new");
            });
  }

  /** What is listed is verified, whatever the one who verifies would ignore. */
  @ParameterizedTest
  @EnumSource(Kind.class)
  void leavesOutNothingThatIsListed(Kind kind) throws Exception {
    Bundle bundle = sign(DirectorySource.of(Models.write(directory.resolve("model"), FILES)));
    Reading ignoring = Reading.withDefaults().ignorePath("logs").ignorePath("sub");
    Place place = place(kind);
    assertThat(verify(place.source(), bundle, ignoring).files()).isEqualTo(7);
    place.write("logs/3", "new");
    assertThat(verify(place.source(), bundle, ignoring).uncovered())
        .contains(new UncoveredEntry("logs/3", EntryKind.FILE, Reason.IGNORED_BY_USER));
    place.write("logs/1", "other");
    assertThatThrownBy(() -> verify(place.source(), bundle, ignoring))
        .isInstanceOfSatisfying(
            ModelMismatchException.class,
            e ->
                assertThat(e.differences().changed()).extracting("name").containsExactly("logs/1"));
  }

  /** A fault at each call ends in an error that says where, with nothing signed or verified. */
  @ParameterizedTest
  @EnumSource(Kind.class)
  void endsInAnErrorAtAFaultInAnyCall(Kind kind) throws Exception {
    Bundle bundle = sign(place(kind).source());
    for (String call : List.of("open", "read", "close", "restat")) {
      for (String name : List.of("a", "sub/deep/\u6a21\u578b")) {
        Place signing = gone(kind, call, name);
        Place verifying = gone(kind, call, name);
        for (Throwable failure :
            List.of(
                catchThrowable(() -> sign(signing.source())),
                catchThrowable(() -> verify(verifying.source(), bundle)))) {
          assertThat(failure)
              .as("%s of %s", call, name)
              .isInstanceOfSatisfying(
                  FileSystemException.class,
                  e -> assertThat(e.getFile()).isIn(signing.shown(name), verifying.shown(name)))
              .hasMessageContaining("the store is gone");
        }
      }
    }
  }

  private Place gone(Kind kind, String call, String name) throws IOException {
    Place place = place(kind);
    place.at(
        call,
        name,
        () -> {
          throw new IOException("the store is gone");
        });
    return place;
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void endsInAnErrorAtAFaultInTheListing(Kind kind) throws Exception {
    Bundle bundle = sign(place(kind).source());
    Place place = place(kind);
    place.at(
        "list",
        "",
        () -> {
          throw new IOException("the listing is gone");
        });
    assertThatThrownBy(() -> sign(place.source()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("the listing is gone");
    // A directory that cannot be read is a difference, and its files are missing.
    assertThat(catchThrowable(() -> verify(place.source(), bundle)))
        .isInstanceOfAny(IOException.class, ModelMismatchException.class);
  }

  /** Changes between the listing and each of the calls after it. */
  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"DIRECTORY", "OBJECT_STORE"})
  void refusesAFileThatChangesWhileItIsRead(Kind kind) throws Exception {
    Bundle bundle = sign(place(kind).source());
    for (String call : List.of("open", "read")) {
      for (String content : List.of("ALPHA", "longer than it was", "", "gone")) {
        Place place = place(kind);
        place.at(
            call,
            "a",
            () -> {
              place.delete("a");
              if (!content.equals("gone")) {
                place.write("a", content);
              }
            });
        assertThat(catchThrowable(() -> sign(place.source())))
            .as("%s, %s", call, content)
            .isInstanceOf(FileSystemException.class)
            .hasMessageContaining(place.shown("a"));
        Place again = place(kind);
        again.at(call, "a", () -> again.write("a", "ALPHA"));
        assertThat(catchThrowable(() -> verify(again.source(), bundle)))
            .isInstanceOf(IOException.class)
            .hasMessageContaining(again.shown("a"));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"../a", "/a", "a//b", "a/./b", "b/", "", ".", "..", "a/../../b", "a\0b"})
  void refusesNamesThatAreNotCanonical(String name) throws Exception {
    Bundle bundle = sign(new ObjectStore().put("a", "alpha"));
    ObjectStore store = new ObjectStore().put("a", "alpha", name, "x");
    assertThatThrownBy(() -> sign(store))
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining("cannot be signed");
    assertThatThrownBy(() -> verify(store, bundle))
        .isInstanceOfSatisfying(
            ModelMismatchException.class, e -> assertThat(e.differences().extra()).hasSize(1));
  }

  @Test
  void refusesANameThatIsListedTwice() throws Exception {
    Bundle bundle = sign(new ObjectStore().put("a", "alpha"));
    ObjectStore twice = new ObjectStore().put("a", "alpha", "a", "alpha");
    assertThatThrownBy(() -> sign(twice))
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining("twice");
    assertThatThrownBy(() -> verify(twice, bundle))
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining("twice");
  }

  /** No directory can contain both, so a copy could not be verified. */
  @Test
  void signsNoFileBelowAnotherFile() {
    assertThatThrownBy(() -> sign(new ObjectStore().put("a", "x", "a-b", "y", "a/b", "z")))
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining("'a/b' lies below a name that is a file too");
    assertThatThrownBy(() ->
            ModelHasher.builder()
                .shardSize(1)
                .build()
                .hash(new ObjectStore().put("a", "xx", "a-b", "y", "a/b", "z")))
        .hasMessageContaining("'a/b' lies below a name that is a file too");
  }

  private static byte[] sha256(String content) throws Exception {
    return MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @EnumSource(value = Evidence.class, names = "READ", mode = EnumSource.Mode.EXCLUDE)
  void takesNoDigestThatWasNotReadUnlessAskedTo(Evidence evidence) throws Exception {
    Bundle bundle = sign(new ObjectStore().put("a", "alpha", "b", "beta"));
    ObjectStore store = new ObjectStore().put("a", "alpha", "b", "beta");
    store.knows("b", evidence, sha256("beta"));
    for (Throwable failure :
        List.of(catchThrowable(() -> sign(store)), catchThrowable(() -> verify(store, bundle)))) {
      assertThat(failure)
          .isInstanceOfSatisfying(
              FileSystemException.class,
              e -> assertThat(e.getFile()).isEqualTo("store:/bucket/model/b"))
          .hasMessageContaining(evidence.toString());
    }
    Reading accepting = Reading.withDefaults().accept(evidence);
    assertThat(hasher(accepting).hash(store).findings())
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.rule()).isEqualTo(Rules.DIGESTS_NOT_READ);
          assertThat(finding.message())
              .startsWith("1 of 2 files was not ")
              .contains(
                  evidence == Evidence.CONTENT_ADDRESSED
                      ? "downloaded: their digests are those by which they are stored"
                      : "read: their digests have another origin (" + evidence + ")");
        });
    assertThat(verify(store, bundle, accepting).findings())
        .extracting("rule")
        .containsExactly(Rules.DIGESTS_NOT_READ);
    // Accepted evidence is compared nevertheless.
    store.knows("b", evidence, sha256("other"));
    assertThatThrownBy(() -> verify(store, bundle, accepting))
        .isInstanceOf(ModelMismatchException.class);
  }

  @Test
  void requiresAsManyDigestsOfTheRightLengthAsTheFileHas() throws Exception {
    ObjectStore store = new ObjectStore().put("a", "alpha", "b", "beta");
    store.knows("b", Evidence.READ, sha256("beta"), sha256("beta"));
    assertThatThrownBy(() -> hash(store)).hasMessageContaining("expected 1 digests, found 2");
    store.knows("b", Evidence.READ);
    assertThatThrownBy(() -> hash(store)).hasMessageContaining("expected 1 digests, found 0");
    store.knows("b", Evidence.READ, new byte[20]);
    assertThatThrownBy(() -> hash(store)).hasMessageContaining("expected 32 bytes of a digest");
  }

  /** A digester that is the local one, but for what it does with the outcomes. */
  private interface Odd {
    void tell(HashOutcome outcome, Consumer<? super HashOutcome> sink);
  }

  private static Digester digester(int batchSize, Odd odd) {
    return new Digester() {
      @Override
      public void digest(
          Collection<? extends ModelFile> files, Hashing how, Consumer<? super HashOutcome> sink)
          throws IOException {
        assertThat(files).hasSizeLessThanOrEqualTo(batchSize);
        LocalDigester.INSTANCE.digest(files, how, outcome -> odd.tell(outcome, sink));
      }

      @Override
      public int batchSize() {
        return batchSize;
      }
    };
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void hashesEverythingWithAnotherDigesterInBatches(Kind kind) throws Exception {
    HashedModel expected = hash(place(kind).source());
    for (int batch : new int[] {1, 2, 3, 1000}) {
      Digester digester = digester(batch, (outcome, sink) -> sink.accept(outcome));
      Reading reading = Reading.withDefaults().digester(digester);
      assertThat(hasher(reading).hash(place(kind).source())).isEqualTo(expected);
      assertThat(verify(place(kind).source(), sign(place(kind).source()), reading).files())
          .isEqualTo(7);
    }
  }

  private void refusesEverywhere(Odd odd, String words) throws Exception {
    Reading reading = Reading.withDefaults().digester(digester(1000, odd));
    for (Kind kind : Kind.values()) {
      Bundle bundle = sign(place(kind).source());
      for (Throwable failure :
          List.of(
              catchThrowable(() -> hasher(reading).hash(place(kind).source())),
              catchThrowable(() -> verify(place(kind).source(), bundle, reading)))) {
        assertThat(failure).isInstanceOf(IOException.class).hasMessageContaining(words);
      }
    }
  }

  @Test
  void noticesADigesterThatForgetsAFile() throws Exception {
    refusesEverywhere(
        (outcome, sink) -> {
          if (!outcome.file().name().equals("sub/b")) {
            sink.accept(outcome);
          }
        },
        "sub/b: was not hashed");
  }

  /** A file that is reported twice could hide one that is not reported. */
  @Test
  void noticesADigesterThatTellsAFileTwice() throws Exception {
    HashOutcome[] first = new HashOutcome[1];
    refusesEverywhere(
        (outcome, sink) -> {
          synchronized (first) {
            if (outcome.file().name().equals("a")) {
              first[0] = outcome;
              sink.accept(outcome);
            }
            if (!outcome.file().name().equals("sub/b")) {
              sink.accept(outcome);
            }
          }
        },
        "twice");
  }

  @Test
  void noticesADigesterThatTellsOfAFileThatItWasNotGiven() throws Exception {
    ModelFile[] other = new ModelFile[1];
    ObjectStore store = new ObjectStore().put("other", "x");
    hasher(
            Reading.withDefaults()
                .digester(
                    digester(
                        1000,
                        (outcome, sink) -> {
                          other[0] = outcome.file();
                          sink.accept(outcome);
                        })))
        .hash(store);
    refusesEverywhere(
        (outcome, sink) -> {
          Hashed hashed = (Hashed) outcome;
          boolean swapped = outcome.file().name().equals("sub/b");
          sink.accept(
              new Hashed(swapped ? other[0] : outcome.file(), hashed.digests(), Evidence.READ));
        },
        "not asked for");
  }

  /** A source that asks for one file and hands out another one is as little believed. */
  @Test
  void noticesASourceThatHandsOutLessThanItWasAskedFor() throws Exception {
    Bundle bundle = sign(new ObjectStore().put(FILES));
    ObjectStore forgetful = new ObjectStore().put(FILES).forget("sub/b");
    for (Throwable failure :
        List.of(
            catchThrowable(() -> hash(forgetful)),
            catchThrowable(() -> verify(forgetful, bundle)))) {
      assertThat(failure)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("expected the digests of 7 files, found those of 6");
    }
  }

  @Test
  void reportsAllFailuresOfADigesterAtOnce() throws Exception {
    refusesEverywhere(
        (outcome, sink) -> {
          boolean broken = outcome.file().name().startsWith("sub/");
          sink.accept(
              broken
                  ? new Failed(outcome.file(), new IOException(outcome.file().name() + ": broken"))
                  : outcome);
        },
        "2 files cannot be read; the first: sub/");
  }

  @Test
  void takesNoDigestOfAnotherAlgorithmFromADigester() throws Exception {
    refusesEverywhere(
        (outcome, sink) ->
            sink.accept(new Hashed(outcome.file(), List.of(new byte[64]), Evidence.READ)),
        "expected 32 bytes of a digest, found 64");
  }

  @Test
  void signsAndVerifiesWithTheSignatureInAFile() throws Exception {
    Path signature = directory.resolve("model.sig");
    ObjectStore store = new ObjectStore().put(FILES);
    SignedModel signed = ModelSigner.using(signer).sign(store, signature);
    assertThat(signed.content().name()).isEqualTo("model");
    VerifiedModel verified = ModelVerifier.using(verifier).verify(store, signature);
    assertThat(verified.model().location()).isEqualTo("store:/bucket/model");
    store.replace("a", "ALPHA");
    assertThatThrownBy(() -> ModelVerifier.using(verifier).verify(store, signature))
        .isInstanceOf(ModelMismatchException.class);
    Files.writeString(signature, "{}");
    assertThatThrownBy(() -> ModelVerifier.using(verifier).verify(store, signature))
        .hasMessageContaining(signature.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a\ud800"})
  void signsNoModelWhoseNameCannotBeWrittenDown(String name) {
    ObjectStore store = new ObjectStore().put(FILES).named(name);
    assertThatThrownBy(() -> sign(store))
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining("the name of the model");
  }

  @Test
  void failsWhenTheListingEndsInAnError() throws Exception {
    ObjectStore store = new ObjectStore().put(FILES);
    Bundle bundle = sign(store);
    store.before(
        "list",
        "end",
        () -> {
          throw new IOException("the listing changed, begin again");
        });
    assertThatThrownBy(() -> sign(store)).hasMessageContaining("the listing changed");
    assertThatThrownBy(() -> verify(store, bundle)).hasMessageContaining("the listing changed");
  }
}
