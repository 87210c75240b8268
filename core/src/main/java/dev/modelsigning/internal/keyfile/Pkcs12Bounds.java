package dev.modelsigning.internal.keyfile;

import java.io.IOException;
import java.math.BigInteger;
import org.bouncycastle.asn1.ASN1InputStream;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.pkcs.AuthenticatedSafe;
import org.bouncycastle.asn1.pkcs.ContentInfo;
import org.bouncycastle.asn1.pkcs.EncryptedData;
import org.bouncycastle.asn1.pkcs.EncryptedPrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.MacData;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.Pfx;
import org.bouncycastle.asn1.pkcs.SafeBag;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;

/**
 * Determines the cost of opening a PKCS #12 key store (RFC 7292) before the JDK derives keys from
 * its password. Encrypted parts cannot be examined; for these the JDK has its own limit.
 */
final class Pkcs12Bounds {

  private static final int MAX_DEPTH = 8;

  /** The JDK refuses more for one key, without a clear message. */
  private static final int MAX_ITERATIONS_OF_JDK = 5_000_000;

  private long total;
  private int greatestOfKeys;

  private Pkcs12Bounds() {}

  /**
   * Checks a key store.
   *
   * @return the number of iterations needed to open it
   * @throws PemException if opening it is too expensive, or it is not such a key store
   */
  static long require(byte[] content) throws PemException {
    Pkcs12Bounds bounds = new Pkcs12Bounds();
    try (ASN1InputStream stream = new ASN1InputStream(content)) {
      ASN1Primitive store = stream.readObject();
      if (store == null) {
        throw new PemException("is empty, expected a key store in PKCS #12 or JKS");
      }
      if (stream.read() != -1) {
        throw new PemException("is damaged: there is something after the end of the key store");
      }
      bounds.add(Pfx.getInstance(store));
    } catch (IOException | RuntimeException e) {
      // The ASN.1 parser throws various unchecked exceptions for malformed input.
      throw new PemException("is not a key store in PKCS #12 or JKS, or is damaged", e);
    }
    return KeyDerivation.iterations(
        BigInteger.valueOf(Math.max(1, bounds.total + bounds.greatestOfKeys)), "all algorithms");
  }

  private void add(Pfx store) throws PemException {
    MacData mac = store.getMacData();
    if (mac != null) {
      AlgorithmIdentifier algorithm = mac.getMac().getAlgorithmId();
      total +=
          algorithm.getAlgorithm().equals(PKCSObjectIdentifiers.id_PBMAC1)
              ? requireBounded(algorithm)
              : withinJdk(KeyDerivation.iterations(mac.getIterationCount(), "PKCS #12"));
    }
    if (store.getAuthSafe().getContentType().equals(PKCSObjectIdentifiers.data)) {
      for (ContentInfo safe :
          AuthenticatedSafe.getInstance(octets(store.getAuthSafe())).getContentInfo()) {
        add(safe);
      }
    }
  }

  private void add(ContentInfo safe) throws PemException {
    if (safe.getContentType().equals(PKCSObjectIdentifiers.encryptedData)) {
      total +=
          requireBounded(EncryptedData.getInstance(safe.getContent()).getEncryptionAlgorithm());
    } else if (safe.getContentType().equals(PKCSObjectIdentifiers.data)) {
      addBags(ASN1Sequence.getInstance(octets(safe)), 0);
    }
  }

  private void addBags(ASN1Sequence bags, int depth) throws PemException {
    if (depth > MAX_DEPTH) {
      throw new PemException(
          "is damaged: its bags are in each other more than " + MAX_DEPTH + " deep");
    }
    for (int i = 0; i < bags.size(); i++) {
      SafeBag bag = SafeBag.getInstance(bags.getObjectAt(i));
      if (bag.getBagId().equals(PKCSObjectIdentifiers.pkcs8ShroudedKeyBag)) {
        greatestOfKeys =
            Math.max(
                greatestOfKeys,
                requireBounded(
                    EncryptedPrivateKeyInfo.getInstance(bag.getBagValue())
                        .getEncryptionAlgorithm()));
      } else if (bag.getBagId().equals(PKCSObjectIdentifiers.safeContentsBag)) {
        addBags(ASN1Sequence.getInstance(bag.getBagValue()), depth + 1);
      }
    }
  }

  private static byte[] octets(ContentInfo content) {
    return ASN1OctetString.getInstance(content.getContent()).getOctets();
  }

  private static int requireBounded(AlgorithmIdentifier algorithm) throws PemException {
    return withinJdk(KeyDerivation.requireBounded(algorithm));
  }

  private static int withinJdk(int iterations) throws PemException {
    if (iterations > MAX_ITERATIONS_OF_JDK) {
      throw new PemException(
          "asks for "
              + iterations
              + " iterations to derive a key, expected at most "
              + MAX_ITERATIONS_OF_JDK
              + " in a key store; encrypt it anew with fewer");
    }
    return iterations;
  }
}
