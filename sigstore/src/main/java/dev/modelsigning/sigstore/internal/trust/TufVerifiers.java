package dev.modelsigning.sigstore.internal.trust;

import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.internal.keyfile.PemException;
import dev.modelsigning.internal.keyfile.PemText;
import dev.modelsigning.internal.pkix.AlgorithmPolicy;
import dev.sigstore.tuf.encryption.Verifier;
import dev.sigstore.tuf.model.Key;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;

/**
 * Verifies the signatures of a TUF repository with the JDK. The verifiers of sigstore-java would
 * register a security provider for the whole JVM.
 */
final class TufVerifiers {

  private static final int SALT_LENGTH = 32;

  private TufVerifiers() {}

  /** Returns the verifier for a key; for an unsupported key no signature is valid. */
  static Verifier of(Key key) throws IOException, InvalidKeyException {
    String text = key.getKeyVal().getOrDefault("public", "");
    String kind = key.getKeyType() + "/" + key.getScheme();
    try {
      return switch (kind) {
        case "ecdsa/ecdsa-sha2-nistp256", "ecdsa-sha2-nistp256/ecdsa-sha2-nistp256" ->
            verifier("SHA256withECDSA", publicKey("EC", pem(text)));
        case "ed25519/ed25519" -> verifier("Ed25519", publicKey("Ed25519", ed25519(text)));
        case "rsa/rsassa-pss-sha256" -> verifier("RSASSA-PSS", publicKey("RSA", pem(text)));
        default -> (message, signature) -> false;
      };
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new InvalidKeyException("a key of kind " + Printable.quote(kind) + " is damaged", e);
    }
  }

  private static PublicKey publicKey(String algorithm, byte[] encoded)
      throws GeneralSecurityException {
    AlgorithmPolicy.requireKey(encoded);
    return KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(encoded));
  }

  private static byte[] pem(String text) throws InvalidKeyException {
    try {
      return PemText.only(text, "PUBLIC KEY").content().toArray();
    } catch (PemException e) {
      throw new InvalidKeyException(e.getMessage(), e);
    }
  }

  private static byte[] ed25519(String hex) throws IOException {
    return new SubjectPublicKeyInfo(
            new AlgorithmIdentifier(EdECObjectIdentifiers.id_Ed25519), HexFormat.of().parseHex(hex))
        .getEncoded();
  }

  private static Verifier verifier(String algorithm, PublicKey key) {
    return (message, signature) -> {
      try {
        Signature verifier = Signature.getInstance(algorithm);
        if (algorithm.equals("RSASSA-PSS")) {
          verifier.setParameter(
              new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, SALT_LENGTH, 1));
        }
        verifier.initVerify(key);
        verifier.update(message);
        return verifier.verify(signature);
      } catch (GeneralSecurityException e) {
        // Not the encoding of a signature with this key, so it is invalid.
        return false;
      }
    };
  }
}
