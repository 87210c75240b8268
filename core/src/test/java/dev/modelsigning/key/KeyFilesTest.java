package dev.modelsigning.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.internal.keyfile.KeyFile;
import dev.modelsigning.internal.keyfile.PublicKeyFile;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signing.UnusableTrustException;
import dev.modelsigning.signingkey.EcdsaScheme;
import dev.modelsigning.signingkey.SecretSource;
import dev.modelsigning.testing.SharedVectors;
import dev.modelsigning.testing.TestKeys;
import dev.modelsigning.testing.WithSharedVectors;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.List;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PKCS8Generator;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8EncryptorBuilder;
import org.bouncycastle.openssl.jcajce.JcePEMEncryptorBuilder;
import org.bouncycastle.util.io.pem.PemObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyFilesTest {

  private static final String PASSWORD = "correct horse";

  @TempDir Path directory;

  private Path file(String content) throws IOException {
    Path file = Files.createTempFile(directory, "key", ".pem");
    return Files.writeString(file, content);
  }

  private static String pem(Object content) throws IOException {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      writer.writeObject(content);
    }
    return text.toString();
  }

  private void loads(Path file, TestKeys keys) throws Exception {
    KeySigner signer = KeySigner.load(file, PASSWORD.toCharArray());
    assertThat(signer.publicKey()).isEqualTo(TestKeys.verifying(keys.publicKey()));
    assertThat(signer.publicKey().scheme()).isEqualTo(keys.algorithm());
  }

  @ParameterizedTest
  @MethodSource("dev.modelsigning.signingkey.EcdsaScheme#values")
  void loadsEveryFormOfAPrivateKey(EcdsaScheme algorithm) throws Exception {
    TestKeys keys = TestKeys.generate(algorithm);
    String sec1 = pem(sec1(keys));
    assertThat(sec1).startsWith("-----BEGIN EC PRIVATE KEY-----");
    loads(file(sec1), keys);
    loads(file("some text before\nand more\n" + sec1), keys);
    loads(file(sec1.replace("\n", "\r\n")), keys);
    loads(file(pem(new JcaPKCS8Generator(keys.privateKey(), null))), keys);
    String encryptedSec1 = encryptedSec1(keys);
    assertThat(encryptedSec1).contains("ENCRYPTED", "BEGIN EC PRIVATE KEY");
    loads(file(encryptedSec1), keys);
  }

  /** The form that names the curve inside the key, as openssl writes it. */
  private static PemObject sec1(TestKeys keys) throws IOException {
    PrivateKeyInfo info = PrivateKeyInfo.getInstance(keys.privateKey().getEncoded());
    ECPrivateKey bare = ECPrivateKey.getInstance(info.parsePrivateKey());
    ECPrivateKey full =
        new ECPrivateKey(
            keys.algorithm().parameters().getOrder().bitLength(),
            bare.getKey(),
            SubjectPublicKeyInfo.getInstance(keys.publicKey().getEncoded()).getPublicKeyData(),
            info.getPrivateKeyAlgorithm().getParameters());
    return new PemObject("EC PRIVATE KEY", full.getEncoded());
  }

  private static String encryptedSec1(TestKeys keys) throws Exception {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      writer.writeObject(
          KeyFactory.getInstance("EC", new BouncyCastleProvider())
              .generatePrivate(new PKCS8EncodedKeySpec(keys.privateKey().getEncoded())),
          new JcePEMEncryptorBuilder("AES-256-CBC")
              .setProvider(new BouncyCastleProvider())
              .build(PASSWORD.toCharArray()));
    }
    return text.toString();
  }

  @ParameterizedTest
  @CsvSource({"AES_256_CBC", "AES_128_CBC", "DES3_CBC", "PBE_SHA1_3DES"})
  void loadsPkcs8EncryptedInEveryUsualWay(String scheme) throws Exception {
    TestKeys keys = TestKeys.generate();
    ASN1ObjectIdentifier id =
        (ASN1ObjectIdentifier) PKCS8Generator.class.getField(scheme).get(null);
    Path file =
        file(
            pem(
                new JcaPKCS8Generator(
                    keys.privateKey(),
                    new JceOpenSSLPKCS8EncryptorBuilder(id)
                        .setProvider(new BouncyCastleProvider())
                        .setPassword(PASSWORD.toCharArray())
                        .build())));
    loads(file, keys);
    assertThatThrownBy(() -> KeySigner.load(file))
        .isInstanceOf(SigningException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("encrypted");
    assertThatThrownBy(() -> KeySigner.load(file, "wrong".toCharArray()))
        .isInstanceOf(SigningException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("password is wrong")
        .hasMessageNotContaining("wrong horse");
  }

  @Test
  void asksForAPasswordOnlyIfTheKeyIsEncrypted() throws Exception {
    Path file = file(pem(sec1(TestKeys.generate())));
    KeySigner.load(
        file,
        request -> {
          throw new AssertionError("asked for a password");
        });
  }

  @Test
  void passesOverTheParametersThatOpensslWritesBeforeAKey() throws Exception {
    TestKeys keys = TestKeys.generate();
    String parameters =
        "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n";
    loads(file(parameters + pem(sec1(keys))), keys);
  }

  @Test
  @WithSharedVectors
  void loadsKeysThatHaveTextBeforeThem() throws Exception {
    KeySigner signer = KeySigner.load(SharedVectors.path("historical/keys/signing-key.pem"));
    assertThat(signer.publicKey().fingerprint())
        .isEqualTo("e8450dec4eb99dae995da9af1bc2cc9f76ed669ee2e744f57abba763df3e3f8e");
    assertThat(PublicKeyFile.read(SharedVectors.path("historical/keys/signing-key-pub.pem")))
        .isEqualTo(signer.publicKey());
  }

  @ParameterizedTest
  @MethodSource("dev.modelsigning.signingkey.EcdsaScheme#values")
  void computesThePublicKeyOfAPrivateKeyThatCarriesNone(EcdsaScheme algorithm) throws Exception {
    TestKeys keys = TestKeys.generate(algorithm);
    PrivateKeyInfo info = PrivateKeyInfo.getInstance(keys.privateKey().getEncoded());
    ECPrivateKey full = ECPrivateKey.getInstance(info.parsePrivateKey());
    PrivateKeyInfo bare =
        new PrivateKeyInfo(
            info.getPrivateKeyAlgorithm(),
            new ECPrivateKey(algorithm.parameters().getOrder().bitLength(), full.getKey()));
    loads(file(pem(new PemObject("PRIVATE KEY", bare.getEncoded()))), keys);
  }

  @Test
  void refusesAPrivateKeyThatCarriesThePublicKeyOfAnother() throws Exception {
    TestKeys keys = TestKeys.generate();
    byte[] other =
        SubjectPublicKeyInfo.getInstance(TestKeys.generate().publicKey().getEncoded())
            .getPublicKeyData()
            .getOctets();
    PrivateKeyInfo info = PrivateKeyInfo.getInstance(keys.privateKey().getEncoded());
    BigInteger scalar = ECPrivateKey.getInstance(info.parsePrivateKey()).getKey();
    PrivateKeyInfo mixed =
        new PrivateKeyInfo(
            info.getPrivateKeyAlgorithm(),
            new ECPrivateKey(256, scalar, new DERBitString(other), null));
    refusesPrivate(pem(new PemObject("PRIVATE KEY", mixed.getEncoded())), "not its own");
    PrivateKeyInfo empty =
        new PrivateKeyInfo(
            info.getPrivateKeyAlgorithm(),
            new ECPrivateKey(256, scalar, new DERBitString(new byte[0]), null));
    refusesPrivate(pem(new PemObject("PRIVATE KEY", empty.getEncoded())), "no point of its curve");
  }

  @Test
  void refusesAPrivateKeyOutOfRange() throws Exception {
    BigInteger order = EcdsaScheme.P256.parameters().getOrder();
    AlgorithmIdentifier algorithm =
        PrivateKeyInfo.getInstance(TestKeys.generate().privateKey().getEncoded())
            .getPrivateKeyAlgorithm();
    for (BigInteger scalar : new BigInteger[] {BigInteger.ZERO, order}) {
      PrivateKeyInfo info = new PrivateKeyInfo(algorithm, new ECPrivateKey(256, scalar));
      refusesPrivate(pem(new PemObject("PRIVATE KEY", info.getEncoded())), "range");
    }
  }

  private void refusesPrivate(String content, String reason) throws IOException {
    Path file = file(content);
    assertThatThrownBy(() -> KeySigner.load(file, PASSWORD.toCharArray()))
        .isInstanceOf(SigningException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining(reason);
  }

  private static final String MAKES_ONE =
      " (OMS 4.2); 'model-signing generate-key' makes a key pair";

  private void refusesPublic(String content, String reason) throws IOException {
    Path file = file(content);
    assertThatThrownBy(() -> KeyVerifier.load(file))
        .isInstanceOf(UnusableTrustException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining(reason);
  }

  @Test
  void refusesKeysOfOtherKindsAndCurvesAndNamesThem() throws Exception {
    KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
    rsa.initialize(2048);
    KeyPair rsaPair = rsa.generateKeyPair();
    refusesPrivate(pem(rsaPair.getPrivate()), "RSA");
    refusesPrivate(pem(new JcaPKCS8Generator(rsaPair.getPrivate(), null)), "RSA");
    refusesPublic(pem(rsaPair.getPublic()), "RSA");
    KeyPairGenerator ec = KeyPairGenerator.getInstance("EC", new BouncyCastleProvider());
    ec.initialize(new ECGenParameterSpec("secp256k1"));
    KeyPair koblitz = ec.generateKeyPair();
    refusesPrivate(pem(koblitz.getPrivate()), "secp256k1");
    refusesPublic(pem(koblitz.getPublic()), "secp256k1");
    KeyPair edwards = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    refusesPrivate(
        pem(new PemObject("PRIVATE KEY", edwards.getPrivate().getEncoded())),
        "this is a key for Ed25519" + MAKES_ONE);
    refusesPublic(
        pem(new PemObject("PUBLIC KEY", edwards.getPublic().getEncoded())),
        "this is a key for Ed25519" + MAKES_ONE);
    KeyPair agreement = KeyPairGenerator.getInstance("X25519").generateKeyPair();
    refusesPublic(
        pem(new PemObject("PUBLIC KEY", agreement.getPublic().getEncoded())),
        "this is a key for X25519" + MAKES_ONE);
    refusesPrivate(pem(rsaPair.getPrivate()), "this is a key for RSA" + MAKES_ONE);
    refusesPublic(pem(koblitz.getPublic()), "secp256k1" + MAKES_ONE);
  }

  /** Public keys by ssh-keygen, of which one kind can be converted. */
  @Test
  void saysHowToConvertAPublicKeyOfOpenSsh() throws Exception {
    for (String key :
        List.of(
            "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAI me@here\n",
            "ecdsa-sha2-nistp521 AAAAE2VjZHNhLXNoYTItbmlzdHA1MjEAAAAI\n",
            "---- BEGIN SSH2 PUBLIC KEY ----\nAAAA\n---- END SSH2 PUBLIC KEY ----\n")) {
      refusesPublic(key, "convert it, for example with 'ssh-keygen -e -m PKCS8 -f KEY > COPY'");
    }
    for (String key :
        List.of(
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI me@here\n",
            "ssh-rsa AAAAB3NzaC1yc2E me@here\n",
            "sk-ecdsa-sha2-nistp256@openssh.com AAAA me@here\n")) {
      refusesPublic(key, "this is an OpenSSH key of another kind" + MAKES_ONE);
    }
  }

  @Test
  void saysThatASignatureIsNoPublicKey() throws Exception {
    refusesPublic(
        "{\"mediaType\":\"application/vnd.dev.sigstore.bundle.v0.3+json\"}",
        "is JSON, as signatures are, expected a PEM block '-----BEGIN PUBLIC KEY-----'; are"
            + " signature and public key exchanged?");
  }

  @Test
  void refusesThePrivateKeyInPlaceOfThePublicOneAndTheOtherWayRound() throws Exception {
    TestKeys keys = TestKeys.generate();
    refusesPublic(pem(keys.privateKey()), "holds a private key");
    refusesPublic(pem(new JcaPKCS8Generator(keys.privateKey(), null)), "holds a private key");
    refusesPrivate(TestKeys.pem(keys.publicKey()), "holds a public key");
  }

  @Test
  @WithSharedVectors
  void refusesACertificateInPlaceOfAKey() throws Exception {
    String certificate =
        Files.readString(SharedVectors.path("historical/keys/signing-key-cert.pem"));
    refusesPublic(certificate, "holds a certificate");
    refusesPrivate(certificate, "holds a certificate");
  }

  @Test
  void refusesTwoKeysInOneFileWhereOneIsMeant() throws Exception {
    TestKeys keys = TestKeys.generate();
    String publicKey = TestKeys.pem(keys.publicKey());
    // Several may be given to verify with (SeveralKeysTest), but not where the file is the key.
    Path file = file(publicKey + publicKey);
    assertThatThrownBy(() -> KeyFile.publicKey(file, SecretSource.NONE))
        .isInstanceOf(UnusableTrustException.class)
        .hasMessageContaining(file + ": holds 2 public keys, expected one");
    String privateKey = pem(keys.privateKey());
    refusesPrivate(privateKey + privateKey, "2 private keys");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "no key", "BEGIN", "BEGIN!!!!END", "BEGINAAAAEND", "BEGINEND"})
  void refusesWhatIsNoKey(String sketch) throws IOException {
    for (String type : new String[] {"PUBLIC", "PRIVATE", "EC PRIVATE", "ENCRYPTED PRIVATE"}) {
      String content =
          sketch
              .replace("BEGIN", "-----BEGIN " + type + " KEY-----\n")
              .replace("END", "\n-----END " + type + " KEY-----\n");
      refusesPublic(content, "key");
      refusesPrivate(content, "key");
    }
  }

  @Test
  void refusesAFileThatIsTooLargeForAKey() throws IOException {
    Path file = directory.resolve("large");
    Files.write(file, new byte[2 * 1024 * 1024]);
    assertThatThrownBy(() -> KeyVerifier.load(file))
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining("large");
  }

  @Test
  void refusesAPointThatIsNotOnTheCurve() throws Exception {
    TestKeys keys = TestKeys.generate();
    byte[] der = keys.publicKey().getEncoded();
    der[der.length - 1] ^= 1;
    refusesPublic(pem(new PemObject("PUBLIC KEY", der)), "no point of its curve");
  }

  @Test
  void refusesAKeyWithoutAPoint() throws Exception {
    SubjectPublicKeyInfo info =
        SubjectPublicKeyInfo.getInstance(TestKeys.generate().publicKey().getEncoded());
    byte[] empty = new SubjectPublicKeyInfo(info.getAlgorithm(), new byte[0]).getEncoded();
    refusesPublic(pem(new PemObject("PUBLIC KEY", empty)), "no point of its curve");
    byte[] infinity = new SubjectPublicKeyInfo(info.getAlgorithm(), new byte[1]).getEncoded();
    refusesPublic(pem(new PemObject("PUBLIC KEY", infinity)), "no point of its curve");
  }

  @ParameterizedTest
  @MethodSource("dev.modelsigning.signingkey.EcdsaScheme#values")
  void takesACompressedPointForTheSameKey(EcdsaScheme algorithm) throws Exception {
    TestKeys keys = TestKeys.generate(algorithm);
    SubjectPublicKeyInfo info = SubjectPublicKeyInfo.getInstance(keys.publicKey().getEncoded());
    ASN1ObjectIdentifier curve = (ASN1ObjectIdentifier) info.getAlgorithm().getParameters();
    byte[] compressed =
        CustomNamedCurves.getByOID(curve)
            .getCurve()
            .decodePoint(info.getPublicKeyData().getOctets())
            .getEncoded(true);
    SubjectPublicKeyInfo small =
        new SubjectPublicKeyInfo(
            new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, curve), compressed);
    Path file = file(pem(new PemObject("PUBLIC KEY", small.getEncoded())));
    assertThat(PublicKeyFile.read(file).fingerprint())
        .isEqualTo(TestKeys.fingerprint(keys.publicKey()));
  }

  @ParameterizedTest
  @MethodSource("dev.modelsigning.signingkey.EcdsaScheme#values")
  void generatesKeysThatBelongTogetherAndKeepsThePrivateOnePrivate(EcdsaScheme algorithm)
      throws Exception {
    Path privateKey = directory.resolve("k.pem");
    Path publicKey = directory.resolve("k.pub");
    KeyPairFiles.generate(algorithm, privateKey, publicKey);
    KeySigner signer = KeySigner.load(privateKey);
    assertThat(signer.publicKey().scheme()).isEqualTo(algorithm);
    assertThat(PublicKeyFile.read(publicKey)).isEqualTo(signer.publicKey());
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(privateKey)))
        .isEqualTo("rw-------");
    assertThatThrownBy(() -> KeyPairFiles.generate(algorithm, privateKey, publicKey))
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining("not replaced");
  }
}
