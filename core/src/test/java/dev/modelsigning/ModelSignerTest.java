package dev.modelsigning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.key.KeyPairFiles;
import dev.modelsigning.key.KeySigner;
import dev.modelsigning.key.KeyVerifier;
import dev.modelsigning.manifest.ManifestDiff;
import dev.modelsigning.manifest.Reading;
import dev.modelsigning.model.UncoveredEntry;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.signingkey.EcdsaScheme;
import dev.modelsigning.testing.Models;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelSignerTest {

  @TempDir Path directory;

  private Path model;
  private ModelSigner signer;
  private ModelVerifier verifier;

  @BeforeEach
  void makeKeys() throws Exception {
    model = Models.write(directory.resolve("model"), "a", "alpha", "b/c", "gamma");
    Path privateKey = directory.resolve("key.pem");
    Path publicKey = directory.resolve("key.pub");
    KeyPairFiles.generate(EcdsaScheme.P256, privateKey, publicKey);
    signer = ModelSigner.using(KeySigner.load(privateKey));
    verifier = ModelVerifier.using(KeyVerifier.load(publicKey));
  }

  @Test
  void signsTheSameBytesEachTime() throws Exception {
    assertThat(signer.sign(model).envelope().payload())
        .isEqualTo(signer.sign(model).envelope().payload());
  }

  @Test
  void replacesASignatureInsideTheModel() throws Exception {
    Path signature = model.resolve("model.sig");
    signer.sign(model, signature);
    Models.write(model, "d", "delta");
    SignedModel signed = signer.sign(model, signature);
    assertThat(signed.content().files()).isEqualTo(3);
    assertThat(verifier.verify(model, signature).files()).isEqualTo(3);
  }

  @Test
  void refusesToReplaceAFileOfTheModel() {
    assertThatThrownBy(() -> signer.sign(model, model.resolve("b/c")))
        .isInstanceOf(SigningException.class)
        .hasMessageContaining("b/c")
        .hasMessageContaining("part of the model");
    assertThat(model.resolve("b/c")).hasContent("gamma");
  }

  @Test
  void refusesToReplaceTheModelItself() throws Exception {
    Path file = model.resolve("a");
    assertThatThrownBy(() -> signer.sign(file, file))
        .isInstanceOf(SigningException.class)
        .hasMessageContaining("model");
    assertThat(file).hasContent("alpha");
    Path bundle = directory.resolve("bundle");
    signer.sign(model).write(bundle);
    byte[] before = Files.readAllBytes(bundle);
    assertThatThrownBy(() -> signer.sign(bundle, bundle))
        .isInstanceOf(SigningException.class)
        .hasMessageContaining("the same file");
    assertThat(bundle).hasBinaryContent(before);
  }

  @Test
  void leavesAnExistingSignatureAsItIsWhenSigningFails() throws Exception {
    Path signature = directory.resolve("model.sig");
    signer.sign(model, signature);
    byte[] before = Files.readAllBytes(signature);
    Files.createSymbolicLink(model.resolve("link"), Path.of("a"));
    assertThatThrownBy(() -> signer.sign(model, signature))
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining(model.resolve("link") + ": is a symbolic link");
    assertThat(signature).hasBinaryContent(before);
  }

  @Test
  void hashesTheModelBeforeItAsksForASignature() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    ModelSigner counting =
        ModelSigner.using(statement -> {
          asked.incrementAndGet();
          throw new SigningException("no");
        });
    assertThatThrownBy(() -> counting.sign(directory.resolve("missing")))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessageContaining(directory.resolve("missing").toString());
    assertThat(asked).hasValue(0);
    assertThatThrownBy(() -> counting.sign(model))
        .isInstanceOf(SigningException.class)
        .hasMessage("no");
    assertThat(asked).hasValue(1);
  }

  @Test
  void saysWhichFilesAreNotSigned() throws Exception {
    Bundle bundle = signedBeforeFilesWereAdded();
    assertThatThrownBy(() -> verifier.verify(model, bundle))
        .isInstanceOfSatisfying(
            VerificationException.class,
            e -> {
              assertThat(e.reason()).isEqualTo(VerificationException.Reason.MODEL_MISMATCH);
              assertThat(((ModelMismatchException) e).differences().extra())
                  .extracting(ManifestDiff.Extra::name)
                  .containsExactly("extra/x");
            });
  }

  @Test
  void reportsWhatTheUserIgnores() throws Exception {
    Bundle bundle = signedBeforeFilesWereAdded();
    ModelVerifier ignoring =
        settings().reading(Reading.withDefaults().ignorePath("extra").parallelism(1)).build();
    assertThat(ignoring.verify(model, bundle).uncovered())
        .extracting(UncoveredEntry::name)
        .containsExactlyInAnyOrder(".git", "extra");
  }

  @Test
  void leavesGitFilesOutWhereTheSignatureSaysSo() throws Exception {
    Bundle bundle = signedBeforeFilesWereAdded();
    ModelVerifier withGit =
        settings()
            .reading(Reading.withDefaults().ignorePath("extra").ignoreGitPaths(false))
            .build();
    assertThat(withGit.verify(model, bundle).uncovered())
        .extracting(UncoveredEntry::name)
        .containsExactlyInAnyOrder(".git", "extra");
  }

  @Test
  void refusesSettingsThatContradictOrLeadOutOfTheModel() throws Exception {
    assertThatThrownBy(() -> settings().strict(true).ignoreUnsignedFiles(true).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("strict");
    assertThatThrownBy(() -> settings().reading(Reading.withDefaults().ignorePath("../x")).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("../x");
    assertThatThrownBy(() -> settings().reading(Reading.withDefaults().parallelism(0)).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("0");
  }

  private Bundle signedBeforeFilesWereAdded() throws Exception {
    Bundle bundle = signer.sign(model);
    Models.write(model, "extra/x", "x", ".git/x", "x");
    return bundle;
  }

  private ModelVerifier.Builder settings() throws Exception {
    return ModelVerifier.builder(KeyVerifier.load(directory.resolve("key.pub")));
  }
}
