package dev.modelsigning.signingkey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.ModelSigner;
import dev.modelsigning.ModelVerifier;
import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.bundle.Envelope;
import dev.modelsigning.key.KeySigner;
import dev.modelsigning.key.KeyVerifier;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signing.UnusableTrustException;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.signing.VerificationException.Reason;
import dev.modelsigning.testing.Models;
import dev.modelsigning.testing.TestKeys;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.util.Optional;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** There is room for schemes that are not ECDSA: here ML-DSA (FIPS 204), by Bouncy Castle. */
class OtherSchemeTest {

  private static final BouncyCastleProvider PROVIDER = new BouncyCastleProvider();

  /** ML-DSA-65, pure, over the message itself. */
  private static final SignatureScheme ML_DSA =
      new SignatureScheme() {
        @Override
        public String name() {
          return "ML-DSA-65";
        }

        @Override
        public Optional<String> prehash() {
          return Optional.empty();
        }

        @Override
        public void verify(PublicKey key, Bytes message, Bytes signature)
            throws InvalidSignatureException {
          try {
            Signature verifier = Signature.getInstance(name(), PROVIDER);
            verifier.initVerify(key);
            verifier.update(message.toArray());
            if (!verifier.verify(signature.toArray())) {
              throw new InvalidSignatureException("it is not one by this key");
            }
          } catch (SignatureException e) {
            throw new InvalidSignatureException("it has another form: " + e.getMessage());
          } catch (GeneralSecurityException e) {
            throw new InvalidSignatureException(String.valueOf(e.getMessage()), e);
          }
        }
      };

  /** A key pair for it. */
  private record Key(KeyPair pair) implements SigningKey {

    static Key generate() throws GeneralSecurityException {
      return new Key(KeyPairGenerator.getInstance("ML-DSA-65", PROVIDER).generateKeyPair());
    }

    @Override
    public SignatureScheme scheme() {
      return ML_DSA;
    }

    @Override
    public Optional<PublicKey> publicKey() {
      return Optional.of(pair.getPublic());
    }

    @Override
    public Bytes sign(Bytes message) throws SigningException {
      try {
        Signature signer = Signature.getInstance("ML-DSA-65", PROVIDER);
        signer.initSign(pair.getPrivate());
        signer.update(message.toArray());
        return Bytes.of(signer.sign());
      } catch (GeneralSecurityException e) {
        throw new SigningException("cannot sign", e);
      }
    }
  }

  @TempDir private Path directory;

  private static KeyVerifier verifier(PublicKey key) throws InvalidKeyException {
    return KeyVerifier.using(VerifyingKey.of(key, ML_DSA));
  }

  @Test
  void signsAndVerifies() throws Exception {
    Path model = Models.write(directory.resolve("model"), "a", "alpha");
    Path signature = directory.resolve("model.sig");
    Key key = Key.generate();
    KeySigner signer = KeySigner.using(key, ML_DSA);
    ModelSigner.using(signer).sign(model, signature);

    assertThat(signer.identity().algorithm()).isEqualTo("ML-DSA-65");
    assertThat(
            ModelVerifier.using(verifier(key.pair.getPublic())).verify(model, signature).signer())
        .isEqualTo(signer.identity());
  }

  @Test
  void refusesAnotherKeyAndAChangedSignature() throws Exception {
    Path model = Models.write(directory.resolve("model"), "a", "alpha");
    Key key = Key.generate();
    Bundle bundle = ModelSigner.using(KeySigner.using(key, ML_DSA)).sign(model);
    PublicKey other = Key.generate().pair.getPublic();
    assertThatThrownBy(() -> verifier(other).verify(bundle))
        .isInstanceOfSatisfying(
            VerificationException.class, e -> assertThat(e.reason()).isEqualTo(Reason.WRONG_KEY));

    byte[] changed = bundle.envelope().signature().toArray();
    changed[100] ^= 1;
    Bundle damaged =
        Bundle.of(
            bundle.verificationMaterial(),
            new Envelope(bundle.envelope().payload(), Bytes.of(changed)));
    assertThatThrownBy(() -> verifier(key.pair.getPublic()).verify(damaged))
        .isInstanceOfSatisfying(
            VerificationException.class,
            e -> assertThat(e.reason()).isEqualTo(Reason.INVALID_SIGNATURE));
  }

  /** What is not in OMS is signed only by who asks for it. */
  @Test
  void isNotTakenUnasked() throws Exception {
    Key key = Key.generate();
    assertThatThrownBy(() -> KeySigner.using(key))
        .isInstanceOf(SigningException.class)
        .hasMessageContainingAll("expected an elliptic-curve key", "ML-DSA-65");
    assertThatThrownBy(() -> KeyVerifier.using(key.pair.getPublic()))
        .isInstanceOf(UnusableTrustException.class)
        .hasMessageContaining("expected an elliptic-curve key");
    SigningKey ecdsa =
        SigningKey.of(TestKeys.generate().privateKey(), TestKeys.generate().publicKey());
    assertThatThrownBy(() -> KeySigner.using(ecdsa, ML_DSA))
        .isInstanceOf(SigningException.class)
        .hasMessageContaining("expected a key for ML-DSA-65, the private key is one for ECDSA");
  }

  /** A key cannot bring the scheme that its signatures are verified by. */
  @Test
  void verifiesByTheSchemeThatWasAskedFor() throws Exception {
    Path model = Models.write(directory.resolve("model"), "a", "alpha");
    SignatureScheme believesAnything =
        new SignatureScheme() {
          @Override
          public String name() {
            return "ML-DSA-65";
          }

          @Override
          public Optional<String> prehash() {
            return Optional.empty();
          }

          @Override
          public void verify(PublicKey key, Bytes message, Bytes signature) {}
        };
    Key honest = Key.generate();
    SigningKey forged =
        new SigningKey() {
          @Override
          public SignatureScheme scheme() {
            return believesAnything;
          }

          @Override
          public Optional<PublicKey> publicKey() {
            return honest.publicKey();
          }

          @Override
          public Bytes sign(Bytes message) {
            return Bytes.of(new byte[3309]);
          }
        };
    assertThatThrownBy(() -> ModelSigner.using(KeySigner.using(forged, ML_DSA)).sign(model))
        .isInstanceOf(SigningException.class)
        .hasMessageContaining("does not verify with the public key");
  }
}
