package dev.modelsigning.internal.keyfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signingkey.SecretSource;
import dev.modelsigning.testing.TestCertificate;
import dev.modelsigning.testing.TestKeys;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Arrays;
import java.util.Base64;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.BERSequence;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.misc.MiscObjectIdentifiers;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.AuthenticatedSafe;
import org.bouncycastle.asn1.pkcs.ContentInfo;
import org.bouncycastle.asn1.pkcs.EncryptedData;
import org.bouncycastle.asn1.pkcs.EncryptedPrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.MacData;
import org.bouncycastle.asn1.pkcs.PBKDF2Params;
import org.bouncycastle.asn1.pkcs.PBMAC1Params;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.Pfx;
import org.bouncycastle.asn1.pkcs.SafeBag;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.DigestInfo;
import org.bouncycastle.crypto.util.PBKDF2Config;
import org.bouncycastle.crypto.util.PBKDFConfig;
import org.bouncycastle.crypto.util.ScryptConfig;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.pkcs.PKCS12PfxPduBuilder;
import org.bouncycastle.pkcs.PKCS12SafeBag;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfoBuilder;
import org.bouncycastle.pkcs.jcajce.JcePKCSPBEOutputEncryptorBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A file cannot make its reader derive keys for hours, or use gigabytes of memory. */
@Timeout(60)
class KeyDerivationTest {

  private static final char[] PASSWORD = "correct horse".toCharArray();
  private static final byte[] SALT = new byte[16];
  private static final int TOO_MANY = 10_000_001;

  private static final SecretSource NOT_ASKED =
      request -> {
        throw new AssertionError("asked for the password");
      };

  @TempDir Path directory;

  private static AlgorithmIdentifier pbkdf2(int iterations) {
    return new AlgorithmIdentifier(
        PKCSObjectIdentifiers.id_PBKDF2, new PBKDF2Params(SALT, iterations));
  }

  private static AlgorithmIdentifier scrypt(long n, long r, long p) {
    return new AlgorithmIdentifier(
        MiscObjectIdentifiers.id_scrypt,
        new DERSequence(
            new ASN1Encodable[] {
              new DEROctetString(SALT),
              new ASN1Integer(BigInteger.valueOf(n)),
              new ASN1Integer(BigInteger.valueOf(r)),
              new ASN1Integer(BigInteger.valueOf(p))
            }));
  }

  private static AlgorithmIdentifier pbes2(AlgorithmIdentifier function) {
    return new AlgorithmIdentifier(
        PKCSObjectIdentifiers.id_PBES2,
        new DERSequence(
            new ASN1Encodable[] {
              function,
              new AlgorithmIdentifier(
                  NISTObjectIdentifiers.id_aes256_CBC, new DEROctetString(new byte[16]))
            }));
  }

  private static AlgorithmIdentifier pbes1(ASN1ObjectIdentifier id, BigInteger iterations) {
    return new AlgorithmIdentifier(
        id,
        new DERSequence(
            new ASN1Encodable[] {new DEROctetString(new byte[8]), new ASN1Integer(iterations)}));
  }

  static Stream<Arguments> tooExpensive() {
    BigInteger many = BigInteger.valueOf(TOO_MANY);
    return Stream.of(
        Arguments.of("10000001 iterations of PBKDF2", pbes2(pbkdf2(TOO_MANY))),
        Arguments.of("2147483647 iterations of PBKDF2", pbes2(pbkdf2(Integer.MAX_VALUE))),
        Arguments.of(
            "a derived key of 2000000000 bytes",
            pbes2(
                new AlgorithmIdentifier(
                    PKCSObjectIdentifiers.id_PBKDF2, new PBKDF2Params(SALT, 1, 2_000_000_000)))),
        Arguments.of("512 MiB of memory", pbes2(scrypt(1 << 19, 8, 1))),
        Arguments.of("1048576 MiB of memory", pbes2(scrypt(2, 1L << 32, 1))),
        Arguments.of("2048 MiB of memory to go through", pbes2(scrypt(1 << 14, 8, 128))),
        Arguments.of("more than 2^63 MiB", pbes2(scrypt(1L << 62, 1L << 40, 1L << 40))),
        Arguments.of("parameters of scrypt are wrong", pbes2(scrypt(3, 8, 1))),
        Arguments.of("parameters of scrypt are wrong", pbes2(scrypt(-4, 8, 1))),
        Arguments.of(
            "10000001 iterations of PBES1",
            pbes1(PKCSObjectIdentifiers.pbeWithMD5AndDES_CBC, many)),
        Arguments.of(
            "10000001 iterations of PBES1",
            pbes1(PKCSObjectIdentifiers.pbeWithSHA1AndRC2_CBC, many)),
        Arguments.of(
            "10000001 iterations of PKCS #12",
            pbes1(PKCSObjectIdentifiers.pbeWithSHAAnd3_KeyTripleDES_CBC, many)),
        Arguments.of(
            "more than 2^63 iterations",
            pbes1(PKCSObjectIdentifiers.pbeWithSHAAnd128BitRC4, BigInteger.ONE.shiftLeft(1000))),
        Arguments.of(
            "0 iterations", pbes1(PKCSObjectIdentifiers.pbeWithMD5AndDES_CBC, BigInteger.ZERO)),
        Arguments.of(
            "in an unusual way", new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption)),
        Arguments.of(
            "in an unusual way",
            pbes2(new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption))),
        Arguments.of(
            "parameters of its encryption are damaged",
            new AlgorithmIdentifier(PKCSObjectIdentifiers.id_PBES2, DERNull.INSTANCE)),
        Arguments.of(
            "parameters of its encryption are damaged",
            new AlgorithmIdentifier(PKCSObjectIdentifiers.pbeWithMD5AndDES_CBC)));
  }

  private Path pem(EncryptedPrivateKeyInfo key) throws Exception {
    return Files.writeString(
        directory.resolve("key.pem"),
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
            + Base64.getMimeEncoder().encodeToString(key.getEncoded())
            + "\n-----END ENCRYPTED PRIVATE KEY-----\n");
  }

  @ParameterizedTest
  @MethodSource("tooExpensive")
  void refusesAKeyBeforeItAsksForThePassword(String message, AlgorithmIdentifier algorithm)
      throws Exception {
    Path file = pem(new EncryptedPrivateKeyInfo(algorithm, new byte[64]));
    assertThatThrownBy(() -> PrivateKeyFile.read(file, NOT_ASKED))
        .isInstanceOf(SigningException.class)
        .hasMessageStartingWith(file + ": ")
        .hasMessageContaining(message);
  }

  private static ContentInfo data(ASN1Encodable content) throws Exception {
    return new ContentInfo(
        PKCSObjectIdentifiers.data, new DEROctetString(content.toASN1Primitive().getEncoded()));
  }

  private static ContentInfo safe(ContentInfo... safes) throws Exception {
    return data(new AuthenticatedSafe(safes));
  }

  private static MacData mac(int iterations) {
    return new MacData(
        new DigestInfo(new AlgorithmIdentifier(NISTObjectIdentifiers.id_sha256), new byte[32]),
        SALT,
        iterations);
  }

  private static ContentInfo encrypted(AlgorithmIdentifier algorithm) {
    return new ContentInfo(
        PKCSObjectIdentifiers.encryptedData,
        new EncryptedData(PKCSObjectIdentifiers.data, algorithm, new DEROctetString(new byte[64])));
  }

  private static SafeBag shrouded(AlgorithmIdentifier algorithm) {
    return new SafeBag(
        PKCSObjectIdentifiers.pkcs8ShroudedKeyBag,
        new EncryptedPrivateKeyInfo(algorithm, new byte[64]));
  }

  private static Pkcs12Store.Decrypted decrypted(SafeBag... bags) throws Exception {
    PKCS12SafeBag[] content = new PKCS12SafeBag[bags.length];
    for (int i = 0; i < bags.length; i++) {
      content[i] = new PKCS12SafeBag(bags[i]);
    }
    byte[] store =
        new PKCS12PfxPduBuilder()
            .addEncryptedData(
                new JcePKCSPBEOutputEncryptorBuilder(
                        PKCSObjectIdentifiers.pbeWithSHAAnd3_KeyTripleDES_CBC)
                    .setProvider(PasswordDecryption.PROVIDER)
                    .setIterationCount(1)
                    .build(PASSWORD),
                content)
            .build(null, PASSWORD)
            .getEncoded();
    return Pkcs12Store.decrypt(store, Pkcs12Bounds.require(store), PASSWORD);
  }

  /** An encrypted part cannot be examined in advance. */
  @Test
  void refusesAKeyThatIsHiddenInAnEncryptedPart() throws Exception {
    assertThat(decrypted(shrouded(pbes2(pbkdf2(Integer.MAX_VALUE)))).unreadableKey())
        .hasValueSatisfying(
            reason -> assertThat(reason).hasMessageContaining("2147483647 iterations of PBKDF2"));
  }

  /** All are decrypted, whichever is requested. Nothing is derived here, as the hash is unknown. */
  @Test
  void refusesKeysThatCostTooMuchTogether() throws Exception {
    AlgorithmIdentifier unknown =
        pbes2(
            new AlgorithmIdentifier(
                PKCSObjectIdentifiers.id_PBKDF2,
                new PBKDF2Params(
                    SALT, 4_000_000, 32, new AlgorithmIdentifier(PKCSObjectIdentifiers.data))));
    SafeBag key = shrouded(unknown);

    assertThat(decrypted(key, key).unreadableKey())
        .hasValueSatisfying(reason -> assertThat(reason).hasMessageContaining("not known here"));
    assertThat(decrypted(key, key, key).unreadableKey())
        .hasValueSatisfying(reason ->
            assertThat(reason).hasMessageContaining("12000001 iterations of all algorithms"));
  }

  @Test
  void countsScryptAsTheOthersThatTakeAsLong() throws Exception {
    ContentInfo[] safes = new ContentInfo[3];
    Arrays.fill(safes, encrypted(pbes2(scrypt(1 << 17, 8, 8))));

    assertThat(KeyDerivation.requireBounded(pbes2(scrypt(1 << 17, 8, 8))))
        .isBetween(4_900_000, 5_000_000);
    refusesStore(new Pfx(safe(safes), null).getEncoded(), "iterations of all algorithms");
  }

  private void refusesStore(byte[] content, String message) throws Exception {
    Path file = Files.write(directory.resolve("store"), content);
    assertThatThrownBy(() -> KeyStoreFile.read(file, null, NOT_ASKED))
        .isInstanceOf(SigningException.class)
        .hasMessageStartingWith(file + ": ")
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @MethodSource("tooExpensive")
  void refusesAKeyStoreBeforeItAsksForThePassword(String message, AlgorithmIdentifier algorithm)
      throws Exception {
    DERSequence bags = new DERSequence(shrouded(algorithm));
    SafeBag nested = new SafeBag(PKCSObjectIdentifiers.safeContentsBag, bags);
    for (ContentInfo safe :
        new ContentInfo[] {
          safe(encrypted(algorithm)),
          safe(encrypted(pbes2(pbkdf2(1))), data(bags)),
          safe(data(new DERSequence(nested)))
        }) {
      refusesStore(new Pfx(safe, mac(1)).getEncoded(), message);
    }
  }

  @Test
  void refusesAnExpensiveAuthenticationOfAKeyStore() throws Exception {
    refusesStore(new Pfx(safe(), mac(TOO_MANY)).getEncoded(), "10000001 iterations of PKCS #12");
    refusesStore(new Pfx(safe(), mac(5_000_001)).getEncoded(), "at most 5000000 in a key store");
    AlgorithmIdentifier pbmac1 =
        new AlgorithmIdentifier(
            PKCSObjectIdentifiers.id_PBMAC1,
            new PBMAC1Params(
                pbkdf2(TOO_MANY),
                new AlgorithmIdentifier(PKCSObjectIdentifiers.id_hmacWithSHA256)));
    MacData mac = new MacData(new DigestInfo(pbmac1, new byte[32]), SALT, 1);
    refusesStore(new Pfx(safe(), mac).getEncoded(), "10000001 iterations of PBKDF2");
  }

  @Test
  void addsUpWhatIsDerivedToOpenAKeyStore() throws Exception {
    ContentInfo[] safes = new ContentInfo[1000];
    Arrays.fill(safes, encrypted(pbes2(pbkdf2(1_000_000))));
    refusesStore(new Pfx(safe(safes), mac(1)).getEncoded(), "1000000001 iterations");
  }

  @Test
  void refusesOtherKeyStoresAndSaysWhatToDo() throws Exception {
    KeyStore store = KeyStore.getInstance("JCEKS");
    store.load(null, PASSWORD);
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    store.store(content, PASSWORD);
    refusesStore(content.toByteArray(), "is a key store of the kind JCEKS");
    refusesStore(new byte[0], "is empty");
    refusesStore(
        "-----BEGIN PRIVATE KEY-----".getBytes(StandardCharsets.US_ASCII), "is not a key store");
    byte[] deep = new byte[2_000_000];
    for (int i = 0; i < deep.length / 2; i++) {
      deep[2 * i] = 0x30;
      deep[2 * i + 1] = (byte) 0x80;
    }
    refusesStore(deep, "is not a key store");
    refusesStore(new BERSequence(new ASN1Integer(3)).getEncoded(), "is not a key store");
  }

  private byte[] store(String type) throws Exception {
    TestCertificate signer = TestCertificate.root("CN=Root").signer("CN=Signer");
    KeyStore store = KeyStore.getInstance(type);
    store.load(null, null);
    store.setKeyEntry(
        "key", signer.keys().getPrivate(), PASSWORD, new Certificate[] {signer.certificate()});
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    store.store(content, PASSWORD);
    return content.toByteArray();
  }

  @Test
  void refusesWhatStandsBehindAKeyStore() throws Exception {
    byte[] content = store("PKCS12");
    Path file = Files.write(directory.resolve("good"), content);
    assertThat(KeyStoreFile.read(file, null, SecretSource.of(PASSWORD)).chain()).hasSize(1);
    refusesStore(Arrays.copyOf(content, content.length + 1), "after the end of the key store");
  }

  @Test
  void endsInAnOrdinaryErrorWhereverAFileIsCutOrDamaged() throws Exception {
    for (String type : new String[] {"PKCS12", "JKS"}) {
      byte[] content = store(type);
      for (int length = 0; length < content.length; length += 47) {
        byte[] damaged = content.clone();
        damaged[length] ^= 0x55;
        for (byte[] each : new byte[][] {Arrays.copyOf(content, length), damaged}) {
          Path file = Files.write(directory.resolve("store"), each);
          Throwable failure =
              catchThrowable(() -> KeyStoreFile.read(file, null, SecretSource.of(PASSWORD)));
          if (failure != null) {
            assertThat(failure)
                .as("%s %s", type, length)
                .isInstanceOf(SigningException.class)
                .hasMessageStartingWith(file + ": ");
          }
        }
      }
    }
  }

  private Path encrypt(PBKDFConfig config) throws Exception {
    EncryptedPrivateKeyInfo key =
        new PKCS8EncryptedPrivateKeyInfoBuilder(TestKeys.generate().privateKey().getEncoded())
            .build(
                new JcePKCSPBEOutputEncryptorBuilder(config, NISTObjectIdentifiers.id_aes256_CBC)
                    .setProvider(new BouncyCastleProvider())
                    .build(PASSWORD))
            .toASN1Structure();
    return pem(key);
  }

  @Test
  void readsWhatIsUsualAndMore() throws Exception {
    PBKDFConfig iterated =
        new PBKDF2Config.Builder()
            .withPRF(PBKDF2Config.PRF_SHA256)
            .withIterationCount(1_000_000)
            .withSaltLength(16)
            .build();
    PBKDFConfig hard = new ScryptConfig.Builder(1 << 17, 8, 1).withSaltLength(16).build();
    for (PBKDFConfig config : new PBKDFConfig[] {iterated, hard}) {
      Path file = encrypt(config);
      assertThat(PrivateKeyFile.read(file, SecretSource.of(PASSWORD))).isNotNull();
      assertThatThrownBy(() -> PrivateKeyFile.read(file, SecretSource.of("wrong".toCharArray())))
          .isInstanceOf(SigningException.class)
          .hasMessageStartingWith(file + ": the password is wrong, or the private key is damaged");
    }
  }
}
