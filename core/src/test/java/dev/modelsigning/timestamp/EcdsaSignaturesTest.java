package dev.modelsigning.timestamp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.operator.ContentVerifier;
import org.bouncycastle.operator.OperatorCreationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EcdsaSignaturesTest {

  private static final byte[] CONTENT = "signed attributes".getBytes(StandardCharsets.UTF_8);

  @ParameterizedTest
  @CsvSource({
    "secp256r1, SHA256withECDSA",
    "secp256r1, SHA512withECDSA",
    "secp256r1, SHA3-256withECDSA",
    "secp384r1, SHA256withECDSA",
    "secp384r1, SHA384withECDSA",
    "secp384r1, SHA3-512withECDSA",
    "secp521r1, SHA512withECDSA",
    "secp521r1, SHA256withECDSA",
    "secp521r1, SHA3-384withECDSA"
  })
  void verifiesWithEachHashOnEachCurve(String curve, String algorithm) throws Exception {
    KeyPair keys = keys(curve);
    byte[] signature = sign(keys, algorithm);
    assertThat(verifies(keys, identifier(algorithm), CONTENT, signature)).isTrue();
    byte[] other = CONTENT.clone();
    other[0] ^= 1;
    assertThat(verifies(keys, identifier(algorithm), other, signature)).isFalse();
    assertThat(verifies(keys(curve), identifier(algorithm), CONTENT, signature)).isFalse();
    ASN1ObjectIdentifier another =
        algorithm.startsWith("SHA384")
            ? X9ObjectIdentifiers.ecdsa_with_SHA256
            : X9ObjectIdentifiers.ecdsa_with_SHA384;
    assertThat(verifies(keys, another, CONTENT, signature)).isFalse();
  }

  @Test
  void refusesAnotherEncodingOfTheSameNumbers() throws Exception {
    KeyPair keys = keys("secp256r1");
    byte[] signature = sign(keys, "SHA256withECDSA");
    byte[] longForm = new byte[signature.length + 1];
    longForm[0] = signature[0];
    longForm[1] = (byte) 0x81;
    System.arraycopy(signature, 1, longForm, 2, signature.length - 1);
    byte[] longer = Arrays.copyOf(signature, signature.length + 1);
    for (byte[] bad : new byte[][] {longForm, longer, {}, {0x30, 0}, new byte[64]}) {
      assertThat(verifies(keys, X9ObjectIdentifiers.ecdsa_with_SHA256, CONTENT, bad)).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.2.840.113549.1.1.11", // RSA with SHA-256
        "1.2.840.10045.4.1", // ECDSA with SHA-1
        "1.2.840.10045.4.3.1", // ECDSA with SHA-224
        "0.4.0.127.0.7.1.1.4.1.3", // in the plain format
        "1.2.840.10045.2.1" // a key alone
      })
  void refusesOtherAlgorithms(String identifier) throws Exception {
    EcdsaSignatures signatures = new EcdsaSignatures((ECPublicKey) keys("secp256r1").getPublic());
    AlgorithmIdentifier other = new AlgorithmIdentifier(new ASN1ObjectIdentifier(identifier));
    assertThatThrownBy(() -> signatures.verifier(other))
        .isInstanceOf(OperatorCreationException.class)
        .hasMessageContaining("expected a signature by ECDSA, as its signer has such a key, found ")
        .hasMessageContaining(identifier);
  }

  private static KeyPair keys(String curve) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec(curve));
    return generator.generateKeyPair();
  }

  private static byte[] sign(KeyPair keys, String algorithm) throws Exception {
    Signature signer = Signature.getInstance(algorithm);
    signer.initSign(keys.getPrivate());
    signer.update(CONTENT);
    return signer.sign();
  }

  private static boolean verifies(
      KeyPair keys, ASN1ObjectIdentifier algorithm, byte[] content, byte[] signature)
      throws Exception {
    ContentVerifier verifier =
        new EcdsaSignatures((ECPublicKey) keys.getPublic())
            .verifier(new AlgorithmIdentifier(algorithm));
    verifier.getOutputStream().write(content);
    return verifier.verify(signature);
  }

  private static ASN1ObjectIdentifier identifier(String algorithm) {
    return switch (algorithm) {
      case "SHA256withECDSA" -> X9ObjectIdentifiers.ecdsa_with_SHA256;
      case "SHA384withECDSA" -> X9ObjectIdentifiers.ecdsa_with_SHA384;
      case "SHA512withECDSA" -> X9ObjectIdentifiers.ecdsa_with_SHA512;
      case "SHA3-256withECDSA" -> NISTObjectIdentifiers.id_ecdsa_with_sha3_256;
      case "SHA3-384withECDSA" -> NISTObjectIdentifiers.id_ecdsa_with_sha3_384;
      case "SHA3-512withECDSA" -> NISTObjectIdentifiers.id_ecdsa_with_sha3_512;
      default -> throw new IllegalArgumentException(algorithm);
    };
  }
}
