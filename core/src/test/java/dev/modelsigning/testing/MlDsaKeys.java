package dev.modelsigning.testing;

import dev.modelsigning.signingkey.MlDsaScheme;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Base64;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.crypto.params.MLDSAParameters;
import org.bouncycastle.crypto.params.MLDSAPrivateKeyParameters;

/** A private key for ML-DSA from a seed, in all forms in which others write it, right and wrong. */
public final class MlDsaKeys {

  private final MlDsaScheme scheme;
  private final byte[] seed;

  /**
   * Creates a key.
   *
   * @param scheme its scheme
   * @param seed the seed of 32 bytes, or one that is wrong
   */
  public MlDsaKeys(MlDsaScheme scheme, byte[] seed) {
    this.scheme = scheme;
    this.seed = seed.clone();
  }

  /** Its scheme. */
  public MlDsaScheme scheme() {
    return scheme;
  }

  /** Its seed. */
  public byte[] seed() {
    return seed.clone();
  }

  /** A key whose seed has 32 times this byte. */
  public static MlDsaKeys of(MlDsaScheme scheme, int fill) {
    byte[] seed = new byte[32];
    Arrays.fill(seed, (byte) fill);
    return new MlDsaKeys(scheme, seed);
  }

  /** The key, as Bouncy Castle has it. */
  public MLDSAPrivateKeyParameters key() {
    return new MLDSAPrivateKeyParameters(parameters(), seed, null);
  }

  private MLDSAParameters parameters() {
    return switch (scheme.name()) {
      case "ML-DSA-44" -> MLDSAParameters.ml_dsa_44;
      case "ML-DSA-65" -> MLDSAParameters.ml_dsa_65;
      default -> MLDSAParameters.ml_dsa_87;
    };
  }

  /** The object identifier of a scheme. */
  public static ASN1ObjectIdentifier identifier(MlDsaScheme scheme) {
    return new ASN1ObjectIdentifier(
        "2.16.840.1.101.3.4.3." + (17 + MlDsaScheme.values().indexOf(scheme)));
  }

  /** The expanded key. */
  public byte[] expanded() {
    return key().getEncoded();
  }

  /** The seed form, as Python's cryptography writes it. */
  public ASN1Encodable seedForm() {
    return new DERTaggedObject(false, 0, new DEROctetString(seed));
  }

  /** The expanded form, as JDK 25 writes it. */
  public static ASN1Encodable expandedForm(byte[] expanded) {
    return new DEROctetString(expanded);
  }

  /** Both, as OpenSSL 3.5 and Bouncy Castle write it. */
  public ASN1Encodable bothForm(byte[] expanded) {
    return new DERSequence(
        new ASN1Encodable[] {new DEROctetString(seed), new DEROctetString(expanded)});
  }

  /** PKCS #8 with a form. */
  public byte[] pkcs8(ASN1Encodable form) {
    try {
      return new PrivateKeyInfo(new AlgorithmIdentifier(identifier(scheme)), form)
          .getEncoded("DER");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A PEM block. */
  public static String pem(String label, byte[] der) {
    byte[] lineFeed = {'\n'};
    return "-----BEGIN "
        + label
        + "-----\n"
        + Base64.getMimeEncoder(64, lineFeed).encodeToString(der)
        + "\n-----END "
        + label
        + "-----\n";
  }

  /** The private key as a file, as its seed. */
  public String privatePem() {
    return pem("PRIVATE KEY", pkcs8(seedForm()));
  }

  /** Bytes one after the other. */
  public static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }
}
