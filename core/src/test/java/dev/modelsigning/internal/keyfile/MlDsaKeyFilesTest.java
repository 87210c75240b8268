package dev.modelsigning.internal.keyfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.internal.keypair.LocalKeyPair;
import dev.modelsigning.key.KeyPairFiles;
import dev.modelsigning.key.KeySigner;
import dev.modelsigning.key.KeyVerifier;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signing.UnusableTrustException;
import dev.modelsigning.signingkey.MlDsaScheme;
import dev.modelsigning.signingkey.SecretSource;
import dev.modelsigning.signingkey.VerifyingKey;
import dev.modelsigning.testing.MlDsaKeys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files with keys for ML-DSA, as others write them, and as nobody should. */
class MlDsaKeyFilesTest {

  private static final MlDsaScheme SCHEME = MlDsaScheme.ML_DSA_44;
  private static final MlDsaKeys KEYS = MlDsaKeys.of(SCHEME, 42);
  private static final Bytes MESSAGE = Bytes.of("message".getBytes(StandardCharsets.US_ASCII));

  @TempDir private Path directory;

  private Path file(String content) throws IOException {
    return Files.writeString(Files.createTempFile(directory, "key", ".pem"), content);
  }

  private Path privateFile(byte[] pkcs8) throws IOException {
    return file(MlDsaKeys.pem("PRIVATE KEY", pkcs8));
  }

  private static VerifyingKey key(MlDsaKeys keys) throws Exception {
    return keys.scheme().rawPublicKey(Bytes.of(keys.key().getPublicKey()));
  }

  private void requireRead(MlDsaKeys keys, byte[] pkcs8) throws Exception {
    LocalKeyPair read = PrivateKeyFile.readAny(privateFile(pkcs8), SecretSource.NONE);

    assertThat(read.verifyingKey()).isEqualTo(key(keys));
    read.verifyingKey().verify(MESSAGE, read.sign(MESSAGE));
  }

  private void requireRefused(byte[] pkcs8, String... parts) throws Exception {
    assertThatThrownBy(() -> PrivateKeyFile.readAny(privateFile(pkcs8), SecretSource.NONE))
        .isInstanceOf(SigningException.class)
        .hasMessageContainingAll(parts);
  }

  /** Python's cryptography 50 writes the seed, JDK 25 the expanded key: by SHA-256 of theirs. */
  @ParameterizedTest
  @CsvSource({
    "ML-DSA-44, e1ab3a631a61548583d2192d52b040f0de6e3812784c98dd91c2d84ef077e0c4,"
        + " 13a5cba1021e27e0beaf256ec97e0a30b1972a5e8e294b42f58d7ac8a816cd51",
    "ML-DSA-65, 0c201e69983bfa3fcdda5ac2d3a988b3584ad5287b76ba8f45a14f2d2b940136,"
        + " 873b00ee3bb48d29edb71db5e36f58a0d48f52fc6c05f3b861e62e716d324829",
    "ML-DSA-87, 7310f220e6030650a993b05602c5dc457824a6a4c7d8ecf75647565e01383f10,"
        + " fabb30b914c4d4bc58a5085f5d77127f27789ce76839fc7502227aaef001d883"
  })
  void areReadAsOthersWriteThem(String name, String python, String jdk) throws Exception {
    MlDsaKeys keys = MlDsaKeys.of(MlDsaScheme.named(name).orElseThrow(), 42);
    byte[] seed = keys.pkcs8(keys.seedForm());
    byte[] expanded = keys.pkcs8(MlDsaKeys.expandedForm(keys.expanded()));

    assertThat(sha256(seed)).isEqualTo(python);
    assertThat(sha256(expanded)).isEqualTo(jdk);
    requireRead(keys, seed);
    requireRead(keys, expanded);
    requireRead(keys, keys.pkcs8(keys.bothForm(keys.expanded())));
  }

  private static String sha256(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  @Test
  void areRefusedIfSeedAndExpandedKeyContradictEachOther() throws Exception {
    byte[] other = MlDsaKeys.of(SCHEME, 43).expanded();
    byte[] otherSecret = KEYS.expanded();
    otherSecret[40] ^= 1;

    // Both are complete keys; whoever reads only one half sees nothing wrong.
    requireRefused(KEYS.pkcs8(KEYS.bothForm(other)), "contradict each other");
    requireRefused(KEYS.pkcs8(KEYS.bothForm(otherSecret)), "contradict each other");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 31, 33})
  void areRefusedWithSeedsOfOtherLengths(int length) throws Exception {
    MlDsaKeys wrong = new MlDsaKeys(SCHEME, new byte[length]);

    requireRefused(KEYS.pkcs8(wrong.seedForm()), "expected a seed of 32 bytes", "found " + length);
    requireRefused(KEYS.pkcs8(wrong.bothForm(KEYS.expanded())), "expected a seed of 32 bytes");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 32, 2559, 2561, 4032})
  void areRefusedWithExpandedKeysOfOtherLengths(int length) throws Exception {
    byte[] wrong = Arrays.copyOf(KEYS.expanded(), length);

    for (ASN1Encodable form :
        new ASN1Encodable[] {MlDsaKeys.expandedForm(wrong), KEYS.bothForm(wrong)}) {
      requireRefused(KEYS.pkcs8(form), "expected an expanded key of 2560 bytes", "found " + length);
    }
  }

  /** One bit in rho, in the hash of the public key and in s1. */
  @ParameterizedTest
  @ValueSource(ints = {0, 70, 130})
  void areRefusedIfPartsOfAnExpandedKeyDoNotBelongTogether(int at) throws Exception {
    byte[] changed = KEYS.expanded();
    changed[at] ^= 1;

    requireRefused(KEYS.pkcs8(MlDsaKeys.expandedForm(changed)), "its parts do not belong together");
  }

  /** The low bits of t are not in the hash, so only a signature shows that they are wrong. */
  @Test
  void areRefusedIfAnExpandedKeySignsWrongly() throws Exception {
    byte[] changed = KEYS.expanded();
    Arrays.fill(changed, changed.length - 4 * 416, changed.length, (byte) 0);

    requireRefused(KEYS.pkcs8(MlDsaKeys.expandedForm(changed)), "makes no valid signatures");
  }

  @Test
  void areRefusedInFormsThatRfc9881DoesNotHave() throws Exception {
    // Bouncy Castle 1.78 and earlier wrote the key itself; then other tags, and BER.
    byte[] raw = KEYS.expanded();
    AlgorithmIdentifier algorithm = new AlgorithmIdentifier(MlDsaKeys.identifier(SCHEME));
    byte[] good = KEYS.pkcs8(KEYS.seedForm());
    byte[] withRaw = good.clone();
    withRaw[20] = 0x04; // the seed as if it were an expanded key

    requireRefused(withRaw, "expected an expanded key of 2560 bytes");
    requireRefused(
        KEYS.pkcs8(new DERTaggedObject(false, 1, new DEROctetString(KEYS.seed()))),
        "the private key is damaged");
    requireRefused(
        KEYS.pkcs8(new DERTaggedObject(true, 0, new DEROctetString(KEYS.seed()))),
        "the private key is damaged");
    requireRefused(
        new PrivateKeyInfo(
                new AlgorithmIdentifier(algorithm.getAlgorithm(), DERNull.INSTANCE),
                KEYS.seedForm())
            .getEncoded(),
        "without parameters");
    requireRefused(
        new PrivateKeyInfo(
                algorithm, KEYS.seedForm(), null, MlDsaKeys.of(SCHEME, 43).key().getPublicKey())
            .getEncoded(),
        "a public key that is not its own");
    requireRead(
        KEYS,
        new PrivateKeyInfo(algorithm, KEYS.seedForm(), null, KEYS.key().getPublicKey())
            .getEncoded());
    assertThat(raw).hasSize(2560);
  }

  @Test
  void areWrittenAsSeedsAndEncryptedIfAsked() throws Exception {
    Path plain = directory.resolve("plain.pem");
    Path secret = directory.resolve("secret.pem");
    VerifyingKey first = KeyPairFiles.generate(SCHEME, plain, directory.resolve("plain.pub"));
    VerifyingKey second =
        KeyPairFiles.generate(
            SCHEME, secret, directory.resolve("secret.pub"), "correct horse".toCharArray());
    byte[] der =
        Base64.getMimeDecoder().decode(Files.readString(plain).replaceAll("-----[A-Z ]+-----", ""));

    assertThat(der).hasSize(54);
    assertThat(PrivateKeyFile.readAny(plain, SecretSource.NONE).verifyingKey()).isEqualTo(first);
    assertThat(PublicKeyFile.readAny(directory.resolve("plain.pub"))).isEqualTo(first);
    assertThat(Files.readString(secret)).startsWith("-----BEGIN ENCRYPTED PRIVATE KEY-----");
    assertThat(
            PrivateKeyFile.readAny(secret, SecretSource.of("correct horse".toCharArray()))
                .verifyingKey())
        .isEqualTo(second);
    assertThatThrownBy(() -> PrivateKeyFile.readAny(secret, SecretSource.of("wrong".toCharArray())))
        .isInstanceOf(SigningException.class);
    assertThatThrownBy(() ->
            KeyPairFiles.generate(
                SCHEME, directory.resolve("a"), directory.resolve("b"), new char[0]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void areRefusedWhereOnlyKeysOfOmsAreUsed() throws Exception {
    Path privateFile = file(KEYS.privatePem());
    Path publicFile = file(key(KEYS).pem());

    assertThatThrownBy(() -> KeySigner.load(privateFile))
        .isInstanceOf(SigningException.class)
        .hasMessageContainingAll("this is a key for ML-DSA-44", "--beyond-oms");
    assertThatThrownBy(() -> KeyVerifier.load(publicFile))
        .isInstanceOf(UnusableTrustException.class)
        .hasMessageContainingAll("this is a key for ML-DSA-44", "--beyond-oms");
  }

  @Test
  void ofPublicKeysHaveASingleEncoding() throws Exception {
    byte[] good = key(KEYS).publicKey().getEncoded();
    byte[] longer = Arrays.copyOf(good, good.length + 1);
    byte[] withNull =
        new SubjectPublicKeyInfo(
                new AlgorithmIdentifier(MlDsaKeys.identifier(SCHEME), DERNull.INSTANCE),
                KEYS.key().getPublicKey())
            .getEncoded();
    byte[] shorter =
        new SubjectPublicKeyInfo(
                new AlgorithmIdentifier(MlDsaKeys.identifier(SCHEME)),
                Arrays.copyOf(KEYS.key().getPublicKey(), 1311))
            .getEncoded();

    for (byte[] other : new byte[][] {longer, withNull, shorter}) {
      assertThatThrownBy(() -> PublicKeyFile.readAny(file(MlDsaKeys.pem("PUBLIC KEY", other))))
          .isInstanceOf(UnusableTrustException.class)
          .hasMessageContaining("key");
    }
  }

  /** Names of algorithms that are near, and of others. */
  enum Other {
    HASH_ML_DSA("2.16.840.1.101.3.4.3.33", "HashML-DSA"),
    SLH_DSA("2.16.840.1.101.3.4.3.20", "SLH-DSA"),
    HASH_SLH_DSA("2.16.840.1.101.3.4.3.35", "HashSLH-DSA"),
    ED25519("1.3.101.112", "Ed25519"),
    RSA("1.2.840.113549.1.1.1", "RSA"),
    DILITHIUM("1.3.6.1.4.1.2.267.12.6.5", "the algorithm 1.3.6.1.4.1.2.267.12.6.5");

    private final String identifier;
    private final String words;

    Other(String identifier, String words) {
      this.identifier = identifier;
      this.words = words;
    }
  }

  @ParameterizedTest
  @EnumSource
  void ofOtherAlgorithmsAreRefusedByName(Other other) throws Exception {
    AlgorithmIdentifier algorithm =
        new AlgorithmIdentifier(new ASN1ObjectIdentifier(other.identifier));
    byte[] pkcs8 = new PrivateKeyInfo(algorithm, KEYS.seedForm()).getEncoded();
    byte[] spki = new SubjectPublicKeyInfo(algorithm, KEYS.key().getPublicKey()).getEncoded();

    requireRefused(pkcs8, "this is a key for " + other.words);
    assertThatThrownBy(() -> PublicKeyFile.readAny(file(MlDsaKeys.pem("PUBLIC KEY", spki))))
        .isInstanceOf(UnusableTrustException.class)
        .hasMessageContaining("this is a key for " + other.words);
  }
}
