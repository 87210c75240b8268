package dev.modelsigning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
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
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A verified copy has the bytes that were hashed, complete or not at all. */
class VerifiedCopyTest {

  @TempDir private Path directory;

  private Path model;
  private Path signature;
  private Path place;
  private Path copy;
  private KeySigner signer;
  private BundleVerifier verifier;

  @BeforeEach
  void makeAModel() throws Exception {
    model = Models.write(directory.resolve("model"), "a", "alpha", "b/c/d", "delta", "b/e", "");
    signature = directory.resolve("model.sig");
    place = Files.createDirectory(directory.resolve("place"));
    copy = place.resolve("copy");
    KeyPairFiles.generate(
        EcdsaScheme.P256, directory.resolve("key.pem"), directory.resolve("key.pub"));
    signer = KeySigner.load(directory.resolve("key.pem"));
    verifier = KeyVerifier.load(directory.resolve("key.pub"));
  }

  private void sign(ModelHasher hasher) throws Exception {
    ModelSigner.using(signer).withHasher(hasher).sign(model, signature);
  }

  private VerifiedModel copied() throws Exception {
    return copied(DirectorySource.of(model));
  }

  private VerifiedModel copied(ModelSource source) throws Exception {
    return ModelVerifier.using(verifier).examineAndCopy(source, signature, copy).orElseThrow();
  }

  private static Map<String, String> content(Path root) throws IOException {
    Map<String, String> content = new TreeMap<>();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        content.put(root.relativize(file).toString(), Files.readString(file));
      }
    }
    return content;
  }

  /** Neither the copy is there nor anything that was written for it. */
  private void assertNothing() throws IOException {
    try (Stream<Path> left = Files.list(place)) {
      assertThat(left).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(HashAlgorithm.class)
  void hasTheSignedFilesAndNothingElse(HashAlgorithm algorithm) throws Exception {
    sign(
        ModelHasher.builder()
            .hashAlgorithm(algorithm)
            .reading(Reading.withDefaults().ignorePath("left-out"))
            .build());
    Models.write(model, "left-out", "x", ".git/HEAD", "y");
    VerifiedModel verified = copied();

    assertThat(verified.files()).isEqualTo(3);
    assertThat(content(copy)).isEqualTo(Map.of("a", "alpha", "b/c/d", "delta", "b/e", ""));
    assertThat(Files.getPosixFilePermissions(copy))
        .isEqualTo(PosixFilePermissions.fromString("rwx------"));
    ModelVerifier.using(verifier).verify(copy, signature);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 3, 1_000_000})
  void hasTheFilesWhoseShardsAreSigned(long size) throws Exception {
    Files.delete(model.resolve("b/e"));
    sign(ModelHasher.builder().shardSize(size).build());
    copied();

    assertThat(content(copy)).isEqualTo(Map.of("a", "alpha", "b/c/d", "delta"));
  }

  /** Such a file is read in parts and by several threads. */
  @ParameterizedTest
  @EnumSource(HashAlgorithm.class)
  void hasLargeFiles(HashAlgorithm algorithm) throws Exception {
    byte[] large = new byte[40_000_001];
    new Random(1).nextBytes(large);
    Files.write(model.resolve("large"), large);
    sign(ModelHasher.builder().hashAlgorithm(algorithm).build());
    copied();

    assertThat(Arrays.mismatch(Files.readAllBytes(copy.resolve("large")), large)).isEqualTo(-1);
  }

  @Test
  void hasTheOneFileOfAModelOfOneFile() throws Exception {
    model = model.resolve("a");
    sign(ModelHasher.withDefaults());
    copied();

    assertThat(content(copy)).isEqualTo(Map.of("a", "alpha"));
  }

  @Test
  void hasWhatLinksLeadToAndNoLinks() throws Exception {
    Files.createSymbolicLink(model.resolve("link"), Path.of("a"));
    sign(ModelHasher.builder().reading(Reading.withDefaults().allowSymlinks(true)).build());
    copied();

    assertThat(copy.resolve("link")).isRegularFile().hasContent("alpha");
    assertThat(Files.isSymbolicLink(copy.resolve("link"))).isFalse();
  }

  @Test
  void hasNoModesOfTheSource() throws Exception {
    Files.setPosixFilePermissions(model.resolve("a"), PosixFilePermissions.fromString("rwxr-xr-x"));
    sign(ModelHasher.withDefaults());
    copied();

    assertThat(Files.getPosixFilePermissions(copy.resolve("a")))
        .doesNotContain(PosixFilePermission.OWNER_EXECUTE);
  }

  @Test
  void comesFromAnySource() throws Exception {
    ObjectStore store = new ObjectStore().put("x", "ex", "y/z", "zed", "y/empty", "");
    ModelSigner.using(signer).sign(store, signature);
    copied(store);

    assertThat(content(copy)).isEqualTo(Map.of("x", "ex", "y/z", "zed", "y/empty", ""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"changed", "missing", "added"})
  void isNotThereIfTheModelDiffers(String how) throws Exception {
    sign(ModelHasher.withDefaults());
    switch (how) {
      case "changed" -> Files.writeString(model.resolve("b/c/d"), "other");
      case "missing" -> Files.delete(model.resolve("b/e"));
      default -> Files.writeString(model.resolve("more"), "x");
    }

    assertThatThrownBy(this::copied).isInstanceOf(ModelMismatchException.class);
    assertNothing();
  }

  @Test
  void isNotThereIfTheSignatureIsNoGood() throws Exception {
    sign(ModelHasher.withDefaults());
    Files.writeString(signature, Files.readString(signature).replace("payload", "Payload"));

    assertThatThrownBy(this::copied).isInstanceOf(Exception.class);
    assertNothing();
  }

  @ParameterizedTest
  @ValueSource(strings = {"list 0", "open x", "read x", "close x", "restat x", "list end"})
  void isNotThereIfTheSourceFails(String call) throws Exception {
    ObjectStore store = new ObjectStore().put("x", "ex", "y/z", "zed");
    ModelSigner.using(signer).sign(store, signature);
    String[] words = call.split(" ", -1);
    store.before(
        words[0],
        words[1],
        () -> {
          throw new IOException("broken");
        });

    assertThatThrownBy(() -> copied(store))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("broken");
    assertNothing();
  }

  /** Whatever is swapped while it is read: the copy is what was signed, or is not there. */
  @ParameterizedTest
  @ValueSource(strings = {"open x", "read x", "close x", "restat x", "list end"})
  void neverHasWhatWasSwapped(String call) throws Exception {
    ObjectStore store = new ObjectStore().put("x", "ex", "y/z", "zed");
    ModelSigner.using(signer).sign(store, signature);
    String[] words = call.split(" ", -1);
    store.before(words[0], words[1], () -> store.replace("x", "EX"));
    VerificationOutcome outcome =
        ModelVerifier.using(verifier).examineAndCopy(store, signature, copy);

    if (outcome.verified().isPresent()) {
      assertThat(content(copy)).isEqualTo(Map.of("x", "ex", "y/z", "zed"));
    } else {
      assertNothing();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"directory", "file", "link", "dangling link"})
  void replacesNothing(String what) throws Exception {
    sign(ModelHasher.withDefaults());
    switch (what) {
      case "directory" -> Files.createDirectory(copy);
      case "file" -> Files.writeString(copy, "mine");
      case "link" -> Files.createSymbolicLink(copy, model);
      default -> Files.createSymbolicLink(copy, Path.of("nowhere"));
    }

    assertThatThrownBy(this::copied)
        .isInstanceOf(FileAlreadyExistsException.class)
        .hasMessageContaining("name a new directory");
    try (Stream<Path> left = Files.list(place)) {
      assertThat(left).containsExactly(copy);
    }
  }

  /** The name is taken by another process while the model is read. */
  @ParameterizedTest
  @ValueSource(strings = {"directory", "file"})
  void replacesNothingThatAppearsMeanwhile(String what) throws Exception {
    ObjectStore store = new ObjectStore().put("x", "ex");
    ModelSigner.using(signer).sign(store, signature);
    store.before(
        "restat",
        "x",
        () -> {
          if (what.equals("file")) {
            Files.writeString(copy, "mine");
          } else {
            Files.createDirectory(copy);
          }
        });

    assertThatThrownBy(() -> copied(store)).isInstanceOf(FileAlreadyExistsException.class);
    try (Stream<Path> left = Files.list(place)) {
      assertThat(left).containsExactly(copy);
    }
    assertThat(Files.isDirectory(copy) ? "" : Files.readString(copy)).isIn("", "mine");
  }

  @Test
  void needsADirectoryAbove() throws Exception {
    sign(ModelHasher.withDefaults());
    copy = place.resolve("no/copy");

    assertThatThrownBy(this::copied).isInstanceOf(FileSystemException.class);
    assertNothing();
  }

  @Test
  void isRefusedWhereOthersCanWrite() throws Exception {
    sign(ModelHasher.withDefaults());
    Files.setPosixFilePermissions(place, PosixFilePermissions.fromString("rwxrwxrwx"));

    assertThatThrownBy(this::copied)
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining("can be written to by others");
    assertNothing();
  }

  @Test
  void isRefusedInTheModel() throws Exception {
    sign(ModelHasher.withDefaults());
    copy = model.resolve("copy");

    assertThatThrownBy(this::copied).hasMessageContaining("lies in the model");
    assertThat(copy).doesNotExist();
  }

  @Test
  void canBeInAnotherFileSystem() throws Exception {
    sign(ModelHasher.withDefaults());
    try (FileSystem memory = Jimfs.newFileSystem(Configuration.unix())) {
      place = Files.createDirectory(memory.getPath("/place"));
      copy = place.resolve("copy");
      copied();
      assertThat(content(copy)).isEqualTo(Map.of("a", "alpha", "b/c/d", "delta", "b/e", ""));
    }
  }

  /** Two names that are one there would leave a model with a file less, or with another's bytes. */
  @ParameterizedTest
  @CsvSource({"b/e,B/e", "a,A", "\u00e9,e\u0301", "x/1,X/2"})
  void isRefusedWhereTwoNamesAreOne(String one, String other) throws Exception {
    ObjectStore store = new ObjectStore().put(one, "one", other, "other");
    ModelSigner.using(signer).sign(store, signature);
    try (FileSystem folding = Jimfs.newFileSystem(Configuration.osX())) {
      place = Files.createDirectory(folding.getPath("/place"));
      copy = place.resolve("copy");
      assertThatThrownBy(() -> copied(store))
          .isInstanceOf(FileSystemException.class)
          // Where names are not kept as they were written, not even one of them can be made.
          .hasMessageMatching(
              ".*(for that of another file of the model|no file can have the name).*");
      assertNothing();
    }
  }

  /** The directory being filled, or its parent, is removed or renamed by another process. */
  @ParameterizedTest
  @ValueSource(strings = {"work removed", "work renamed", "above renamed"})
  void isNotThereIfItsPlaceGoes(String how) throws Exception {
    ObjectStore store = new ObjectStore().put("x", "ex", "y/z", "zed");
    ModelSigner.using(signer).sign(store, signature);
    Path aside = directory.resolve("aside");
    store.before(
        "restat",
        "x",
        () -> {
          Path work;
          try (Stream<Path> inside = Files.list(place)) {
            work = inside.findFirst().orElseThrow();
          }
          switch (how) {
            case "above renamed" -> Files.move(place, aside);
            case "work renamed" -> Files.move(work, aside);
            default -> {
              try (Stream<Path> written = Files.walk(work)) {
                for (Path each : written.sorted(Comparator.reverseOrder()).toList()) {
                  Files.delete(each);
                }
              }
            }
          }
        });

    assertThatThrownBy(() -> copied(store)).isInstanceOf(IOException.class);
    assertThat(copy).doesNotExist();
    assertThat(aside.resolve("copy")).doesNotExist();
  }

  @Test
  void isMadeOfAVerifiedModelLater() throws Exception {
    sign(ModelHasher.withDefaults());
    VerifiedModel verified = ModelVerifier.using(verifier).verify(model, signature);
    verified.copyTo(copy);
    assertThat(content(copy)).hasSize(3);

    Files.writeString(model.resolve("a"), "other");
    Path second = place.resolve("second");
    assertThatThrownBy(() -> verified.copyTo(second)).isInstanceOf(ModelMismatchException.class);
    assertThat(second).doesNotExist();
  }

  @Test
  void isNotThereIfItCannotBeWritten() throws Exception {
    ObjectStore store = new ObjectStore().put("x", "ex", "y", "why");
    ModelSigner.using(signer).sign(store, signature);
    store.before(
        "open",
        "x",
        () -> {
          try (Stream<Path> work = Files.list(place)) {
            for (Path each : work.toList()) {
              Files.createFile(each.resolve("y"));
            }
          }
        });

    assertThatThrownBy(() -> copied(store)).hasMessageContaining("takes the name");
    assertNothing();
  }
}
