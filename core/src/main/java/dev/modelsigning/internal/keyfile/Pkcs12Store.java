package dev.modelsigning.internal.keyfile;

import dev.modelsigning.internal.keyfile.PasswordDecryption.UnknownAlgorithmException;
import java.io.IOException;
import java.math.BigInteger;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.pkcs.AuthenticatedSafe;
import org.bouncycastle.asn1.pkcs.ContentInfo;
import org.bouncycastle.asn1.pkcs.EncryptedPrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.MacData;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.Pfx;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.SafeBag;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.crypto.ExtendedDigest;
import org.bouncycastle.crypto.PBEParametersGenerator;
import org.bouncycastle.crypto.generators.PKCS12ParametersGenerator;
import org.bouncycastle.crypto.macs.HMac;
import org.bouncycastle.operator.InputDecryptor;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.OutputEncryptor;
import org.bouncycastle.operator.bc.BcDefaultDigestProvider;
import org.bouncycastle.pkcs.PKCS12PfxPdu;
import org.bouncycastle.pkcs.PKCS12SafeBag;
import org.bouncycastle.pkcs.PKCS12SafeBagFactory;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfoBuilder;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcePKCS12MacCalculatorBuilderProvider;
import org.bouncycastle.pkcs.jcajce.JcePKCSPBEOutputEncryptorBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Decrypts key stores in PKCS #12 (RFC 7292) that the JDK cannot read: it supports non-ASCII
 * passwords not at all (JDK 17) or for some algorithms only, has fewer algorithms, and skips keys
 * that are not encrypted. The content of such a store is passed to the JDK as a store that it can
 * read, so that aliases and chains are handled in the same way for all.
 */
final class Pkcs12Store {

  /** The password of the converted store for the JDK; it protects nothing. */
  private static final char[] FOR_JDK = "for the JDK".toCharArray();

  private static final String WRONG_OR_DAMAGED =
      "the password is wrong, or the key store is damaged";
  private static final String ANEW = "; make it anew, for example with 'openssl pkcs12 -export'";

  private final PasswordForm form;
  private long iterations;
  private boolean authentic;
  private boolean isUnreadable;
  private @Nullable PemException unreadableKey;

  private Pkcs12Store(PasswordForm form) {
    this.form = form;
  }

  /**
   * The decrypted content of a store.
   *
   * @param content a store for the JDK, in memory only
   * @param password its password
   * @param unreadableKey why a key of it could not be decrypted
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Decrypted(byte[] content, char[] password, Optional<PemException> unreadableKey) {}

  /**
   * Decrypts a store within the limits of {@link Pkcs12Bounds}. All keys are decrypted here, and
   * keys that are encrypted twice become visible only here, so the cost is counted again.
   *
   * @param iterations the cost of one attempt, as far as it is visible before decryption
   * @throws PemException if the password is wrong, or the store is malformed or encrypted with an
   *     unknown algorithm
   */
  static Decrypted decrypt(byte[] content, long iterations, char[] password) throws PemException {
    PemException failure = null;
    Decrypted incomplete = null;
    for (PasswordForm form : PasswordDecryption.forms(iterations, password)) {
      try {
        Pkcs12Store store = new Pkcs12Store(form);
        Decrypted found = store.decrypt(content);
        if (!store.isUnreadable) {
          return found;
        }
        incomplete = incomplete == null ? found : incomplete;
      } catch (UnfitException e) {
        failure = failure == null ? new PemException(e.getMessage(), e) : failure;
      } catch (UnknownAlgorithmException e) {
        throw new PemException(e.getMessage() + ANEW, e);
      } catch (IOException | OperatorCreationException | PKCSException | RuntimeException e) {
        // The ASN.1 parser throws various unchecked exceptions for malformed input.
        throw new PemException("is not a key store in PKCS #12 or JKS, or is damaged", e);
      }
    }
    if (incomplete != null) {
      return incomplete; // another key may be the requested one
    }
    throw failure == null ? new PemException("the password is wrong") : failure;
  }

  private Decrypted decrypt(byte[] content)
      throws IOException, PKCSException, OperatorCreationException, UnfitException {
    PKCS12PfxPdu store = new PKCS12PfxPdu(content);
    authentic = store.hasMac() && isAuthentic(store);
    if (store.hasMac() && !authentic) {
      throw new UnfitException("the password is wrong", null);
    }
    List<ContentInfo> safes = new ArrayList<>();
    for (ContentInfo safe : store.getContentInfos()) {
      try {
        safes.add(decrypt(safe));
      } catch (IOException | PKCSException | RuntimeException e) {
        Optional<UnknownAlgorithmException> unknown = UnknownAlgorithmException.in(e);
        if (unknown.isPresent()) {
          throw unknown.get();
        }
        throw new UnfitException(
            authentic
                ? "what is in the key store cannot be decrypted, although the password fits its"
                    + " authentication: it is damaged, or was encrypted with the password in"
                    + " another character encoding"
                : WRONG_OR_DAMAGED,
            e);
      }
    }
    ContentInfo all = data(new AuthenticatedSafe(safes.toArray(new ContentInfo[0])));
    return new Decrypted(
        new Pfx(all, null).getEncoded(), FOR_JDK, Optional.ofNullable(unreadableKey));
  }

  private boolean isAuthentic(PKCS12PfxPdu store) throws PKCSException, UnknownAlgorithmException {
    MacData mac = store.toASN1Structure().getMacData();
    AlgorithmIdentifier algorithm = mac.getMac().getAlgorithmId();
    try {
      return algorithm.getAlgorithm().equals(PKCSObjectIdentifiers.id_PBMAC1)
          ? store.isMacValid(
              new JcePKCS12MacCalculatorBuilderProvider().setProvider(PasswordDecryption.PROVIDER),
              form.text())
          : isAuthentic(mac, store.toASN1Structure().getAuthSafe());
    } catch (PKCSException | OperatorCreationException e) {
      throw new UnknownAlgorithmException(
          "is authenticated by "
              + PasswordDecryption.named(algorithm.getAlgorithm())
              + ", which is not known here",
          e);
    }
  }

  /** Bouncy Castle also compares the parameters of the hash, which some programs omit. */
  private boolean isAuthentic(MacData mac, ContentInfo content) throws OperatorCreationException {
    ExtendedDigest hash = BcDefaultDigestProvider.INSTANCE.get(mac.getMac().getAlgorithmId());
    PKCS12ParametersGenerator derivation = new PKCS12ParametersGenerator(hash);
    derivation.init(
        PBEParametersGenerator.PKCS12PasswordToBytes(form.text()),
        mac.getSalt(),
        mac.getIterationCount().intValueExact());
    HMac hmac = new HMac(hash);
    hmac.init(derivation.generateDerivedMacParameters(8 * hash.getDigestSize()));
    byte[] authenticated = ASN1OctetString.getInstance(content.getContent()).getOctets();
    hmac.update(authenticated, 0, authenticated.length);
    byte[] computed = new byte[hmac.getMacSize()];
    hmac.doFinal(computed, 0);
    return MessageDigest.isEqual(computed, mac.getMac().getDigest());
  }

  /** Creates a decryptor for an algorithm, unless the total cost exceeds the limit. */
  private InputDecryptor decryptor(AlgorithmIdentifier algorithm) throws OperatorCreationException {
    try {
      int more = KeyDerivation.requireBounded(algorithm);
      iterations += more;
      KeyDerivation.iterations(BigInteger.valueOf(Math.max(1, iterations)), "all algorithms");
    } catch (PemException e) {
      throw new UnknownAlgorithmException(String.valueOf(e.getMessage()), e);
    }
    return PasswordDecryption.decryptor(algorithm, form);
  }

  /** The same content without its encryption; keys are encrypted for the JDK. */
  private ContentInfo decrypt(ContentInfo safe)
      throws IOException, PKCSException, OperatorCreationException {
    boolean encrypted = safe.getContentType().equals(PKCSObjectIdentifiers.encryptedData);
    if (!encrypted && !safe.getContentType().equals(PKCSObjectIdentifiers.data)) {
      return safe; // encrypted to a recipient's key, which the JDK skips too
    }
    PKCS12SafeBagFactory factory =
        encrypted
            ? new PKCS12SafeBagFactory(safe, this::decryptor)
            : new PKCS12SafeBagFactory(safe);
    List<ASN1Encodable> bags = new ArrayList<>();
    for (PKCS12SafeBag bag : factory.getSafeBags()) {
      bags.add(forJdk(bag.toASN1Structure()));
    }
    return data(new DERSequence(bags.toArray(new ASN1Encodable[0])));
  }

  private SafeBag forJdk(SafeBag bag) throws OperatorCreationException {
    PrivateKeyInfo key;
    if (bag.getBagId().equals(PKCSObjectIdentifiers.keyBag)) {
      key = PrivateKeyInfo.getInstance(bag.getBagValue());
    } else if (bag.getBagId().equals(PKCSObjectIdentifiers.pkcs8ShroudedKeyBag)) {
      key = decrypted(EncryptedPrivateKeyInfo.getInstance(bag.getBagValue()));
    } else {
      return bag;
    }
    if (key == null) {
      return bag; // the error is reported only if this key is requested
    }
    OutputEncryptor encryptor =
        new JcePKCSPBEOutputEncryptorBuilder(PKCSObjectIdentifiers.pbeWithSHAAnd3_KeyTripleDES_CBC)
            .setProvider(PasswordDecryption.PROVIDER)
            .setIterationCount(1)
            .build(FOR_JDK);
    return new SafeBag(
        PKCSObjectIdentifiers.pkcs8ShroudedKeyBag,
        new PKCS8EncryptedPrivateKeyInfoBuilder(key).build(encryptor).toASN1Structure(),
        bag.getBagAttributes());
  }

  private @Nullable PrivateKeyInfo decrypted(EncryptedPrivateKeyInfo key) {
    try {
      return new PKCS8EncryptedPrivateKeyInfo(key).decryptPrivateKeyInfo(this::decryptor);
    } catch (PKCSException | RuntimeException e) {
      // If the password is right for the rest, the JDK's message is better: it has the alias of the
      // key.
      unreadableKey =
          UnknownAlgorithmException.in(e)
              .map(unknown -> new PemException("a key of it " + unknown.getMessage() + ANEW, e))
              .orElse(authentic ? null : new PemException(WRONG_OR_DAMAGED, e));
      isUnreadable = true;
      return null;
    }
  }

  private static ContentInfo data(ASN1Encodable content) throws IOException {
    return new ContentInfo(
        PKCSObjectIdentifiers.data, new DEROctetString(content.toASN1Primitive().getEncoded()));
  }

  /** The store cannot be opened with this encoding of the password. */
  private static final class UnfitException extends Exception {
    private static final long serialVersionUID = 1L;

    UnfitException(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }
}
