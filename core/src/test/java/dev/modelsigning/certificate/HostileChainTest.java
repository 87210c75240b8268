package dev.modelsigning.certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.bundle.Envelope;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.bundle.VerificationMaterial;
import dev.modelsigning.bundle.VerificationMaterial.X509CertificateChain;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.testing.Forge.StatementText;
import dev.modelsigning.testing.HostileCertificate;
import dev.modelsigning.testing.TestCertificate;
import dev.modelsigning.testing.TestTimestampAuthority;
import dev.modelsigning.timestamp.TimestampVerifier;
import java.io.ByteArrayInputStream;
import java.lang.management.ManagementFactory;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.CertificateFactory;
import java.security.spec.RSAKeyGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x509.CertificatePolicies;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.asn1.x509.PolicyInformation;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The cost of verifying a bundle: certificate chains that were constructed to be expensive. */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class HostileChainTest {

  private static final String PAYLOAD = new StatementText().file("a", "alpha").toString();

  /** Far above what is measured, and far below what there was before. */
  private static final Duration BOUND = Duration.ofSeconds(4);

  private final TestCertificate root = TestCertificate.root("CN=Root");
  private final TestCertificate leaf =
      TestCertificate.named("CN=Signer").signer().issuedBy(TestCertificate.root("CN=Hostile"));

  private static Throwable refuses(
      VerificationMaterial material, TestCertificate signer, TestCertificate... trusted) {
    CertificateVerifier verifier =
        CertificateVerifier.trusting(Stream.of(trusted).map(TestCertificate::certificate).toList());
    return refuses(verifier, Bundle.of(material, signer.envelope(PAYLOAD)));
  }

  private static Throwable refuses(CertificateVerifier verifier, Bundle bundle) {
    long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    Throwable failure = catchThrowable(() -> verifier.verify(bundle));
    Duration took =
        Duration.ofNanos(ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start);
    assertThat(failure)
        .isInstanceOfAny(VerificationException.class, MalformedBundleException.class);
    assertThat(took).as(failure.getMessage()).isLessThan(BOUND);
    return failure;
  }

  private static SubjectPublicKeyInfo info(KeyPair keys) {
    return SubjectPublicKeyInfo.getInstance(keys.getPublic().getEncoded());
  }

  // --- keys

  static Stream<Arguments> expensiveKeys() {
    return Stream.of(
        Arguments.of("DSA", HostileCertificate.dsa(200_000)),
        Arguments.of("RSA 1 MB", HostileCertificate.rsa(8_000_000, 17)),
        Arguments.of("RSA exponent", HostileCertificate.rsa(3072, 3071)),
        Arguments.of("RSA both", HostileCertificate.rsa(200_000, 199_999)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("expensiveKeys")
  void refusesExpensiveKeysWhereverTheyStand(String kind, SubjectPublicKeyInfo key) {
    Bytes authority =
        new HostileCertificate("CN=Hostile", "CN=Hostile", key).authority().signedByDsa(1);
    KeyPair keys = leaf.keys();
    Bytes signer =
        kind.equals("DSA")
            ? new HostileCertificate("CN=Hostile", "CN=Signer", info(keys)).signer().signedByDsa(1)
            : new HostileCertificate("CN=Hostile", "CN=Signer", info(keys))
                .signer()
                .signedByRsa(3072);
    Bytes withKey = new HostileCertificate("CN=Root", "CN=Signer", key).signer().signedByRsa(3072);

    refuses(new X509CertificateChain(List.of(signer, authority)), leaf, root);
    refuses(new X509CertificateChain(List.of(withKey, root.der())), leaf, root);
    refuses(new VerificationMaterial.X509Certificate(withKey), leaf, root);
  }

  @Test
  void doesNotCountTimestampsWithExpensiveKeys() throws Exception {
    TestCertificate stampRoot = TestCertificate.root("CN=TSA Root");
    TestCertificate valid = root.signer("CN=Signer");
    CertificateVerifier verifier =
        CertificateVerifier.builder()
            .trust(List.of(root.certificate()))
            .timestamps(TimestampVerifier.trusting(List.of(stampRoot.certificate())))
            .build();
    KeyPair keys = TestCertificate.newKeys("EC", "secp256r1");
    TestCertificate hostile =
        read(
            new HostileCertificate("CN=Hostile", "CN=Hostile", HostileCertificate.dsa(150_000))
                .authority()
                .signedByDsa(1),
            keys);
    TestCertificate stamper =
        read(
            new HostileCertificate("CN=Hostile", "CN=TSA", info(keys))
                .extension(
                    Extension.extendedKeyUsage,
                    true,
                    new ExtendedKeyUsage(KeyPurposeId.id_kp_timeStamping))
                .signedByDsa(1),
            keys);
    Bundle bundle =
        new TestTimestampAuthority(stamper, stamper, hostile)
            .stamp(valid.bundle(PAYLOAD), Instant.now().minusSeconds(60));
    long start = System.nanoTime();

    assertThat(AnySigner.aside(verifier.verify(bundle).findings()))
        .singleElement()
        .asString()
        .contains("rfc3161Timestamps[0] does not count: a certificate in it cannot be used");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(BOUND);
  }

  private static TestCertificate read(Bytes der, KeyPair keys) throws Exception {
    return new TestCertificate(
        (java.security.cert.X509Certificate)
            CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(der.toArray())),
        keys);
  }

  // --- mazes

  /** Sixteen certificates with the same name and key can be ordered in any way. */
  @Test
  void doesNotTryThePermutationsOfAStranger() {
    KeyPair keys = TestCertificate.newKeys("EC", "secp256r1");
    refuses(new X509CertificateChain(maze(keys, keys, "CN=Hostile")), leaf, root);
  }

  @Test
  void doesNotTryThePermutationsOfAnAuthorityBelowATrustedOne() {
    TestCertificate insider = root.authority("CN=Hostile");
    List<Bytes> chain = maze(insider.keys(), insider.keys(), "CN=Hostile");
    chain.remove(16);
    chain.add(insider.der());

    refuses(new X509CertificateChain(chain), leaf, root);
  }

  /**
   * The most expensive signatures that are allowed, all of them by an authority that is trusted.
   */
  @Test
  void boundsTheSignaturesBelowAnAuthorityThatIsTrusted() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(new RSAKeyGenParameterSpec(4096, BigInteger.valueOf(0xFFFFFFFBL)));
    KeyPair keys = generator.generateKeyPair();
    TestCertificate insider =
        TestCertificate.named("CN=Hostile").keys(keys).authority().issuedBy(root);
    List<Bytes> chain = maze(keys, keys, "CN=Hostile");
    chain.remove(16);
    chain.add(insider.der());

    refuses(new X509CertificateChain(chain), leaf, root);
  }

  /** A signer and sixteen authorities of the same name, all signed by the same key. */
  private List<Bytes> maze(KeyPair keys, KeyPair issuer, String name) {
    String algorithm =
        issuer.getPrivate().getAlgorithm().equals("EC") ? "SHA256withECDSA" : "SHA256withRSA";
    List<Bytes> chain = new ArrayList<>();
    chain.add(
        new HostileCertificate(name, "CN=Signer", info(leaf.keys()))
            .signer()
            .extension(new ASN1ObjectIdentifier("1.2.3.4"), true, new DERUTF8String("?"))
            .signedBy(issuer.getPrivate(), algorithm));
    for (int i = 0; i < 16; i++) {
      chain.add(
          new HostileCertificate(name, name, info(keys), BigInteger.valueOf(100 + i))
              .authority()
              .signedBy(issuer.getPrivate(), algorithm));
    }
    return chain;
  }

  // --- extensions

  private static GeneralName[] names(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> new GeneralName(GeneralName.dNSName, "a" + i + ".b"))
        .toArray(GeneralName[]::new);
  }

  @ParameterizedTest
  @ValueSource(ints = {4_000, 100_000})
  void boundsNamesAndTheirConstraints(int count) {
    GeneralSubtree[] subtrees =
        Stream.of(names(count)).map(GeneralSubtree::new).toArray(GeneralSubtree[]::new);
    Bytes authority =
        new HostileCertificate("CN=Root", "CN=Hostile", info(root.keys()))
            .authority()
            .extension(
                Extension.nameConstraints,
                true,
                new NameConstraints(subtrees, subtrees.length > 5000 ? subtrees : null))
            .signedBy(root.keys().getPrivate(), "SHA256withECDSA");
    Bytes signer =
        new HostileCertificate("CN=Hostile", "CN=Signer", info(leaf.keys()))
            .signer()
            .extension(Extension.subjectAlternativeName, false, new GeneralNames(names(count)))
            .signedBy(root.keys().getPrivate(), "SHA256withECDSA");

    Throwable failure = refuses(new X509CertificateChain(List.of(signer, authority)), leaf, root);
    assertThat(failure)
        .hasMessageContaining(
            count > 10_000 ? "at most 65536 bytes" : "more than 100000 comparisons");
  }

  /** Each authority maps each of the policies to all of them, so their tree doubles every time. */
  @Test
  void boundsTheTreeOfPolicies() {
    KeyPair keys = root.keys();
    List<Bytes> chain = new ArrayList<>();
    chain.add(
        new HostileCertificate("CN=A0", "CN=Signer", info(leaf.keys()))
            .signer()
            .extension(Extension.certificatePolicies, false, policies())
            .signedBy(keys.getPrivate(), "SHA256withECDSA"));
    for (int i = 0; i < 15; i++) {
      chain.add(
          new HostileCertificate(i == 14 ? "CN=Root" : "CN=A" + (i + 1), "CN=A" + i, info(keys))
              .authority()
              .extension(Extension.certificatePolicies, false, policies())
              .extension(Extension.policyMappings, false, mappings())
              .signedBy(keys.getPrivate(), "SHA256withECDSA"));
    }

    assertThat(refuses(new X509CertificateChain(chain), leaf, root))
        .hasMessageContaining("a tree of more than 1000 nodes");
  }

  private static final String[] POLICIES = {"1.2.3.1", "1.2.3.2", "1.2.3.3"};

  private static CertificatePolicies policies() {
    return new CertificatePolicies(
        Stream.of(POLICIES)
            .map(each -> new PolicyInformation(new ASN1ObjectIdentifier(each)))
            .toArray(PolicyInformation[]::new));
  }

  private static DERSequence mappings() {
    return new DERSequence(
        Stream.of(POLICIES)
            .flatMap(from ->
                Stream.of(POLICIES)
                    .map(to ->
                        (ASN1Encodable)
                            new DERSequence(
                                new ASN1Encodable[] {
                                  new ASN1ObjectIdentifier(from), new ASN1ObjectIdentifier(to)
                                })))
            .toArray(ASN1Encodable[]::new));
  }

  @Test
  void refusesGiganticSerialsNamesAndListsOfExtensions() {
    BigInteger serial = new BigInteger(500_000, new Random(1));
    refuses(
        new X509CertificateChain(
            List.of(
                new HostileCertificate("CN=Root", "CN=Signer", info(leaf.keys()), serial)
                    .signer()
                    .signedByRsa(2048))),
        leaf,
        root);
    String name =
        "CN=Root" + IntStream.range(0, 2500).mapToObj(i -> ",OU=" + i).reduce("", String::concat);
    refuses(
        new X509CertificateChain(
            List.of(
                new HostileCertificate(name, "CN=Signer", info(leaf.keys()))
                    .signer()
                    .signedByRsa(2048),
                new HostileCertificate(name, name, info(root.keys()))
                    .authority()
                    .signedByRsa(2048))),
        leaf,
        root);
    HostileCertificate many =
        new HostileCertificate("CN=Root", "CN=Signer", info(leaf.keys())).signer();
    for (int i = 0; i < 3000; i++) {
      many.extension(new ASN1ObjectIdentifier("1.2.3." + i), false, new DERUTF8String("?"));
    }
    refuses(new X509CertificateChain(List.of(many.signedByRsa(2048))), leaf, root);
  }

  @Test
  void wouldHaveAcceptedTheSameChainWithoutWhatIsHostile() throws Exception {
    TestCertificate middle = root.authority("CN=Hostile");
    Bytes signer =
        new HostileCertificate("CN=Hostile", "CN=Signer", info(leaf.keys()))
            .signer()
            .signedBy(middle.keys().getPrivate(), "SHA256withECDSA");
    Envelope envelope = leaf.envelope(PAYLOAD);

    CertificateVerifier.trusting(List.of(root.certificate()))
        .verify(Bundle.of(new X509CertificateChain(List.of(signer, middle.der())), envelope));
  }
}
