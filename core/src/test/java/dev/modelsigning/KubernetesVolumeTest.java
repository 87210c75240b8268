package dev.modelsigning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.key.KeySigner;
import dev.modelsigning.key.KeyVerifier;
import dev.modelsigning.local.KubernetesVolume;
import dev.modelsigning.manifest.ManifestDiff;
import dev.modelsigning.manifest.ManifestDiff.Changed;
import dev.modelsigning.manifest.ManifestDiff.Extra;
import dev.modelsigning.manifest.ModelHasher;
import dev.modelsigning.manifest.Reading;
import dev.modelsigning.model.EntryKind;
import dev.modelsigning.model.HashProgress;
import dev.modelsigning.model.UncoveredEntry;
import dev.modelsigning.model.UncoveredEntry.Reason;
import dev.modelsigning.signingkey.SigningKey;
import dev.modelsigning.testing.Models;
import dev.modelsigning.testing.TestKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Models in volumes as the kubelet writes them, and attempts to hide or replace files in them. */
class KubernetesVolumeTest {

  private static final String DATA = "..2026_11_26_04_00_00.123456789";

  @TempDir Path directory;

  private final TestKeys keys = TestKeys.generate();
  private Path plain;
  private Path volume;
  private Bundle bundle;

  @BeforeEach
  void signPlainFilesAndMountThem() throws Exception {
    plain = Models.write(directory.resolve("model"), "config.json", "{}", "tokenizer/vocab", "a b");
    bundle = ModelSigner.using(KeySigner.using(signingKey())).sign(plain);
    volume = Files.createDirectories(directory.resolve("volume"));
    Models.write(volume.resolve(DATA), "config.json", "{}", "tokenizer/vocab", "a b");
    link("..data", DATA);
    link("config.json", "..data/config.json");
    link("tokenizer", "..data/tokenizer");
  }

  private SigningKey signingKey() throws Exception {
    return SigningKey.of(keys.privateKey(), keys.publicKey());
  }

  private Path link(String name, String target) throws IOException {
    Path link = volume.resolve(name);
    Files.deleteIfExists(link);
    return Files.createSymbolicLink(link, Path.of(target));
  }

  private ModelVerifier.Builder verifier() {
    return ModelVerifier.builder(KeyVerifier.using(TestKeys.verifying(keys.publicKey())));
  }

  private VerifiedModel verify() throws Exception {
    return verifier().build().verify(KubernetesVolume.at(volume), bundle);
  }

  private ManifestDiff refused(ModelVerifier.Builder verifier) {
    try {
      verifier.build().verify(KubernetesVolume.at(volume), bundle);
    } catch (ModelMismatchException e) {
      return e.differences();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
    throw new AssertionError("verified");
  }

  private ManifestDiff refused() {
    return refused(verifier());
  }

  private static Changed changed(String name, EntryKind found) {
    return new Changed(name, name, "file", found.toString(), Optional.empty());
  }

  private void assertExtra(String name, EntryKind kind) {
    for (ManifestDiff differences : List.of(refused(), refused(verifier().strict(true)))) {
      assertThat(differences.extra()).singleElement().matches(it -> it.name().equals(name));
      assertThat(differences.extra()).singleElement().matches(it -> it.kind() == kind);
      assertThat(differences.changed()).isEmpty();
      assertThat(differences.missing()).isEmpty();
    }
  }

  @Test
  void verifiesAModelThatWasSignedAsPlainFiles() throws Exception {
    VerifiedModel verified = verify();
    assertThat(verified.files()).isEqualTo(2);
    assertThat(verified.findings()).isEmpty();
    assertThat(verified.uncovered())
        .containsExactly(
            new UncoveredEntry(DATA, EntryKind.DIRECTORY, Reason.VOLUME_LAYOUT),
            new UncoveredEntry("..data", EntryKind.SYMBOLIC_LINK, Reason.VOLUME_LAYOUT));
    verifier().strict(true).build().verify(KubernetesVolume.at(volume), bundle);
  }

  /** What the option is for: without it the links are refused. */
  @Test
  void isRefusedAsADirectory() {
    assertThatThrownBy(() -> verifier().build().verify(volume, bundle))
        .isInstanceOf(ModelMismatchException.class);
  }

  @Test
  void verifiesAfterAnUpdateThatChangesNothing() throws Exception {
    Files.move(volume.resolve(DATA), volume.resolve("..2027"));
    link("..data", "..2027");
    verify();
  }

  @Test
  void seesAChangedFileBehindALink() throws Exception {
    Files.writeString(volume.resolve(DATA).resolve("tokenizer/vocab"), "b a");
    assertThat(refused().changed()).extracting(Changed::name).containsExactly("tokenizer/vocab");
  }

  @Test
  void reportsWhatIsUnsignedBehindALink() throws Exception {
    Models.write(volume.resolve(DATA), "tokenizer/evil.py", "x");
    assertExtra("tokenizer/evil.py", EntryKind.FILE);
    Files.delete(volume.resolve(DATA).resolve("tokenizer/evil.py"));
    Models.write(volume.resolve(DATA), "evil.py", "x");
    link("evil.py", "..data/evil.py");
    assertExtra("evil.py", EntryKind.FILE);
  }

  @Test
  void reportsWhatNoLinkLeadsTo() throws Exception {
    Models.write(volume.resolve(DATA), "hidden", "x");
    assertExtra("hidden", EntryKind.NOT_LINKED_IN_VOLUME);
    Files.delete(volume.resolve(DATA).resolve("hidden"));
    Models.write(volume.resolve(DATA), "..data/hidden", "x");
    assertExtra("..data", EntryKind.NOT_LINKED_IN_VOLUME);
  }

  @ParameterizedTest
  @ValueSource(strings = {"..2025/old", "evil.py", ".hidden", "...", "sub/deep/er"})
  void reportsWhatLiesBesideTheLinks(String file) throws Exception {
    Models.write(volume, file, "x");
    String top = Path.of(file).getName(0).toString();
    assertExtra(top, EntryKind.NO_LINK_OF_VOLUME);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/etc/hostname",
        "../outside",
        "..data/../../outside",
        "..data/tokenizer/vocab",
        "..data/config.json",
        "..data/tokenizer/../evil.py",
        "..data/./evil.py",
        "..data",
        "evil.py",
        DATA + "/evil.py",
        "."
      })
  void reportsALinkToAnythingElse(String target) throws Exception {
    Models.write(directory, "outside", "x");
    link("evil.py", target);
    assertExtra("evil.py", EntryKind.NO_LINK_OF_VOLUME);
    // And so where the name is signed, whatever the file behind it holds.
    Files.delete(volume.resolve("evil.py"));
    if (!target.equals("..data/config.json")) {
      link("config.json", target);
      assertThat(refused().changed())
          .containsExactly(changed("config.json", EntryKind.NO_LINK_OF_VOLUME));
      assertThat(refused(verifier().ignoreUnsignedFiles(true)).changed()).hasSize(1);
      assertThat(
              refused(verifier().reading(Reading.withDefaults().ignorePath("config.json")))
                  .changed())
          .hasSize(1);
    }
  }

  @Test
  void refusesAFileInPlaceOfALinkEvenWithTheSameContent() throws Exception {
    Files.delete(volume.resolve("config.json"));
    Files.writeString(volume.resolve("config.json"), "{}");
    assertThat(refused().changed())
        .containsExactly(changed("config.json", EntryKind.NO_LINK_OF_VOLUME));
  }

  @Test
  void missesWhatProgramsWouldMiss() throws Exception {
    Files.delete(volume.resolve("tokenizer"));
    ManifestDiff differences = refused();
    assertThat(differences.missing()).containsExactly("tokenizer/vocab");
    assertThat(differences.extra())
        .containsExactly(new Extra("tokenizer", EntryKind.NOT_LINKED_IN_VOLUME, Optional.empty()));
    assertThat(refused(verifier().ignoreUnsignedFiles(true)).missing()).hasSize(1);
    link("tokenizer", "..data/tokenizer");
    Files.delete(volume.resolve(DATA).resolve("config.json"));
    assertThat(refused().changed()).containsExactly(changed("config.json", EntryKind.BROKEN_LINK));
  }

  @Test
  void followsNoLinkBehindALinkEvenIfTheSignerAllowedLinks() throws Exception {
    ModelHasher following =
        ModelHasher.builder().reading(Reading.withDefaults().allowSymlinks(true)).build();
    bundle = ModelSigner.using(KeySigner.using(signingKey())).withHasher(following).sign(plain);
    verify();
    Models.write(directory, "outside", "a b");
    Path vocab = volume.resolve(DATA).resolve("tokenizer/vocab");
    Files.delete(vocab);
    Files.createSymbolicLink(vocab, directory.resolve("outside"));
    assertThat(refused().changed())
        .containsExactly(changed("tokenizer/vocab", EntryKind.SYMBOLIC_LINK));
    Files.delete(vocab);
    Files.delete(vocab.getParent());
    Files.createSymbolicLink(vocab.getParent(), directory);
    assertThat(refused().missing()).containsExactly("tokenizer/vocab");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../elsewhere",
        "/tmp",
        "elsewhere",
        "..data",
        "..",
        ".",
        "..none",
        DATA + "/tokenizer",
        "..link"
      })
  void refusesDataThatIsNoDirectoryOfTheVolume(String target) throws Exception {
    Models.write(directory.resolve("elsewhere"), "config.json", "{}", "tokenizer/vocab", "a b");
    Models.write(volume.resolve("elsewhere"), "config.json", "{}", "tokenizer/vocab", "a b");
    link("..link", "../elsewhere");
    link("..data", target);
    assertThatThrownBy(this::verify).isInstanceOf(IOException.class);
  }

  @Test
  void refusesAnythingButAVolume() throws Exception {
    for (Path other : List.of(plain, plain.resolve("config.json"), directory.resolve("none"))) {
      assertThatThrownBy(() -> verifier().build().verify(KubernetesVolume.at(other), bundle))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(other.toString());
    }
    assertThatThrownBy(() -> verifier().build().verify(KubernetesVolume.at(plain), bundle))
        .hasMessageContaining("expected a symbolic link ..data in it; where files are mounted by");
    Path toVolume = Files.createSymbolicLink(directory.resolve("link"), volume);
    assertThatThrownBy(() -> verifier().build().verify(KubernetesVolume.at(toVolume), bundle))
        .isInstanceOf(IOException.class);
  }

  @Test
  void toleratesWhatIsUnsignedOnRequestAndListsIt() throws Exception {
    Models.write(volume, "notes", "x");
    Models.write(volume.resolve(DATA), "hidden", "x");
    VerifiedModel tolerant =
        verifier().ignoreUnsignedFiles(true).build().verify(KubernetesVolume.at(volume), bundle);
    assertThat(tolerant.uncovered())
        .contains(
            new UncoveredEntry("notes", EntryKind.NO_LINK_OF_VOLUME, Reason.UNSIGNED),
            new UncoveredEntry("hidden", EntryKind.NOT_LINKED_IN_VOLUME, Reason.UNSIGNED));
    VerifiedModel ignoring =
        verifier()
            .reading(Reading.withDefaults().ignorePath("notes").ignorePath("hidden"))
            .build()
            .verify(KubernetesVolume.at(volume), bundle);
    assertThat(ignoring.uncovered())
        .extracting(UncoveredEntry::reason)
        .containsExactlyInAnyOrder(
            Reason.VOLUME_LAYOUT,
            Reason.VOLUME_LAYOUT,
            Reason.IGNORED_BY_USER,
            Reason.IGNORED_BY_USER);
  }

  @ParameterizedTest
  @ValueSource(strings = {"model.sig", "tokenizer/model.sig"})
  void leavesOutTheSignatureInTheVolume(String name) throws Exception {
    Path kept = volume.resolve(DATA).resolve(name);
    bundle.write(kept);
    if (!name.contains("/")) {
      link(name, "..data/" + name);
    }
    for (Path file : List.of(volume.resolve(name), kept)) {
      VerifiedModel verified = verifier().build().verify(KubernetesVolume.at(volume), file);
      assertThat(verified.uncovered())
          .extracting(UncoveredEntry::reason)
          .contains(Reason.SIGNATURE_FILE);
    }
  }

  @Test
  void noticesAnUpdateWhileItReads() throws Exception {
    HashProgress updating =
        new HashProgress() {
          @Override
          public void started(long files, long bytes) {}

          @Override
          public void hashed(long bytes) {
            try {
              Path next = volume.resolve("..2027");
              if (!Files.exists(next)) {
                Models.write(next, "config.json", "evil", "tokenizer/vocab", "evil");
                link("..data", "..2027");
              }
            } catch (IOException e) {
              throw new AssertionError(e);
            }
          }

          @Override
          public void ended() {}
        };
    assertThatThrownBy(() ->
            verifier()
                .reading(Reading.withDefaults().progress(updating))
                .build()
                .verify(KubernetesVolume.at(volume), bundle))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("the volume was updated while the model was read; try again");
  }

  @Test
  void hasTheNameAndThePlaceOfTheMount() throws Exception {
    KubernetesVolume source = KubernetesVolume.at(volume);
    assertThat(source.name()).isEqualTo("volume");
    assertThat(source.location()).isEqualTo(volume.toString());
    assertThat(source.nameOf(volume.resolve("tokenizer/vocab"))).contains("tokenizer/vocab");
    assertThat(source.nameOf(volume.resolve("config.json"))).contains("config.json");
    assertThat(source.nameOf(plain)).isEmpty();
  }
}
