package dev.modelsigning.internal.keypair;

import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signingkey.InvalidSignatureException;
import dev.modelsigning.signingkey.MlDsaScheme;
import dev.modelsigning.signingkey.VerifyingKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Map;
import org.bouncycastle.asn1.ASN1BitString;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.ASN1TaggedObject;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.crypto.CryptoException;
import org.bouncycastle.crypto.io.SignerOutputStream;
import org.bouncycastle.crypto.params.MLDSAParameters;
import org.bouncycastle.crypto.params.MLDSAPrivateKeyParameters;
import org.bouncycastle.crypto.params.ParametersWithRandom;
import org.bouncycastle.crypto.signers.MLDSASigner;
import org.bouncycastle.crypto.util.PrivateKeyInfoFactory;
import org.jspecify.annotations.Nullable;

/**
 * A private key for ML-DSA, and the public key that was computed from it. Bouncy Castle signs on
 * every JDK: only JDK 24 and newer have ML-DSA, and not for all forms of private keys.
 */
public final class MlDsaKeyPair implements LocalKeyPair {

  private static final int SEED_LENGTH = 32;

  /** FIPS 204, table 2. */
  private static final Map<MlDsaScheme, Integer> EXPANDED_LENGTHS =
      Map.of(MlDsaScheme.ML_DSA_44, 2560, MlDsaScheme.ML_DSA_65, 4032, MlDsaScheme.ML_DSA_87, 4896);

  private static final Map<MlDsaScheme, MLDSAParameters> PARAMETERS =
      Map.of(
          MlDsaScheme.ML_DSA_44, MLDSAParameters.ml_dsa_44,
          MlDsaScheme.ML_DSA_65, MLDSAParameters.ml_dsa_65,
          MlDsaScheme.ML_DSA_87, MLDSAParameters.ml_dsa_87);

  private static final Map<ASN1ObjectIdentifier, MlDsaScheme> SCHEMES =
      Map.of(
          NISTObjectIdentifiers.id_ml_dsa_44, MlDsaScheme.ML_DSA_44,
          NISTObjectIdentifiers.id_ml_dsa_65, MlDsaScheme.ML_DSA_65,
          NISTObjectIdentifiers.id_ml_dsa_87, MlDsaScheme.ML_DSA_87);

  /** [0] IMPLICIT OCTET STRING, in its primitive form. */
  private static final byte SEED_TAG = (byte) 0x80;

  private static final Bytes PROBE =
      Bytes.of("key pair consistency".getBytes(StandardCharsets.US_ASCII));

  private static final String DAMAGED = "the private key is damaged";

  private final MlDsaScheme scheme;
  private final MLDSAPrivateKeyParameters key;
  private final VerifyingKey publicKey;

  private MlDsaKeyPair(MlDsaScheme scheme, byte[] seedOrExpanded) throws InvalidKeyException {
    this.scheme = scheme;
    try {
      // Copied: Bouncy Castle keeps the array that it is given.
      this.key = new MLDSAPrivateKeyParameters(parameters(scheme), seedOrExpanded.clone(), null);
    } catch (RuntimeException e) {
      // Bouncy Castle computes the public key, whose hash is in an expanded private key.
      throw new InvalidKeyException(
          "the private key for " + scheme + " is damaged: its parts do not belong together", e);
    }
    this.publicKey = scheme.rawPublicKey(Bytes.of(key.getPublicKey()));
  }

  private static MLDSAParameters parameters(MlDsaScheme scheme) {
    MLDSAParameters parameters = PARAMETERS.get(scheme);
    if (parameters == null) {
      throw new IllegalStateException("no parameters for " + scheme);
    }
    return parameters;
  }

  /** Generates a key pair. */
  public static MlDsaKeyPair generate(MlDsaScheme scheme) {
    byte[] seed = new byte[SEED_LENGTH];
    new SecureRandom().nextBytes(seed);
    try {
      return new MlDsaKeyPair(scheme, seed);
    } catch (InvalidKeyException e) {
      throw new IllegalStateException("every seed gives a key", e);
    }
  }

  /** The scheme of this algorithm, or null if it is not one of ML-DSA. */
  public static @Nullable MlDsaScheme scheme(AlgorithmIdentifier algorithm) {
    return SCHEMES.get(algorithm.getAlgorithm());
  }

  /**
   * Reads a private key in one of its three forms (RFC 9881 6): the seed, the expanded key, or
   * both, which must then belong together.
   *
   * @throws InvalidKeyException if it has another algorithm or form, a wrong length, or parts that
   *     contradict each other
   */
  public static MlDsaKeyPair of(PrivateKeyInfo info) throws InvalidKeyException {
    MlDsaScheme scheme = scheme(info.getPrivateKeyAlgorithm());
    if (scheme == null) {
      throw new InvalidKeyException("expected a key for ML-DSA, found another key");
    }
    if (info.getPrivateKeyAlgorithm().getParameters() != null) {
      throw new InvalidKeyException(
          "expected a key for " + scheme + " without parameters, found some (RFC 9881 2)");
    }
    MlDsaKeyPair pair;
    try {
      pair = of(scheme, info.getPrivateKey().getOctets());
      pair.requireOwn(info.getPublicKeyData());
    } catch (IOException | RuntimeException e) {
      throw new InvalidKeyException(DAMAGED, e);
    }
    return pair;
  }

  private static MlDsaKeyPair of(MlDsaScheme scheme, byte[] encoded)
      throws IOException, InvalidKeyException {
    ASN1Primitive content = ASN1Primitive.fromByteArray(encoded);
    if (!Arrays.equals(content.getEncoded("DER"), encoded)) {
      throw new InvalidKeyException(DAMAGED + ": expected DER");
    }
    if (content instanceof ASN1TaggedObject tagged && encoded[0] == SEED_TAG) {
      return new MlDsaKeyPair(
          scheme, seed(scheme, ASN1OctetString.getInstance(tagged, false).getOctets()));
    }
    if (content instanceof ASN1OctetString expanded) {
      MlDsaKeyPair pair = new MlDsaKeyPair(scheme, expanded(scheme, expanded.getOctets()));
      pair.requireUsable();
      return pair;
    }
    if (content instanceof ASN1Sequence both && both.size() == 2) {
      MlDsaKeyPair pair =
          new MlDsaKeyPair(
              scheme, seed(scheme, ASN1OctetString.getInstance(both.getObjectAt(0)).getOctets()));
      byte[] expanded =
          expanded(scheme, ASN1OctetString.getInstance(both.getObjectAt(1)).getOctets());
      if (!org.bouncycastle.util.Arrays.constantTimeAreEqual(pair.key.getEncoded(), expanded)) {
        throw new InvalidKeyException(
            "the private key for "
                + scheme
                + " has a seed and an expanded key that contradict each other (RFC 9881 8.2);"
                + " do not use it, and find out who changed it");
      }
      return pair;
    }
    throw new InvalidKeyException(
        DAMAGED + ": expected a seed, an expanded key or both (RFC 9881 6)");
  }

  private static byte[] seed(MlDsaScheme scheme, byte[] found) throws InvalidKeyException {
    return require(scheme, "a seed", SEED_LENGTH, found);
  }

  private static byte[] expanded(MlDsaScheme scheme, byte[] found) throws InvalidKeyException {
    return require(scheme, "an expanded key", EXPANDED_LENGTHS.getOrDefault(scheme, 0), found);
  }

  private static byte[] require(MlDsaScheme scheme, String part, int length, byte[] found)
      throws InvalidKeyException {
    if (found.length != length) {
      throw new InvalidKeyException(
          "expected "
              + part
              + " of "
              + length
              + " bytes in a private key for "
              + scheme
              + ", found "
              + found.length
              + " bytes");
    }
    return found;
  }

  /** A public key that the file may have, too (RFC 5958). */
  private void requireOwn(@Nullable ASN1BitString carried) throws InvalidKeyException {
    if (carried != null
        && !(carried.getPadBits() == 0 && Arrays.equals(carried.getOctets(), key.getPublicKey()))) {
      throw new InvalidKeyException("the private key carries a public key that is not its own");
    }
  }

  /**
   * Not every part of an expanded key is bound by the hash of the public key. One that signs
   * wrongly is found here, before a model is hashed.
   */
  private void requireUsable() throws InvalidKeyException {
    try {
      publicKey.verify(PROBE, sign(PROBE));
    } catch (SigningException | InvalidSignatureException e) {
      throw new InvalidKeyException(
          "the expanded private key for " + scheme + " makes no valid signatures: it is damaged",
          e);
    }
  }

  @Override
  public MlDsaScheme scheme() {
    return scheme;
  }

  @Override
  public VerifyingKey verifyingKey() {
    return publicKey;
  }

  /** As the seed, if it is known: the form that every implementation reads. */
  @Override
  public byte[] pkcs8() {
    try {
      int form =
          key.getSeed() == null
              ? MLDSAPrivateKeyParameters.EXPANDED_KEY
              : MLDSAPrivateKeyParameters.SEED_ONLY;
      return PrivateKeyInfoFactory.createPrivateKeyInfo(key.withPreferredFormat(form))
          .getEncoded("DER");
    } catch (IOException e) {
      throw new IllegalStateException("a key has an encoding", e);
    }
  }

  /** Signs with fresh random numbers (FIPS 204 3.4, the hedged variant) and an empty context. */
  @Override
  public Bytes sign(Bytes message) throws SigningException {
    MLDSASigner signer = new MLDSASigner();
    signer.init(true, new ParametersWithRandom(key, new SecureRandom()));
    try {
      message.writeTo(new SignerOutputStream(signer));
      return Bytes.of(signer.generateSignature());
    } catch (CryptoException | IOException | RuntimeException e) {
      throw new SigningException("the private key cannot sign: " + e.getMessage(), e);
    }
  }

  /** The scheme only, never the key. */
  @Override
  public String toString() {
    return "key pair for " + scheme;
  }
}
