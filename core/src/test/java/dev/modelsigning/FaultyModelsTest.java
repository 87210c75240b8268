package dev.modelsigning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.key.KeyPairFiles;
import dev.modelsigning.key.KeySigner;
import dev.modelsigning.key.KeyVerifier;
import dev.modelsigning.local.DirectorySource;
import dev.modelsigning.manifest.ManifestVerification;
import dev.modelsigning.manifest.ModelHasher;
import dev.modelsigning.manifest.Reading;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.signingkey.EcdsaScheme;
import dev.modelsigning.testing.FaultyFileSystem;
import dev.modelsigning.testing.FaultyFileSystem.Fault;
import dev.modelsigning.testing.HashThreads;
import dev.modelsigning.testing.Models;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Models that cannot be read, or that disappear or change while they are signed or verified. */
class FaultyModelsTest {

  private FaultyFileSystem files;
  private Path model;
  private Path sub;
  private Path privateKey;
  private Path publicKey;
  private Path signature;

  @BeforeEach
  void makeModel() throws Exception {
    files = new FaultyFileSystem(Jimfs.newFileSystem(Configuration.unix()));
    model =
        Models.write(
            files.getPath("/work/model"), "a", "1", "sub/b", "2", "sub/c", "3", "sub/d", "4");
    sub = model.resolve("sub");
    privateKey = files.getPath("/", "work", "key.pem");
    publicKey = files.getPath("/", "work", "key.pub");
    signature = files.getPath("/work/model.sig");
    KeyPairFiles.generate(EcdsaScheme.P256, privateKey, publicKey);
  }

  @AfterEach
  void close() throws IOException {
    files.close();
  }

  private void sign(ModelHasher hasher) throws Exception {
    KeySigner signer = KeySigner.load(privateKey);
    HashThreads.run(() -> ModelSigner.using(signer).withHasher(hasher).sign(model, signature));
  }

  private void verify() throws Exception {
    KeyVerifier verifier = KeyVerifier.load(publicKey);
    HashThreads.run(() -> ModelVerifier.using(verifier).verify(model, signature));
  }

  /** What lies beside the model, under its real names. */
  private List<String> besideTheModel() throws IOException {
    try (Stream<Path> found = Files.list(files.real(files.getPath("/work")))) {
      return found
          .map(path -> path.getFileName().toString())
          .filter(name -> !name.equals("model"))
          .sorted()
          .toList();
    }
  }

  /** Signing fails with an error that names this path, and leaves nothing behind. */
  private FileSystemException refusesToSign(Path named) throws Exception {
    List<String> before = besideTheModel();
    FileSystemException[] failure = new FileSystemException[1];
    assertThatThrownBy(() -> sign(ModelHasher.withDefaults()))
        .isInstanceOfSatisfying(
            FileSystemException.class,
            e -> {
              assertThat(e.getFile()).isEqualTo(named.toString());
              failure[0] = e;
            });
    assertThat(besideTheModel()).isEqualTo(before);
    return failure[0];
  }

  private void delete(Path directory) throws IOException {
    try (Stream<Path> found = Files.walk(files.real(directory))) {
      for (Path path : found.sorted(Comparator.reverseOrder()).collect(Collectors.toList())) {
        Files.delete(path);
      }
    }
  }

  private static Fault failure() {
    return () -> {
      throw new IOException("Input/output error");
    };
  }

  /**
   * The entry of the subdirectory that is handed out at a place in the order of the file system.
   */
  private Path entryOfSub(int number) throws IOException {
    List<Path> entries = new ArrayList<>();
    try (var stream = Files.newDirectoryStream(sub)) {
      stream.forEach(entries::add);
    }
    return entries.get(number);
  }

  // Errors of the device

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 2, 3})
  void namesTheDirectoryThatCannotBeListed(int entry) throws Exception {
    files.beforeEntry(entry, sub, failure());

    assertThat(refusesToSign(sub)).hasMessageContaining("Input/output error");
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 1, 2})
  void namesTheModelThatCannotBeListed(int entry) throws Exception {
    files.beforeEntry(entry, model, failure());

    assertThat(refusesToSign(model)).hasMessageContaining("Input/output error");
  }

  @Test
  void namesTheEntryOfWhichTheAttributesCannotBeRead() throws Exception {
    files.beforeAttributes(sub.resolve("c"), failure());

    assertThat(refusesToSign(sub.resolve("c"))).hasMessageContaining("Input/output error");
  }

  @Test
  void namesTheEntryOfWhichTheAttributesCannotBeReadForNoReasonGiven() throws Exception {
    files.beforeAttributes(
        sub.resolve("c"),
        () -> {
          throw new IOException();
        });

    assertThat(refusesToSign(sub.resolve("c")))
        .hasMessageContaining("unknown reason: the entry cannot be read");
  }

  @Test
  void namesTheEntryOfWhichTheAttributesTakeTooLong() throws Exception {
    files.beforeAttributes(
        sub.resolve("c"),
        () -> {
          throw new SocketTimeoutException("Read timed out");
        });

    assertThat(refusesToSign(sub.resolve("c"))).hasMessageContaining("Read timed out");
  }

  @Test
  void countsADirectoryThatCannotBeListedAsUnsigned() throws Exception {
    sign(ModelHasher.withDefaults());
    files.beforeEntry(1, sub, failure());

    assertThatThrownBy(this::verify)
        .isInstanceOfSatisfying(
            VerificationException.class,
            e -> {
              assertThat(((ModelMismatchException) e).differences().missing())
                  .containsExactly("sub/b", "sub/c", "sub/d");
              assertThat(((ModelMismatchException) e).differences().extra())
                  .singleElement()
                  .hasToString(
                      "Extra[name=sub, kind=unreadable directory, modified=Optional.empty]");
            });
  }

  @Test
  void namesTheFileThatCannotBeReadInVerification() throws Exception {
    sign(ModelHasher.withDefaults());
    files.beforeByte(0, sub.resolve("c"), failure());

    assertThatThrownBy(this::verify)
        .isInstanceOfSatisfying(
            FileSystemException.class,
            e -> assertThat(e.getFile()).isEqualTo(sub.resolve("c").toString()));
  }

  static Stream<Throwable> unexpected() {
    return Stream.of(
        new IllegalStateException("odd"),
        new SecurityException("odd"),
        new OutOfMemoryError("odd"),
        new InternalError("odd"));
  }

  @ParameterizedTest
  @MethodSource("unexpected")
  void failsWithWhatAFileSystemShouldNotThrow(Throwable odd) throws Exception {
    Fault fault =
        () -> {
          if (odd instanceof Error error) {
            throw error;
          }
          throw (RuntimeException) odd;
        };
    files.beforeEntry(1, sub, fault);
    List<String> before = besideTheModel();

    Throwable thrown = catchThrowable(() -> sign(ModelHasher.withDefaults()));
    assertThat(thrown).isInstanceOf(odd.getClass()).hasMessage("odd");
    assertThat(besideTheModel()).isEqualTo(before);
  }

  @Test
  void leavesAnEarlierSignatureAsItWas() throws Exception {
    Files.writeString(signature, "earlier");
    files.beforeByte(0, sub.resolve("c"), failure());

    refusesToSign(sub.resolve("c"));
    assertThat(Files.readString(signature)).isEqualTo("earlier");
  }

  // Directories that vanish

  @Test
  void namesTheDirectoryThatVanishesBeforeItIsListed() throws Exception {
    files.beforeEntry(-1, sub, () -> delete(sub));

    assertThat(refusesToSign(sub)).hasMessageContaining("disappeared while the model was read");
  }

  @Test
  void namesAnEntryOfTheDirectoryThatVanishesWhileItIsListed() throws Exception {
    Path first = new TreeSet<>(List.of(entryOfSub(0), entryOfSub(1), entryOfSub(2))).first();
    files.beforeEntry(3, sub, () -> delete(sub));

    assertThat(refusesToSign(first)).hasMessageContaining("disappeared while the model was read");
  }

  @Test
  void namesTheModelThatVanishesBeforeItIsListed() throws Exception {
    files.beforeEntry(-1, model, () -> delete(model));

    assertThat(refusesToSign(model))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessage(model.toString());
  }

  @Test
  void namesAFileOfADirectoryThatVanishesBeforeItIsHashed() throws Exception {
    files.beforeOpening(sub.resolve("c"), () -> delete(sub));
    ModelHasher hasher =
        ModelHasher.builder().reading(Reading.withDefaults().parallelism(2)).build();

    assertThatThrownBy(() -> sign(hasher))
        .isInstanceOfSatisfying(
            NoSuchFileException.class,
            e -> assertThat(e.getFile()).startsWith(sub.toString() + "/"));
    assertThat(signature).doesNotExist();
  }

  @Test
  void namesAFileOfADirectoryThatVanishesWhileItIsHashed() throws Exception {
    files.beforeByte(1, sub.resolve("c"), () -> delete(sub));

    assertThatThrownBy(() -> sign(ModelHasher.withDefaults()))
        .isInstanceOfSatisfying(
            FileSystemException.class,
            e -> assertThat(e.getFile()).startsWith(sub.toString() + "/"));
    assertThat(signature).doesNotExist();
  }

  @Test
  void refusesFilesOfADirectoryThatIsReplacedByAnEqualOne() throws Exception {
    Path real = files.real(sub);
    files.beforeOpening(
        sub.resolve("c"),
        () -> {
          Path moved = Files.move(real, real.resolveSibling("moved"));
          Files.createDirectory(real);
          for (String name : List.of("b", "c", "d")) {
            Files.copy(
                moved.resolve(name),
                real.resolve(name),
                java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
          }
        });
    ModelHasher hasher = ModelHasher.withDefaults();

    assertThatThrownBy(() -> sign(hasher))
        .isInstanceOfSatisfying(
            FileSystemException.class,
            e -> {
              assertThat(e.getFile()).startsWith(sub.toString() + "/");
              assertThat(e.getReason()).contains("replaced by another file");
            });
  }

  @Test
  void doesNotVerifyAModelThatVanishesWhileItIsListed() throws Exception {
    sign(ModelHasher.withDefaults());
    files.beforeEntry(0, sub, () -> delete(sub));

    assertThatThrownBy(this::verify)
        .isInstanceOfSatisfying(
            VerificationException.class,
            e ->
                assertThat(((ModelMismatchException) e).differences().missing())
                    .contains("sub/b", "sub/c", "sub/d"));
  }

  @Test
  void doesNotVerifyAModelThatVanishesWhileItIsHashed() throws Exception {
    sign(ModelHasher.withDefaults());
    files.beforeByte(1, sub.resolve("c"), () -> delete(model));

    assertThatThrownBy(this::verify)
        .isInstanceOfSatisfying(
            FileSystemException.class,
            e -> assertThat(e.getFile()).startsWith(model.toString() + "/"));
  }

  // Interruption

  /** Interrupts the thread that called, and waits until that has ended the one that works. */
  private static Fault interruption(Thread[] caller) {
    return () -> {
      caller[0].interrupt();
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new ClosedByInterruptException();
      }
    };
  }

  @Test
  void endsTheWalkWhenItsThreadIsInterrupted() throws Exception {
    Thread[] caller = new Thread[1];
    List<String> listed = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      Path directory = Files.createDirectory(model.resolve("d" + i));
      Files.writeString(directory.resolve("file"), "x");
      files.beforeEntry(
          -1,
          directory,
          () -> {
            listed.add(directory.toString());
            interruption(caller).strike();
          });
    }
    HashThreads.run(() -> {
      caller[0] = Thread.currentThread();
      assertThatThrownBy(() -> ModelHasher.withDefaults().hash(model))
          .isInstanceOf(InterruptedIOException.class)
          .hasMessageContaining("interrupted");
      assertThat(Thread.interrupted()).as("interrupted status").isTrue();
      return null;
    });
    assertThat(listed).hasSize(1);
  }

  @Test
  void endsTheWalkOfVerificationWhenItsThreadIsInterrupted() throws Exception {
    Thread[] caller = new Thread[1];
    var manifest = ModelHasher.withDefaults().hash(model).manifest();
    files.beforeEntry(-1, sub, interruption(caller));
    HashThreads.run(() -> {
      caller[0] = Thread.currentThread();
      assertThatThrownBy(() ->
              ManifestVerification.verify(
                  DirectorySource.of(model),
                  null,
                  manifest,
                  ManifestVerification.Policy.withDefaults()))
          .isInstanceOf(InterruptedIOException.class)
          .hasMessageContaining("interrupted");
      assertThat(Thread.interrupted()).as("interrupted status").isTrue();
      return null;
    });
  }

  @Test
  void writesNothingWhenItsThreadIsInterrupted() throws Exception {
    Bundle bundle = ModelSigner.using(KeySigner.load(privateKey)).sign(model);
    List<String> before = besideTheModel();
    HashThreads.run(() -> {
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> bundle.write(signature))
          .isInstanceOf(FileSystemException.class)
          .hasMessageContaining(signature.toString());
      assertThat(Thread.interrupted()).as("interrupted status").isTrue();
      return null;
    });
    assertThat(besideTheModel()).isEqualTo(before);
  }

  /** A log or a cache in the model's directory comes and goes while the model is read. */
  @Test
  void asksNothingOfWhatARuleLeavesOut() throws Exception {
    Configuration withChangeTimes =
        Configuration.unix().toBuilder()
            .setAttributeViews("basic", "owner", "posix", "unix")
            .build();
    try (FaultyFileSystem other = new FaultyFileSystem(Jimfs.newFileSystem(withChangeTimes))) {
      Path changing = Models.write(other.getPath("/work/model"), "a", "1", "log", "");
      Path log = changing.resolve("log");
      Files.write(other.real(log), new byte[300 * 1024]);
      other.beforeNamedAttributes(log, () -> Files.delete(other.real(log)));
      assertThatThrownBy(() -> ModelHasher.withDefaults().hash(changing))
          .isInstanceOf(NoSuchFileException.class);
      Files.write(other.real(log), new byte[300 * 1024]);
      other.beforeNamedAttributes(log, () -> Files.delete(other.real(log)));
      Reading reading = Reading.withDefaults().ignorePath("log");
      assertThat(ModelHasher.builder().reading(reading).build().hash(changing).files())
          .isEqualTo(1);
    }
  }
}
