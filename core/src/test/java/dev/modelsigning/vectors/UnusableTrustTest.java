package dev.modelsigning.vectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.modelsigning.certificate.CertificateVerifier;
import dev.modelsigning.key.KeyVerifier;
import dev.modelsigning.signing.UnusableTrustException;
import dev.modelsigning.signing.UnusableTrustException.Kind;
import dev.modelsigning.signingkey.KeyContext;
import dev.modelsigning.signingkey.KeyProviders;
import dev.modelsigning.timestamp.TimestampVerifier;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Unusable trusted keys, certificates and CRLs: the kind of the failure. */
class UnusableTrustTest {

  private static Path file(String name) {
    return VectorSet.root().resolve(name).toAbsolutePath();
  }

  private static void refuses(Kind kind, String words, ThrowingCallable loading) {
    UnusableTrustException failure = catchThrowableOfType(UnusableTrustException.class, loading);
    assertThat(failure).isNotNull().hasMessageContaining(words);
    assertThat(failure.kind()).isEqualTo(kind);
  }

  @Test
  void publicKeys() throws Exception {
    Path rubbish = file("key/files/public-key-rubbish.pem");
    refuses(Kind.KEY, rubbish.toString(), () -> KeyVerifier.load(rubbish));
    refuses(
        Kind.KEY,
        rubbish.toString(),
        () -> KeyProviders.installed().publicKey(rubbish.toUri(), KeyContext.withDefaults()));
    PublicKey rsa = KeyPairGenerator.getInstance("RSA").generateKeyPair().getPublic();
    refuses(Kind.KEY, "RSA", () -> KeyVerifier.using(rsa));
  }

  @Test
  void certificates() {
    Path key = file("key/files/p256.pub");
    CertificateVerifier.Builder builder = CertificateVerifier.builder();
    refuses(Kind.CERTIFICATE, key.toString(), () -> builder.trust(key));
    refuses(Kind.CERTIFICATE, key.toString(), () -> TimestampVerifier.load(List.of(key)));
    Path leaf = file("certificate/files/signer.pem");
    refuses(
        Kind.CERTIFICATE,
        "none of the trusted certificates is one of an authority",
        () -> builder.trust(leaf).build());
    refuses(
        Kind.CERTIFICATE,
        "no certificate of an authority",
        () -> TimestampVerifier.load(List.of(leaf)));
  }

  @Test
  void revocationLists() {
    Path damaged = file("certificate/files/list-cut-off.pem");
    refuses(
        Kind.REVOCATION_LIST,
        damaged.toString(),
        () -> CertificateVerifier.builder().revocationList(damaged));
  }
}
