package dev.modelsigning.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.bundle.Payload;
import dev.modelsigning.bundle.PublicKeyIdentifier;
import dev.modelsigning.finding.Finding;
import dev.modelsigning.finding.Rules;
import dev.modelsigning.signing.KeyIdentity;
import dev.modelsigning.signing.UnusableTrustException;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.signing.VerificationException.Reason;
import dev.modelsigning.signing.VerifiedPayload;
import dev.modelsigning.signingkey.EcdsaScheme;
import dev.modelsigning.testing.Forge.StatementText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several public keys of a signer, in a file or a directory: any of them may have signed. */
class SeveralKeysTest {

  private static final String PAYLOAD = new StatementText().file("a", "alpha").toString();

  @TempDir Path directory;

  private Path keys;

  @BeforeEach
  void generatesTwoKeys() throws IOException {
    keys = Files.createDirectory(directory.resolve("keys"));
    generate("old", keys);
    generate("new", keys);
    generate("other", directory);
  }

  private void generate(String name, Path place) throws IOException {
    KeyPairFiles.generate(
        EcdsaScheme.P384, directory.resolve(name + ".pem"), place.resolve(name + ".pub"));
  }

  private KeySigner signer(String name) throws Exception {
    return KeySigner.load(directory.resolve(name + ".pem"));
  }

  private Bundle signedBy(String name) throws Exception {
    Bytes statement = Bytes.of(PAYLOAD.getBytes(StandardCharsets.UTF_8));
    return signer(name).sign(List.of(Payload.inToto(statement))).get(0).bundle();
  }

  private static Bundle unnamed(Bundle bundle) {
    PublicKeyIdentifier nobody = new PublicKeyIdentifier(Optional.empty(), Optional.empty());
    return Bundle.of(nobody, bundle.envelope());
  }

  private static KeyIdentity signer(VerifiedPayload verified) {
    return (KeyIdentity) verified.signer();
  }

  @Test
  void saysWhichKeyOfADirectoryMatched() throws Exception {
    KeyVerifier verifier = KeyVerifier.load(keys);
    for (String name : List.of("old", "new")) {
      KeyIdentity found = signer(verifier.verify(signedBy(name)));
      assertThat(found.fingerprint()).isEqualTo(signer(name).publicKey().fingerprint());
      assertThat(found.keyFile()).contains(keys.resolve(name + ".pub").toString());
    }
    assertThat(verifier.expected().get("fingerprint")).hasSize(2);
  }

  @Test
  void readsAllKeysOfAFile() throws Exception {
    Path file = directory.resolve("all.pub");
    Files.writeString(
        file,
        Files.readString(keys.resolve("old.pub"))
            + "the one of this year\n"
            + Files.readString(keys.resolve("new.pub")));
    KeyVerifier verifier = KeyVerifier.load(file);
    assertThat(signer(verifier.verify(signedBy("old"))).keyFile()).contains(file.toString());
    assertThat(signer(verifier.verify(signedBy("new"))).keyFile()).contains(file.toString());
  }

  @Test
  void saysNothingAboutFilesIfThereIsOneKey() throws Exception {
    Files.copy(keys.resolve("old.pub"), keys.resolve("copy.pub"));
    Files.delete(keys.resolve("new.pub"));
    KeyIdentity found = signer(KeyVerifier.load(keys).verify(signedBy("old")));
    assertThat(found).isEqualTo(signer("old").identity());
  }

  @Test
  void refusesTheKeyOfAnybodyElse() throws Exception {
    KeyVerifier verifier = KeyVerifier.load(keys);
    VerificationException failure =
        catchThrowableOfType(VerificationException.class, () -> verifier.verify(signedBy("other")));
    assertThat(failure.reason()).isEqualTo(Reason.WRONG_KEY);
    assertThat(failure)
        .hasMessageContaining("the 2 given have the fingerprints ")
        .hasMessageContaining(signer("old").publicKey().fingerprint())
        .hasMessageContaining(signer("new").publicKey().fingerprint())
        .hasMessageContaining(signer("other").publicKey().fingerprint());
  }

  @Test
  void doesNotTryTheOtherKeysIfTheBundleNamesOne() throws Exception {
    Bundle named = Bundle.of(signer("old").publicKey().identifier(), signedBy("new").envelope());
    assertThatThrownBy(() -> KeyVerifier.load(keys).verify(named))
        .isInstanceOf(VerificationException.class)
        .hasMessageContaining("the signature does not verify with this key");
  }

  @Test
  void triesEachKeyIfTheBundleNamesNone() throws Exception {
    KeyVerifier verifier = KeyVerifier.load(keys);
    VerifiedPayload verified = verifier.verify(unnamed(signedBy("old")));
    assertThat(signer(verified).keyFile()).contains(keys.resolve("old.pub").toString());
    assertThat(verified.findings()).extracting(Finding::rule).containsExactly(Rules.KEY_NOT_NAMED);
    assertThatThrownBy(() -> verifier.verify(unnamed(signedBy("other"))))
        .isInstanceOf(VerificationException.class)
        .hasMessageContaining("does not verify with any of these 2 keys");
  }

  @Test
  void triesAtMostTwentyKeys() throws Exception {
    for (int i = 0; i < 19; i++) {
      generate("key" + i, keys);
    }
    KeyVerifier verifier = KeyVerifier.load(keys);
    Bundle bundle = signedBy("old");
    verifier.verify(bundle);
    assertThatThrownBy(() -> verifier.verify(unnamed(bundle)))
        .isInstanceOf(VerificationException.class)
        .hasMessageContaining("not all of 21 keys are tried");
  }

  @Test
  void ignoresOnlyHiddenEntries() throws Exception {
    Files.createDirectory(keys.resolve("..data"));
    Files.writeString(keys.resolve(".note"), "hidden");
    assertThat(KeyVerifier.load(keys).expected().get("fingerprint")).hasSize(2);

    refusesWith("README", "notes", "README: holds no public key");
    refusesWith("signer.pem", Files.readString(directory.resolve("old.pem")), "private key");
    refusesWith("empty.pub", "", "empty.pub: holds no public key");
    Files.createDirectory(keys.resolve("more"));
    assertThatThrownBy(() -> KeyVerifier.load(keys))
        .isInstanceOf(UnusableTrustException.class)
        .hasMessageContaining("keys: has the directory more in it");
  }

  private void refusesWith(String name, String content, String why) throws IOException {
    Path file = Files.writeString(keys.resolve(name), content);
    assertThatThrownBy(() -> KeyVerifier.load(keys))
        .isInstanceOf(UnusableTrustException.class)
        .hasMessageContaining(why);
    Files.delete(file);
  }

  @Test
  void refusesADirectoryWithoutKeys() throws Exception {
    Path empty = Files.createDirectory(directory.resolve("empty"));
    assertThatThrownBy(() -> KeyVerifier.load(empty))
        .isInstanceOf(UnusableTrustException.class)
        .hasMessageContaining("is a directory without files");
    assertThatThrownBy(() -> KeyVerifier.load(directory.resolve("absent")))
        .isInstanceOf(IOException.class);
  }

  @Test
  void readsAThousandKeysAndNoMore() throws Exception {
    String one = Files.readString(keys.resolve("old.pub"));
    for (int i = 0; i < 998; i++) {
      Files.writeString(keys.resolve("copy" + i), one);
    }
    assertThat(KeyVerifier.load(keys).expected().get("fingerprint")).hasSize(2);
    Files.writeString(keys.resolve("copy"), one);
    assertThatThrownBy(() -> KeyVerifier.load(keys))
        .isInstanceOf(UnusableTrustException.class)
        .hasMessageContaining("at most 1000 public keys");
  }
}
