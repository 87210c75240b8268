package dev.modelsigning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.key.KeyPairFiles;
import dev.modelsigning.key.KeySigner;
import dev.modelsigning.key.KeyVerifier;
import dev.modelsigning.local.LocalDigester;
import dev.modelsigning.manifest.HashedModel;
import dev.modelsigning.manifest.ModelHasher;
import dev.modelsigning.manifest.Reading;
import dev.modelsigning.model.Digester;
import dev.modelsigning.model.Evidence;
import dev.modelsigning.model.HashOutcome.Failed;
import dev.modelsigning.model.HashOutcome.Hashed;
import dev.modelsigning.model.Hashing;
import dev.modelsigning.model.Listing;
import dev.modelsigning.model.ModelFile;
import dev.modelsigning.model.ModelSource;
import dev.modelsigning.model.Selection;
import dev.modelsigning.model.Version;
import dev.modelsigning.signingkey.EcdsaScheme;
import dev.modelsigning.testing.ObjectStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sources and digesters that break their contract end in an error, and in no other verdict. */
@Timeout(60)
class FaultySourcesTest {

  @TempDir Path directory;

  private KeySigner signer;
  private KeyVerifier verifier;

  @BeforeEach
  void makeKeys() throws Exception {
    Path privateKey = directory.resolve("key.pem");
    Path publicKey = directory.resolve("key.pub");
    KeyPairFiles.generate(EcdsaScheme.P256, privateKey, publicKey);
    signer = KeySigner.load(privateKey);
    verifier = KeyVerifier.load(publicKey);
  }

  /** What a source tells. */
  private interface Script {
    void tell(Listing listing) throws IOException;
  }

  private static ModelSource source(Script script) {
    return new ModelSource() {
      @Override
      public String name() {
        return "model";
      }

      @Override
      public String location() {
        return "odd:model";
      }

      @Override
      public void list(Selection selection, Optional<Hashing> hashing, Listing listing)
          throws IOException {
        script.tell(listing);
      }
    };
  }

  /** A file that says what a test wants it to. */
  private static class Odd implements ModelFile {
    private final String name;
    private final byte[] content;

    Odd(String name, String content) {
      this.name = name;
      this.content = content.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public String location() {
      return "odd:model/" + name;
    }

    @Override
    public long size() {
      return content.length;
    }

    @Override
    public Version version() {
      throw new UnsupportedOperationException();
    }

    @Override
    public ReadableByteChannel open(long from, long to) throws IOException {
      return Channels.newChannel(
          new ByteArrayInputStream(content, (int) from, (int) (content.length - from)));
    }

    @Override
    public void requireUnchanged() {}

    @Override
    public boolean cheapRanges() {
      return true;
    }

    Hashed read() {
      try {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
        return new Hashed(this, List.of(digest), Evidence.READ);
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    }
  }

  private static HashedModel hash(ModelSource source) throws IOException {
    return ModelHasher.withDefaults().hash(source);
  }

  private Bundle sign(ModelSource source) throws Exception {
    return ModelSigner.using(signer).sign(source);
  }

  private VerifiedModel verify(ModelSource source, Bundle bundle) throws Exception {
    return ModelVerifier.using(verifier).verify(source, bundle);
  }

  private void refuses(Bundle bundle, Script script, String words) {
    assertThatThrownBy(() -> hash(source(script)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(words);
    assertThatThrownBy(() -> verify(source(script), bundle))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(words);
  }

  /** The total is right then, and an unchecked file would be signed instead of another one. */
  @Test
  void takesNoDigestsOfAFileThatItWasNotAskedAbout() throws Exception {
    Bundle bundle = sign(new ObjectStore().put("a", "alpha", "b", "beta"));
    for (String name : List.of("../c", "b", ".git/config", "c")) {
      Odd other = new Odd(name, "other");
      refuses(
          bundle,
          listing -> {
            Odd a = new Odd("a", "alpha");
            listing.wants(a);
            listing.wants(new Odd("b", "beta"));
            listing.hashed(a.read());
            listing.hashed(other.read());
          },
          "not asked for");
      refuses(
          bundle,
          listing -> {
            Odd a = new Odd("a", "alpha");
            listing.wants(a);
            listing.wants(new Odd("b", "beta"));
            listing.file(a);
            listing.file(other);
          },
          "not asked for");
    }
  }

  /** A source that skips what fails, file by file, must not get a verdict about the rest. */
  @Test
  void remembersAFailureThatTheSourceSwallows() throws Exception {
    Bundle bundle = sign(new ObjectStore().put("a", "alpha"));
    refuses(
        bundle,
        listing -> {
          Odd a = new Odd("a", "alpha");
          listing.wants(a);
          listing.hashed(a.read());
          Odd again = new Odd("a", "other");
          try {
            if (listing.wants(again)) {
              listing.hashed(again.read());
            }
          } catch (IOException e) {
            return;
          }
        },
        "twice");
  }

  @Test
  void remembersAFailureThatTheDigesterSwallows() throws Exception {
    ObjectStore store = new ObjectStore().put("a", "alpha", "b", "beta");
    Bundle bundle = sign(store);
    Digester deaf =
        (files, how, sink) ->
            LocalDigester.INSTANCE.digest(
                files,
                how,
                outcome -> {
                  sink.accept(outcome);
                  try {
                    sink.accept(outcome);
                  } catch (RuntimeException e) {
                    return;
                  }
                });
    Reading reading = Reading.withDefaults().digester(deaf);
    assertThatThrownBy(() -> ModelHasher.builder().reading(reading).build().hash(store))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("twice");
    assertThatThrownBy(
            () -> ModelVerifier.builder(verifier).reading(reading).build().verify(store, bundle))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("twice");
  }

  /** As of a whole partition of files, that failed for one reason. */
  @Test
  void takesOneFailureOfSeveralFiles() throws Exception {
    ObjectStore store = new ObjectStore().put("a", "alpha", "b", "beta");
    IOException lost = new IOException("the executor is lost");
    Digester failing =
        (files, how, sink) -> files.forEach(file -> sink.accept(new Failed(file, lost)));
    assertThatThrownBy(() ->
            ModelHasher.builder()
                .reading(Reading.withDefaults().digester(failing))
                .build()
                .hash(store))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("2 files cannot be read")
        .hasMessageContaining("the executor is lost");
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, Long.MIN_VALUE, Long.MAX_VALUE})
  void refusesSizesThatNoFileHas(long size) throws Exception {
    Bundle bundle = sign(new ObjectStore().put("a", "alpha"));
    Odd odd =
        new Odd("a", "alpha") {
          @Override
          public long size() {
            return size;
          }
        };
    refuses(
        bundle,
        listing -> {
          if (listing.wants(odd)) {
            listing.file(odd);
          }
        },
        "odd:model/a");
  }

  /** Half of a surrogate pair would be the question mark of the name that is signed. */
  @Test
  void takesNoNameThatCannotBeWrittenForTheOneThatStandsForIt() throws Exception {
    Bundle bundle = sign(new ObjectStore().put("a?", "alpha"));
    ObjectStore store = new ObjectStore().put("a\ud800", "alpha");
    assertThatThrownBy(() -> hash(store)).isInstanceOf(FileSystemException.class);
    assertThatThrownBy(() -> verify(store, bundle)).isInstanceOf(ModelMismatchException.class);
  }

  @Test
  void refusesAFileWithTwoNames() throws Exception {
    Bundle bundle = sign(new ObjectStore().put("a", "alpha"));
    Odd odd =
        new Odd("a", "alpha") {
          @Override
          public byte[] utf8Name() {
            return new byte[] {(byte) 0xff};
          }
        };
    Odd other =
        new Odd(".git/x", "alpha") {
          @Override
          public byte[] utf8Name() {
            return new byte[] {'a'};
          }
        };
    for (Odd each : List.of(odd, other)) {
      ModelSource source =
          source(listing -> {
            if (listing.wants(each)) {
              listing.file(each);
            }
          });
      assertThatThrownBy(() -> hash(source)).isInstanceOf(FileSystemException.class);
      assertThat(catchThrowable(() -> verify(source, bundle)))
          .isInstanceOfAny(FileSystemException.class, ModelMismatchException.class);
    }
  }

  /** Such a name is not below the directory that its bytes begin with. */
  @Test
  void leavesOutNoNameThatLeadsOutOfTheDirectoryOfARule() throws Exception {
    Bundle bundle = sign(new ObjectStore().put("a", "alpha"));
    ObjectStore store = new ObjectStore().put("a", "alpha", "logs/../b", "x");
    Reading reading = Reading.withDefaults().ignorePath("logs");
    assertThatThrownBy(() -> ModelHasher.builder().reading(reading).build().hash(store))
        .isInstanceOf(FileSystemException.class);
    assertThatThrownBy(
            () -> ModelVerifier.builder(verifier).reading(reading).build().verify(store, bundle))
        .isInstanceOf(ModelMismatchException.class);
    // What a store has in place of a directory is left out with it.
    ObjectStore marked = new ObjectStore().put("a", "alpha", "logs/", "");
    assertThat(
            ModelVerifier.builder(verifier)
                .reading(reading)
                .build()
                .verify(marked, bundle)
                .uncovered())
        .extracting("name")
        .containsExactly("logs");
  }

  @Test
  void saysOfANameThatIsNotCanonicalWhatItIs() {
    assertThatThrownBy(() -> hash(new ObjectStore().put("a//b", "x")))
        .hasMessageContaining("has an empty component")
        .hasMessageNotContaining("UTF-8");
  }

  @Test
  void endsInAnOrdinaryErrorIfTheSourceThrowsAnUncheckedOne() throws Exception {
    Bundle bundle = sign(new ObjectStore().put("a", "alpha"));
    refuses(
        bundle,
        listing -> {
          throw new UncheckedIOException(new IOException("page 2 is gone"));
        },
        "page 2 is gone");
    Odd odd =
        new Odd("a", "alpha") {
          @Override
          public ReadableByteChannel open(long from, long to) {
            throw new UncheckedIOException(new IOException("the object is gone"));
          }
        };
    refuses(
        bundle,
        listing -> {
          if (listing.wants(odd)) {
            listing.file(odd);
          }
        },
        "odd:model/a: the object is gone");
  }

  /** The digest would be one of more bytes than the file has, or of fewer. */
  @ParameterizedTest
  @ValueSource(ints = {-1, 1})
  void believesNoChannelWhatItSaysThatItHasRead(int lie) throws Exception {
    Bundle bundle = sign(new ObjectStore().put("a", "alpha"));
    Odd odd =
        new Odd("a", "alpha") {
          @Override
          public long size() {
            return super.size() + lie;
          }

          @Override
          public ReadableByteChannel open(long from, long to) throws IOException {
            ReadableByteChannel honest = super.open(from, to);
            return new ReadableByteChannel() {
              @Override
              public int read(ByteBuffer target) throws IOException {
                int read = honest.read(target);
                return read > 0 ? read + lie : read;
              }

              @Override
              public boolean isOpen() {
                return honest.isOpen();
              }

              @Override
              public void close() throws IOException {
                honest.close();
              }
            };
          }
        };
    refuses(
        bundle,
        listing -> {
          if (listing.wants(odd)) {
            listing.file(odd);
          }
        },
        "the channel says");
  }

  /** A single file has no name of its own among others, and no rules. */
  @Test
  void refusesASingleFileThatIsNotAlone() throws Exception {
    Bundle bundle = sign(new ObjectStore().put("a", "alpha"));
    refuses(
        bundle,
        listing -> {
          listing.singleFile();
          for (Odd odd : List.of(new Odd("a", "alpha"), new Odd("b", "beta"))) {
            if (listing.wants(odd)) {
              listing.file(odd);
            }
          }
        },
        "single file");
    refuses(
        bundle,
        listing -> {
          for (Odd odd : List.of(new Odd("a", "alpha"), new Odd("b", "beta"))) {
            if (listing.wants(odd)) {
              listing.file(odd);
            }
            listing.singleFile();
          }
        },
        "single file");
  }
}
