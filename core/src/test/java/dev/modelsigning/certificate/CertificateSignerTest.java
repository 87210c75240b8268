package dev.modelsigning.certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.ModelSigner;
import dev.modelsigning.ModelVerifier;
import dev.modelsigning.SignedModel;
import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.bundle.VerificationMaterial.X509CertificateChain;
import dev.modelsigning.finding.Finding;
import dev.modelsigning.finding.Rules;
import dev.modelsigning.signing.CertificateIdentity;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signingkey.SecretSource;
import dev.modelsigning.testing.Models;
import dev.modelsigning.testing.TestCertificate;
import java.io.OutputStream;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PKCS8Generator;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8EncryptorBuilder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The sources of key and certificates for a certificate signer, and what it refuses. */
class CertificateSignerTest {

  @TempDir Path directory;

  private final TestCertificate root = TestCertificate.root("CN=Root");
  private final TestCertificate middle = root.authority("CN=Issuing");
  private final TestCertificate leaf = middle.signer("CN=Signer");
  private Path model;
  private Path key;

  @BeforeEach
  void writeFiles() throws Exception {
    model = Models.write(directory.resolve("model"), "a", "alpha");
    key = leaf.writeKey(directory.resolve("key.pem"));
  }

  private Path certificates(String name, TestCertificate... certificates) throws Exception {
    return TestCertificate.write(directory.resolve(name), certificates);
  }

  private CertificateSigner load(Path certificate, Path... chain) throws Exception {
    return CertificateSigner.load(key, certificate, List.of(chain), SecretSource.NONE);
  }

  private static List<Bytes> chainOf(Bundle bundle) {
    return ((X509CertificateChain) bundle.verificationMaterial()).certificates();
  }

  private Path keyStore(String type, String password, TestCertificate... entries) throws Exception {
    KeyStore store = KeyStore.getInstance(type);
    store.load(null, null);
    int number = 0;
    for (TestCertificate entry : entries) {
      number++;
      Certificate[] chain = {entry.certificate(), middle.certificate(), root.certificate()};
      store.setKeyEntry("key" + number, entry.keys().getPrivate(), password.toCharArray(), chain);
    }
    store.setCertificateEntry("root", root.certificate());
    Path file = directory.resolve("store." + type);
    try (OutputStream out = Files.newOutputStream(file)) {
      store.store(out, password.toCharArray());
    }
    return file;
  }

  private static CertificateSigner fromStore(Path store, String alias, String password)
      throws Exception {
    return CertificateSigner.loadKeyStore(
        store, alias, List.of(), request -> password.toCharArray());
  }

  @Test
  void writesTheChainAsItWasGivenWithTheSignersCertificateFirst() throws Exception {
    Bundle bundle =
        ModelSigner.using(
                load(
                    certificates("leaf.pem", leaf),
                    certificates("middle.pem", middle),
                    certificates("root.pem", root)))
            .sign(model);
    assertThat(chainOf(bundle)).containsExactly(leaf.der(), middle.der(), root.der());
    assertThat(bundle.tlogEntries()).isEmpty();
    ModelVerifier.using(CertificateVerifier.trusting(List.of(root.certificate())))
        .verify(model, bundle);
  }

  @Test
  void takesSeveralCertificatesFromOneFileAndNoneTwice() throws Exception {
    Bundle bundle =
        ModelSigner.using(
                load(
                    certificates("full.pem", leaf, middle),
                    certificates("chain.pem", middle, root, leaf)))
            .sign(model);
    assertThat(chainOf(bundle)).containsExactly(leaf.der(), middle.der(), root.der());
  }

  private List<String> findings(TestCertificate... certificates) throws Exception {
    SignedModel signed =
        ModelSigner.using(load(certificates("given.pem", certificates)))
            .sign(model, directory.resolve("model.sig"));
    assertThat(signed.signature().findings())
        .allMatch(finding -> finding.rule().equals(Rules.CHAIN_INCOMPLETE));
    return signed.signature().findings().stream().map(Finding::message).toList();
  }

  @Test
  void saysWhoseCertificateVerifiersWillMiss() throws Exception {
    assertThat(findings(leaf))
        .singleElement(InstanceOfAssertFactories.STRING)
        .startsWith(
            "the chain ends at 'CN=Signer', and the certificate of its issuer 'CN=Issuing' is"
                + " not in it: ")
        .endsWith("add it with --certificate-chain");
    assertThat(findings(leaf, root))
        .singleElement(InstanceOfAssertFactories.STRING)
        .startsWith("the chain ends at 'CN=Signer', and the certificate of its issuer");
    assertThat(findings(leaf, middle))
        .singleElement(InstanceOfAssertFactories.STRING)
        .startsWith(
            "the chain ends at 'CN=Issuing', and the certificate of its issuer 'CN=Root' is not"
                + " in it: ");
  }

  @Test
  void saysThatAnIssuerOfTheNameHasAnotherKey() throws Exception {
    TestCertificate namesake = root.authority("CN=Issuing");
    assertThat(findings(leaf, namesake, root))
        .singleElement(InstanceOfAssertFactories.STRING)
        .startsWith(
            "the chain ends at 'CN=Signer', and the certificate of its issuer 'CN=Issuing' that"
                + " is in it has another key: ");
    assertThat(findings(leaf, namesake, middle, root)).isEmpty();
  }

  @Test
  void saysNothingAboutACompleteChainInAnyOrder() throws Exception {
    assertThat(findings(leaf, middle, root)).isEmpty();
    assertThat(findings(leaf, root, middle)).isEmpty();
    TestCertificate own = TestCertificate.named("CN=Own").signer().selfSigned();
    ModelSigner signer =
        ModelSigner.using(
            CertificateSigner.load(
                own.writeKey(directory.resolve("own.key")), certificates("own.pem", own)));
    SignedModel signed = signer.sign(model, directory.resolve("own.sig"));
    assertThat(signed.signature().findings()).isEmpty();
  }

  @Test
  void warnsOfCrossCertificatesOnlyIfNoneLeadsToARoot() throws Exception {
    TestCertificate otherRoot = TestCertificate.root("CN=Other Root");
    TestCertificate crossed =
        TestCertificate.named("CN=Issuing").authority().keys(middle.keys()).issuedBy(otherRoot);
    assertThat(findings(leaf, middle, crossed)).hasSize(1);
    assertThat(findings(leaf, middle, crossed, otherRoot)).isEmpty();
    assertThat(findings(leaf, crossed, middle, root)).isEmpty();
  }

  @Test
  void loadsAKeyAndItsCertificateWithoutMore() throws Exception {
    Path full = certificates("full.pem", leaf, middle);
    assertThat(chainOf(ModelSigner.using(CertificateSigner.load(key, full)).sign(model)))
        .containsExactly(leaf.der(), middle.der());
  }

  @Test
  void refusesAnEncryptedKeyWhereThereIsNoPassword() throws Exception {
    Path full = certificates("full.pem", leaf);
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      writer.writeObject(
          new JcaPKCS8Generator(
              leaf.keys().getPrivate(),
              new JceOpenSSLPKCS8EncryptorBuilder(PKCS8Generator.AES_256_CBC)
                  .setProvider(new BouncyCastleProvider())
                  .setPassword("secret".toCharArray())
                  .build()));
    }
    Path encrypted = Files.writeString(directory.resolve("encrypted.pem"), text.toString());
    assertThatThrownBy(() -> CertificateSigner.load(encrypted, full))
        .isInstanceOf(SigningException.class)
        .hasMessageContainingAll("encrypted.pem", "is encrypted");
  }

  @Test
  void readsCertificatesInDer() throws Exception {
    Path der = Files.write(directory.resolve("leaf.der"), leaf.der().toArray());
    assertThat(chainOf(ModelSigner.using(load(der)).sign(model))).containsExactly(leaf.der());
  }

  @Test
  void saysWhoSigns() throws Exception {
    CertificateIdentity identity = load(certificates("leaf.pem", leaf)).identity();
    assertThat(identity.name()).isEqualTo("CN=Signer");
    assertThat(identity.certificate().subject()).isEqualTo("CN=Signer");
    assertThat(identity.certificate().issuer()).isEqualTo("CN=Issuing");
    assertThat(identity.revocation()).as("nobody checked").isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"PKCS12", "JKS"})
  void signsFromAKeyStore(String type) throws Exception {
    CertificateSigner signer = fromStore(keyStore(type, "secret", leaf), null, "secret");
    Bundle bundle = ModelSigner.using(signer).sign(model);
    assertThat(chainOf(bundle)).containsExactly(leaf.der(), middle.der(), root.der());
    ModelVerifier.using(CertificateVerifier.trusting(List.of(root.certificate())))
        .verify(model, bundle);
  }

  @ParameterizedTest
  @ValueSource(strings = {"PKCS12", "JKS"})
  void takesTheKeyWithTheAliasFromAKeyStore(String type) throws Exception {
    TestCertificate other = middle.signer("CN=Other");
    Path store = keyStore(type, "secret", leaf, other);
    assertThat(fromStore(store, "key2", "secret").identity().name()).isEqualTo("CN=Other");
    assertThatThrownBy(() -> fromStore(store, null, "secret"))
        .isInstanceOf(SigningException.class)
        .hasMessageContaining("holds the private keys 'key1', 'key2', expected one");
    assertThatThrownBy(() -> fromStore(store, "root", "secret"))
        .hasMessageContaining("has no private key with the alias 'root'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"PKCS12", "JKS"})
  void refusesAWrongPasswordOfAKeyStore(String type) throws Exception {
    Path store = keyStore(type, "secret", leaf);
    assertThatThrownBy(() -> fromStore(store, null, "guess"))
        .isInstanceOf(SigningException.class)
        .hasMessage(store + ": the password is wrong");
    assertThatThrownBy(
            () -> CertificateSigner.loadKeyStore(store, null, List.of(), SecretSource.NONE))
        .hasMessage(store + ": a key store needs its password");
  }

  @Test
  void refusesAKeyStoreWithoutKeysAndOneThatIsNone() throws Exception {
    Path empty = keyStore("PKCS12", "secret");
    assertThatThrownBy(() -> fromStore(empty, null, "secret"))
        .hasMessageContaining("holds no private key, expected one");
    assertThatThrownBy(() -> fromStore(key, null, "secret"))
        .hasMessageContaining("is not a key store in PKCS #12 or JKS, or is damaged");
  }

  @Test
  void refusesAKeyThatIsNotTheCertificates() throws Exception {
    Path other = certificates("other.pem", middle.signer("CN=Other"));
    assertThatThrownBy(() -> load(other))
        .isInstanceOf(SigningException.class)
        .hasMessageContaining("the private key is not the one of the certificate 'CN=Other'");
  }

  @Test
  void refusesAnOtherCurveThanTheCertificates() throws Exception {
    TestCertificate other =
        TestCertificate.named("CN=Other").keys("EC", "secp384r1").signer().issuedBy(root);
    Path file = certificates("other.pem", other);
    assertThatThrownBy(() -> load(file))
        .isInstanceOf(SigningException.class)
        .hasMessageContaining("the private key is not the one of the certificate 'CN=Other'");
  }

  @ParameterizedTest
  @CsvSource({"RSA, ''", "Ed25519, ''", "EC, secp256k1"})
  void refusesCertificatesWithOtherKeys(String algorithm, String curve) throws Exception {
    Path other =
        certificates(
            "other.pem",
            TestCertificate.named("CN=Other").keys(algorithm, curve).signer().issuedBy(root));
    assertThatThrownBy(() -> load(other))
        .isInstanceOf(SigningException.class)
        .hasMessageContaining("expected an elliptic-curve key on P-256, P-384 or P-521");
  }

  @Test
  void refusesCertificatesThatMayNotSign() throws Exception {
    for (TestCertificate.Plan plan :
        List.of(
            TestCertificate.named("CN=Other"),
            TestCertificate.named("CN=Other").usage(KeyUsage.keyEncipherment),
            TestCertificate.named("CN=Other").purposes(false, KeyPurposeId.id_kp_serverAuth))) {
      Path other = certificates("other.pem", plan.keys(leaf.keys()).issuedBy(root));
      assertThatThrownBy(() -> load(other))
          .isInstanceOf(SigningException.class)
          .hasMessageContaining("the certificate 'CN=Other' may not sign: ");
    }
  }

  @Test
  void refusesExpiredCertificatesAndThoseOfTheFuture() throws Exception {
    Instant now = Instant.now();
    TestCertificate.Plan plan = TestCertificate.named("CN=Other").keys(leaf.keys()).signer();
    Path expired =
        certificates(
            "expired.pem", plan.valid(now.minusSeconds(600), now.minusSeconds(60)).issuedBy(root));
    assertThatThrownBy(() -> load(expired))
        .isInstanceOf(SigningException.class)
        .hasMessageContaining("expired at")
        .hasMessageEndingWith("nothing was signed, get a certificate that is valid now");
    Path future =
        certificates(
            "future.pem", plan.valid(now.plusSeconds(600), now.plusSeconds(6000)).issuedBy(root));
    assertThatThrownBy(() -> load(future)).hasMessageContaining("is not valid before");
  }

  @Test
  void refusesFilesWithoutCertificates() throws Exception {
    assertThatThrownBy(() -> load(key))
        .isInstanceOf(SigningException.class)
        .hasMessage(
            key + ": holds no certificate but a private key; never hand it to those who verify");
    Path empty = Files.writeString(directory.resolve("empty.pem"), "");
    assertThatThrownBy(() -> load(empty))
        .hasMessage(
            empty
                + ": holds no certificate, expected a PEM block '-----BEGIN CERTIFICATE-----'"
                + " or DER");
    Path chain = certificates("leaf.pem", leaf);
    assertThatThrownBy(() -> load(chain, empty)).hasMessageStartingWith(empty.toString());
  }

  @Test
  void refusesDamagedCertificates() throws Exception {
    byte[] der = leaf.der().toArray();
    byte[] longer = Arrays.copyOf(der, der.length + 1);
    byte[] shorter = Arrays.copyOf(der, der.length - 1);
    List<Path> damaged = new ArrayList<>();
    for (byte[] bytes : List.of(longer, shorter)) {
      damaged.add(Files.write(directory.resolve(bytes.length + ".der"), bytes));
      damaged.add(
          Files.writeString(
              directory.resolve(bytes.length + ".pem"),
              "-----BEGIN CERTIFICATE-----\n"
                  + Base64.getMimeEncoder().encodeToString(bytes)
                  + "\n-----END CERTIFICATE-----\n"));
    }
    for (Path file : damaged) {
      assertThatThrownBy(() -> load(file))
          .as("%s", file)
          .isInstanceOf(SigningException.class)
          .hasMessageContaining("a certificate is damaged");
    }
  }

  @Test
  void refusesMoreCertificatesThanAVerifierTakes() throws Exception {
    TestCertificate[] many = new TestCertificate[17];
    for (int i = 0; i < many.length; i++) {
      many[i] = root.authority("CN=Issuing");
    }
    Path certificate = certificates("leaf.pem", leaf);
    Path chain = certificates("many.pem", many);
    assertThatThrownBy(() -> load(certificate, chain))
        .isInstanceOf(SigningException.class)
        .hasMessageContaining("expected at most 17 in a chain, found 18");
  }
}
