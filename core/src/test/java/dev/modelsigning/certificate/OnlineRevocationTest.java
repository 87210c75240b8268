package dev.modelsigning.certificate;

import static dev.modelsigning.testing.TestHttpServer.answering;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.signing.VerificationException.Reason;
import dev.modelsigning.testing.Forge.StatementText;
import dev.modelsigning.testing.TestCertificate;
import dev.modelsigning.testing.TestCertificate.Plan;
import dev.modelsigning.testing.TestHttpServer;
import dev.modelsigning.testing.TestOcspResponder;
import dev.modelsigning.testing.TestRevocationList;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.Security;
import java.security.cert.X509CRL;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.x509.AccessDescription;
import org.bouncycastle.asn1.x509.AuthorityInformationAccess;
import org.bouncycastle.asn1.x509.CRLDistPoint;
import org.bouncycastle.asn1.x509.DistributionPoint;
import org.bouncycastle.asn1.x509.DistributionPointName;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Services in certificates are queried within limits, and their responses are not trusted without
 * verification.
 */
@Timeout(120)
class OnlineRevocationTest {

  private static final String PAYLOAD = new StatementText().file("a", "alpha").toString();
  private static final byte[] NOTHING = {};

  @TempDir Path directory;

  private final TestCertificate root = TestCertificate.root("CN=Root");

  private CertificateVerifier verifier(boolean softFail) throws Exception {
    return CertificateVerifier.builder()
        .trust(List.of(root.certificate()))
        .checkRevocationOnline(true)
        .allowUnknownRevocation(softFail)
        .build();
  }

  private VerificationException refuses(TestCertificate signer, boolean softFail) throws Exception {
    CertificateVerifier verifier = verifier(softFail);
    Bundle bundle = signer.bundle(PAYLOAD);
    VerificationException failure =
        catchThrowableOfType(VerificationException.class, () -> verifier.verify(bundle));
    assertThat(failure).isNotNull();
    return failure;
  }

  private void isUnknown(TestCertificate signer, String words) throws Exception {
    VerificationException failure = refuses(signer, false);
    assertThat(failure.reason()).isEqualTo(Reason.REVOCATION_UNKNOWN);
    assertThat(failure).hasMessageContaining("cannot be found out").hasMessageContaining(words);
    assertThat(AnySigner.aside(verifier(true).verify(signer.bundle(PAYLOAD)).findings()))
        .singleElement()
        .asString()
        .contains(words);
  }

  private TestCertificate listedAt(String... addresses) {
    return plan(addresses).issuedBy(root);
  }

  private static Plan plan(String... addresses) {
    DistributionPoint[] points = new DistributionPoint[addresses.length];
    for (int i = 0; i < addresses.length; i++) {
      points[i] =
          new DistributionPoint(
              new DistributionPointName(
                  new GeneralNames(
                      new GeneralName(GeneralName.uniformResourceIdentifier, addresses[i]))),
              null,
              null);
    }
    return TestCertificate.named("CN=Signer")
        .signer()
        .extension(Extension.cRLDistributionPoints, false, new CRLDistPoint(points));
  }

  // --- addresses

  @ParameterizedTest
  @ValueSource(strings = {"file", "FILE", "jar"})
  void readsNoFileThatACertificateNames(String scheme) throws Exception {
    Path list = Files.write(directory.resolve("list.crl"), root.revoking().getEncoded());
    String address =
        scheme.equals("jar")
            ? "jar:" + list.toUri() + "!/x"
            : scheme + "://" + list.toUri().getPath();
    isUnknown(listedAt(address), "is not asked, only http and https are");
    isUnknown(
        TestCertificate.named("CN=Signer").signer().ocsp(address).issuedBy(root),
        "is not asked, only http and https are");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ldap", "ldaps", "ftp", "gopher", "rmi"})
  void connectsToNoServiceOfAnotherKind(String scheme) throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      socket.setSoTimeout(500);
      String address =
          scheme + "://127.0.0.1:" + socket.getLocalPort() + "/cn=x?certificateRevocationList";
      isUnknown(listedAt(address), "is not asked, only http and https are");
      assertThat(catchThrowableOfType(SocketTimeoutException.class, socket::accept)).isNotNull();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"http:", "http:///x", "http://", "://", "", "https:opaque", "http://[x/"})
  void passesOverWhatIsNoAddress(String address) throws Exception {
    isUnknown(listedAt(address), "is not asked");
  }

  @Test
  void followsARedirectToAnotherAddressOnTheWebOnly() throws Exception {
    Path list = Files.write(directory.resolve("list.crl"), root.revoking().getEncoded());
    for (String target :
        List.of(list.toUri().toString(), "ftp://127.0.0.1/", "ldap://127.0.0.1/")) {
      try (TestHttpServer server = new TestHttpServer(answering(302, "", "Location: " + target))) {
        isUnknown(listedAt(server.uri("/crl").toString()), "is not followed");
        isUnknown(
            TestCertificate.named("CN=Signer")
                .signer()
                .ocsp(server.uri("/ocsp").toString())
                .issuedBy(root),
            "is not followed");
      }
    }
    byte[] good = root.revoking().getEncoded();
    try (TestHttpServer other = new TestHttpServer(answering(200, good));
        TestHttpServer server =
            new TestHttpServer(answering(302, "", "Location: " + other.uri("/x")))) {
      assertThat(
              AnySigner.aside(
                  verifier(false)
                      .verify(listedAt(server.uri("/crl").toString()).bundle(PAYLOAD))
                      .findings()))
          .isEmpty();
    }
  }

  @Test
  void asksAFewAddressesOnly() throws Exception {
    try (TestHttpServer server = new TestHttpServer(answering(404, ""))) {
      String[] addresses = new String[50];
      for (int i = 0; i < addresses.length; i++) {
        addresses[i] = server.uri("/" + i).toString();
      }
      isUnknown(listedAt(addresses), "it names more than 4 addresses");
      assertThat(server.requests()).hasSizeLessThanOrEqualTo(8);
    }
  }

  @Test
  void neverFetchesCertificates() throws Exception {
    try (TestHttpServer server = new TestHttpServer(answering(200, ""))) {
      TestCertificate signer =
          TestCertificate.named("CN=Signer")
              .signer()
              .extension(
                  Extension.authorityInfoAccess,
                  false,
                  new AuthorityInformationAccess(
                      AccessDescription.id_ad_caIssuers,
                      new GeneralName(
                          GeneralName.uniformResourceIdentifier, server.uri("/ca").toString())))
              .issuedBy(root);
      isUnknown(signer, "it names no service that could be asked");
      assertThat(server.requests()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "com.sun.security.enableCRLDP, true",
    "com.sun.security.enableAIAcaIssuers, true",
    "ocsp.enable, false"
  })
  void refusesAPlatformThatOpensAddressesByItself(String setting, boolean system) throws Exception {
    Path list = Files.write(directory.resolve("list.crl"), root.revoking().getEncoded());
    TestCertificate signer = listedAt(list.toUri().toString());
    try {
      if (system) {
        System.setProperty(setting, "true");
      } else {
        Security.setProperty(setting, "true");
      }
      for (boolean softFail : new boolean[] {true, false}) {
        assertThat(refuses(signer, softFail)).hasMessageContaining("unset " + setting);
      }
    } finally {
      System.clearProperty(setting);
      Security.setProperty("ocsp.enable", "false");
    }
  }

  // --- time and size

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void givesUpOnAServiceThatNeverEnds(boolean ocsp) throws Exception {
    try (TestHttpServer server = new TestHttpServer(TestHttpServer.dripping())) {
      String address = server.uri("/x").toString();
      TestCertificate signer =
          ocsp
              ? TestCertificate.named("CN=Signer").signer().ocsp(address).issuedBy(root)
              : listedAt(address);
      long start = System.nanoTime();
      assertThat(refuses(signer, false)).hasMessageContaining("did not answer within 10 s");
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(14));
    }
  }

  @Test
  void takesNoMoreOfAListThanAllowed() throws Exception {
    try (TestHttpServer server = new TestHttpServer(TestHttpServer.endless(200))) {
      isUnknown(listedAt(server.uri("/x").toString()), "the answer is longer than 16777216 bytes");
    }
  }

  // --- lists

  private void refusesTheListInEveryMode(X509CRL list, String words) throws Exception {
    try (TestOcspResponder server = new TestOcspResponder().answeringFor(root)) {
      server.offer(list);
      for (boolean softFail : new boolean[] {true, false}) {
        assertThat(refuses(listedAt(server.list()), softFail)).hasMessageContaining(words);
      }
    }
  }

  @Test
  void refusesListsThatCannotBeReliedOn() throws Exception {
    ASN1ObjectIdentifier unknown = new ASN1ObjectIdentifier("1.2.3.4.5");
    refusesTheListInEveryMode(
        TestRevocationList.of(root).extension(unknown, true, DERNull.INSTANCE).build(),
        "the critical extension 1.2.3.4.5 is not known");
    refusesTheListInEveryMode(
        TestRevocationList.of(root)
            .revoking(root.signer("CN=Other"), unknown, true, DERNull.INSTANCE)
            .build(),
        "the critical extension 1.2.3.4.5 in an entry is not known");
    refusesTheListInEveryMode(
        TestRevocationList.of(root).algorithm("SHA1withECDSA").build(),
        "expected a signature with SHA-256");
  }

  @Test
  void believesAStaleListThatRevokesAndNoOther() throws Exception {
    Instant now = Instant.now();
    try (TestOcspResponder server = new TestOcspResponder().answeringFor(root)) {
      TestCertificate signer = listedAt(server.list());
      server.offer(
          root.revocationList(
              now.minusSeconds(9000), now.minusSeconds(6000), 1, now.minusSeconds(9500)));
      isUnknown(signer, "is stale");
      server.offer(
          root.revocationList(
              now.minusSeconds(9000), now.minusSeconds(6000), 1, now.minusSeconds(9500), signer));
      assertThat(refuses(signer, true)).hasMessageContaining("was revoked at ");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "rubbish", "-----BEGIN X509 CRL-----\n", "0\u0000", "0\u0003\u0002\u0001"})
  void passesOverWhatIsNoList(String content) throws Exception {
    try (TestHttpServer server = new TestHttpServer(answering(200, content))) {
      isUnknown(listedAt(server.uri("/crl").toString()), " sent ");
    }
  }

  // --- OCSP

  private TestCertificate answeredBy(TestOcspResponder responder) {
    return TestCertificate.named("CN=Signer").signer().ocsp(responder.ocsp()).issuedBy(root);
  }

  private Plan delegate() {
    return TestCertificate.named("CN=Responder").usage(KeyUsage.digitalSignature);
  }

  @Test
  void believesAResponderThatTheIssuerDelegatedTo() throws Exception {
    TestCertificate delegate =
        delegate().purposes(false, KeyPurposeId.id_kp_OCSPSigning).issuedBy(root);
    try (TestOcspResponder responder =
        new TestOcspResponder().answeringFor(root).signingBy(delegate)) {
      TestCertificate signer = answeredBy(responder);
      verifier(false).verify(signer.bundle(PAYLOAD));
      responder.revoke(signer);
      assertThat(refuses(signer, true)).hasMessageContaining("was revoked at ");
    }
  }

  private void doesNotBelieve(TestOcspResponder responder) throws Exception {
    TestCertificate signer = answeredBy(responder);
    assertThat(refuses(signer, false).reason()).isEqualTo(Reason.REVOCATION_UNKNOWN);
    responder.revoke(signer);
    // There is no trusted statement, but the signer is not accepted as unknown either.
    assertThat(refuses(signer, true)).hasMessageContaining("cannot be found out");
  }

  @Test
  void doesNotBelieveAnAnswerThatCallsCertificatesByAnotherHash() throws Exception {
    try (TestOcspResponder responder = new TestOcspResponder().answeringFor(root)) {
      doesNotBelieve(responder.namingBySha256());
    }
  }

  @Test
  void doesNotBelieveResponders() throws Exception {
    Instant now = Instant.now();
    List<TestCertificate> wrong =
        List.of(
            delegate().issuedBy(root),
            delegate().purposes(false, KeyPurposeId.id_kp_codeSigning).issuedBy(root),
            delegate().purposes(false, KeyPurposeId.anyExtendedKeyUsage).issuedBy(root),
            delegate()
                .purposes(false, KeyPurposeId.id_kp_OCSPSigning)
                .valid(now.minusSeconds(7200), now.minusSeconds(3600))
                .issuedBy(root),
            delegate()
                .purposes(false, KeyPurposeId.id_kp_OCSPSigning)
                .issuedBy(TestCertificate.root("CN=Root")),
            delegate().purposes(false, KeyPurposeId.id_kp_OCSPSigning).selfSigned());
    for (TestCertificate each : wrong) {
      try (TestOcspResponder responder =
          new TestOcspResponder().answeringFor(root).signingBy(each)) {
        doesNotBelieve(responder);
      }
    }
  }

  @Test
  void doesNotBelieveWeakSignatures() throws Exception {
    try (TestOcspResponder responder =
        new TestOcspResponder().answeringFor(root).algorithm("SHA1withECDSA")) {
      doesNotBelieve(responder);
    }
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(1024);
    TestCertificate weak =
        delegate()
            .keys(generator.generateKeyPair())
            .purposes(false, KeyPurposeId.id_kp_OCSPSigning)
            .issuedBy(root);
    try (TestOcspResponder responder =
        new TestOcspResponder().answeringFor(root).signingBy(weak).algorithm("SHA256withRSA")) {
      doesNotBelieve(responder);
    }
  }

  @Test
  void doesNotBelieveOldResponses() throws Exception {
    try (TestOcspResponder responder =
        new TestOcspResponder().answeringFor(root).age(Duration.ofHours(3))) {
      doesNotBelieve(responder);
    }
  }

  @Test
  void goesOnWithListsWhereNoResponderKnows() throws Exception {
    byte[] list = root.revoking().getEncoded();
    for (int status : new int[] {200, 404, 500}) {
      try (TestHttpServer server =
          new TestHttpServer((request, number, connection) ->
              TestHttpServer.send(
                  connection,
                  request.path().equals("/crl") ? 200 : status,
                  request.path().equals("/crl") ? list : NOTHING))) {
        TestCertificate signer =
            plan(server.uri("/crl").toString()).ocsp(server.uri("/ocsp").toString()).issuedBy(root);
        assertThat(AnySigner.aside(verifier(false).verify(signer.bundle(PAYLOAD)).findings()))
            .isEmpty();
      }
    }
  }
}
