package dev.modelsigning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.key.KeyPairFiles;
import dev.modelsigning.key.KeySigner;
import dev.modelsigning.key.KeyVerifier;
import dev.modelsigning.manifest.Manifest;
import dev.modelsigning.manifest.ManifestDiff;
import dev.modelsigning.manifest.ModelHasher;
import dev.modelsigning.manifest.Reading;
import dev.modelsigning.manifest.ResourceDescriptor;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.signingkey.EcdsaScheme;
import dev.modelsigning.testing.FaultyFileSystem;
import dev.modelsigning.testing.Models;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models on other file systems than the default one: same manifest, same verdicts. */
class FileSystemsTest {

  private static final String[] FILES = {
    "config.json",
    "{}",
    "weights/a.bin",
    "alpha",
    "weights/\u6a21\u578b.bin",
    "beta",
    "weights-2",
    "gamma",
    "empty",
    ""
  };

  @TempDir Path directory;

  private Manifest onDefaultFileSystem(ModelHasher hasher) throws Exception {
    return hasher.hash(Models.write(directory.resolve("model"), FILES)).manifest();
  }

  private void requireSameManifestAndVerdicts(Path model) throws Exception {
    Models.write(model, FILES);
    for (ModelHasher hasher :
        new ModelHasher[] {
          ModelHasher.withDefaults(),
          ModelHasher.builder().shardSize(2).reading(Reading.withDefaults().parallelism(3)).build()
        }) {
      assertThat(hasher.hash(model).manifest()).isEqualTo(onDefaultFileSystem(hasher));
    }
    Path privateKey = directory.resolve("key.pem");
    Path publicKey = directory.resolve("key.pub");
    KeyPairFiles.generate(EcdsaScheme.P256, privateKey, publicKey);
    Path signature = model.resolve("model.sig");
    ModelSigner.using(KeySigner.load(privateKey)).sign(model, signature);
    ModelVerifier verifier = ModelVerifier.using(KeyVerifier.load(publicKey));
    assertThat(verifier.verify(model, signature).files()).isEqualTo(5);
    Bundle bundle = Bundle.read(signature);
    Files.writeString(model.resolve("weights/a.bin"), "ALPHA");
    assertThatThrownBy(() -> verifier.verify(model, bundle))
        .isInstanceOfSatisfying(
            VerificationException.class,
            e ->
                assertThat(((ModelMismatchException) e).differences().changed())
                    .extracting(ManifestDiff.Changed::name)
                    .containsExactly("weights/a.bin"));
  }

  /** As in an object store, by way of {@code aws-java-nio-spi-for-s3} for example. */
  @Test
  void worksWhereNamesOfDirectoriesEndInASlash() throws Exception {
    try (FileSystem store =
        new FaultyFileSystem(Jimfs.newFileSystem(Configuration.unix()))
            .withSlashesBehindDirectories()) {
      Path model = store.getPath("/model");
      requireSameManifestAndVerdicts(model);
      // Names beyond ASCII, in each other, what is left out, and a name that does end so.
      Models.write(model, "\u6a21\u578b/\u00e9/a", "1", ".git/objects/x", "2", "b/c/d", "3");
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(model)) {
        assertThat(entries).extracting(Path::toString).contains("/model/\u6a21\u578b/");
      }
      Manifest manifest = ModelHasher.withDefaults().hash(model).manifest();
      assertThat(manifest.resources())
          .extracting(ResourceDescriptor::name)
          .contains("\u6a21\u578b/\u00e9/a", "b/c/d", "weights/a.bin")
          .noneMatch(name -> name.contains("//") || name.startsWith(".git"));
      assertThat(ModelHasher.withDefaults().hash(store.getPath("/model/")).manifest())
          .isEqualTo(manifest);
      assertThat(
              ModelHasher.builder()
                  .reading(Reading.withDefaults().ignorePath("b"))
                  .build()
                  .hash(model)
                  .manifest()
                  .resources())
          .extracting(ResourceDescriptor::name)
          .noneMatch(name -> name.startsWith("b/"));
    }
  }

  @Test
  void worksInAZipFile() throws Exception {
    try (FileSystem zip =
        FileSystems.newFileSystem(directory.resolve("model.zip"), Map.of("create", "true"))) {
      requireSameManifestAndVerdicts(zip.getPath("/model"));
    }
  }

  @Test
  void worksAtTheRootOfAZipFile() throws Exception {
    Path file = directory.resolve("model.zip");
    try (FileSystem zip = FileSystems.newFileSystem(file, Map.of("create", "true"))) {
      Models.write(zip.getPath("/"), FILES);
    }
    try (FileSystem zip = FileSystems.newFileSystem(file)) {
      assertThat(ModelHasher.withDefaults().hash(zip.getPath("/")).manifest())
          .isEqualTo(onDefaultFileSystem(ModelHasher.withDefaults()));
    }
  }

  @Test
  void worksInMemory() throws Exception {
    try (FileSystem memory = Jimfs.newFileSystem(Configuration.unix())) {
      requireSameManifestAndVerdicts(memory.getPath("/models/model"));
    }
  }

  @Test
  void worksInMemoryWithWindowsPaths() throws Exception {
    try (FileSystem memory = Jimfs.newFileSystem(Configuration.windows())) {
      requireSameManifestAndVerdicts(memory.getPath("C:\\models\\model"));
    }
  }

  @Test
  void verifiesAModelInAZipFileAgainstASignatureOnDisk() throws Exception {
    Path privateKey = directory.resolve("key.pem");
    Path publicKey = directory.resolve("key.pub");
    KeyPairFiles.generate(EcdsaScheme.P521, privateKey, publicKey);
    Path signature = directory.resolve("model.sig");
    ModelSigner.using(KeySigner.load(privateKey))
        .sign(Models.write(directory.resolve("model"), FILES), signature);
    try (FileSystem zip =
        FileSystems.newFileSystem(directory.resolve("m.zip"), Map.of("create", "true"))) {
      Models.write(zip.getPath("/model"), FILES);
      ModelVerifier verifier = ModelVerifier.using(KeyVerifier.load(publicKey));
      assertThat(verifier.verify(zip.getPath("/model"), signature).files()).isEqualTo(5);
    }
  }
}
