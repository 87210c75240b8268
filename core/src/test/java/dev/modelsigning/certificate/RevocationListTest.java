package dev.modelsigning.certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.signing.VerificationException.Reason;
import dev.modelsigning.testing.Forge.StatementText;
import dev.modelsigning.testing.TestCertificate;
import dev.modelsigning.testing.TestRevocationList;
import java.nio.file.Path;
import java.security.cert.X509CRL;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.IssuingDistributionPoint;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.ReasonFlags;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Lists that their issuer signed and that cannot be relied on fail, in every mode: they may name
 * the signer in a way that is not understood.
 */
class RevocationListTest {

  private static final String PAYLOAD = new StatementText().file("a", "alpha").toString();
  private static final ASN1ObjectIdentifier UNKNOWN = new ASN1ObjectIdentifier("1.2.3.4.5");

  @TempDir Path directory;

  private final TestCertificate root = TestCertificate.root("CN=Root");
  private final TestCertificate leaf = root.signer("CN=Signer");
  private final TestCertificate other = root.signer("CN=Other");
  private final Bundle bundle = leaf.bundle(PAYLOAD);
  private int files;

  /** The combinations of options. */
  enum Mode {
    LISTS(false, false),
    SOFT_FAIL(false, true),
    ONLINE(true, false),
    ONLINE_SOFT_FAIL(true, true);

    private final boolean online;
    private final boolean softFail;

    Mode(boolean online, boolean softFail) {
      this.online = online;
      this.softFail = softFail;
    }
  }

  private CertificateVerifier verifier(TestCertificate trusted, Mode mode, X509CRL... lists)
      throws Exception {
    CertificateVerifier.Builder builder =
        CertificateVerifier.builder()
            .trust(List.of(trusted.certificate()))
            .checkRevocationOnline(mode.online)
            .allowUnknownRevocation(mode.softFail);
    for (X509CRL list : lists) {
      files++;
      builder.revocationList(
          TestCertificate.write(directory.resolve("list" + files + ".pem"), list));
    }
    return builder.build();
  }

  private void refuses(String words, Mode mode, X509CRL... lists) throws Exception {
    refuses(words, root, bundle, mode, lists);
  }

  private void refuses(
      String words, TestCertificate trusted, Bundle signed, Mode mode, X509CRL... lists)
      throws Exception {
    CertificateVerifier verifier = verifier(trusted, mode, lists);
    VerificationException failure =
        catchThrowableOfType(VerificationException.class, () -> verifier.verify(signed));
    assertThat(failure).as(mode + " " + words).isNotNull();
    assertThat(failure).hasMessageContaining(words);
    assertThat(failure.reason())
        .isEqualTo(
            failure.getMessage().contains("cannot be found out")
                ? Reason.REVOCATION_UNKNOWN
                : Reason.REVOKED);
  }

  // --- critical extensions

  @ParameterizedTest
  @EnumSource
  void refusesAListWithACriticalExtensionThatIsNotKnown(Mode mode) throws Exception {
    refuses(
        "the critical extension 1.2.3.4.5 is not known",
        mode,
        TestRevocationList.of(root).extension(UNKNOWN, true, DERNull.INSTANCE).build());
    refuses(
        "the critical extension 2.5.29.20 is not known",
        mode,
        TestRevocationList.of(root)
            .extension(Extension.cRLNumber, true, new ASN1Integer(1))
            .build(),
        root.revoking());
    verifier(
            root,
            Mode.LISTS,
            TestRevocationList.of(root).extension(UNKNOWN, false, DERNull.INSTANCE).build())
        .verify(bundle);
  }

  @ParameterizedTest
  @EnumSource
  void refusesAListWithACriticalExtensionInAnyEntryThatIsNotKnown(Mode mode) throws Exception {
    String words = "the critical extension 1.2.3.4.5 in an entry is not known";
    for (TestCertificate named : List.of(leaf, other)) {
      X509CRL list =
          TestRevocationList.of(root).revoking(named, UNKNOWN, true, DERNull.INSTANCE).build();
      refuses(words, mode, list);
      refuses(words, mode, root.revoking(), list);
    }
    verifier(
            root,
            Mode.LISTS,
            TestRevocationList.of(root).revoking(other, UNKNOWN, false, DERNull.INSTANCE).build())
        .verify(bundle);
  }

  @ParameterizedTest
  @EnumSource
  void refusesAnEntryForAnotherIssuerInAListThatIsNotIndirect(Mode mode) throws Exception {
    refuses(
        "it names other issuers without being an indirect list",
        mode,
        TestRevocationList.of(root)
            .revoking(leaf, Extension.certificateIssuer, true, names("CN=Somebody"))
            .build());
  }

  private static GeneralNames names(String name) {
    return new GeneralNames(new GeneralName(new X500Name(name)));
  }

  // --- who signed, and how

  @ParameterizedTest
  @EnumSource
  void refusesAListByAnIssuerThatMaySignNone(Mode mode) throws Exception {
    TestCertificate mute =
        TestCertificate.named("CN=Mute")
            .extension(Extension.basicConstraints, true, new BasicConstraints(true))
            .usage(KeyUsage.keyCertSign)
            .selfSigned();
    TestCertificate signer = mute.signer("CN=Signer");
    for (X509CRL list : List.of(mute.revoking(), mute.revoking(signer))) {
      refuses("its key usage lacks cRLSign", mute, signer.bundle(PAYLOAD), mode, list);
    }
  }

  @Test
  void acceptsAListByAnIssuerWithoutAKeyUsage() throws Exception {
    TestCertificate free =
        TestCertificate.named("CN=Free")
            .extension(Extension.basicConstraints, true, new BasicConstraints(true))
            .selfSigned();
    TestCertificate signer = free.signer("CN=Signer");
    verifier(free, Mode.LISTS, free.revoking()).verify(signer.bundle(PAYLOAD));
  }

  static Stream<String> weak() {
    return Stream.of("SHA1withECDSA", "SHA224withECDSA", "SHA1withRSA", "MD5withRSA");
  }

  @ParameterizedTest
  @MethodSource("weak")
  void refusesAListThatIsSignedByAWeakAlgorithm(String algorithm) throws Exception {
    TestCertificate issuer =
        algorithm.endsWith("RSA")
            ? TestCertificate.named("CN=RSA").keys("RSA", "").authority().selfSigned()
            : root;
    TestCertificate signer = issuer.signer("CN=Signer");
    for (Mode mode : Mode.values()) {
      for (boolean revoked : new boolean[] {true, false}) {
        TestRevocationList list = TestRevocationList.of(issuer).algorithm(algorithm);
        if (revoked) {
          list.revoking(signer, 1);
        }
        refuses(
            "is refused: expected a signature with SHA-256 or a stronger hash",
            issuer,
            signer.bundle(PAYLOAD),
            mode,
            list.build());
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void doesNotPassASignerThatAListOfAStrangerNames(Mode mode) throws Exception {
    TestCertificate sameName = TestCertificate.root("CN=Root");
    refuses(
        "a revocation list names it that is not validly signed by its issuer",
        mode,
        sameName.revoking(leaf));
    verifier(root, Mode.LISTS, sameName.revoking(leaf), root.revoking()).verify(bundle);
  }

  @ParameterizedTest
  @EnumSource
  void doesNotPassASignerThatAnIndirectListOfAnotherNames(Mode mode) throws Exception {
    TestCertificate lists = TestCertificate.root("CN=Lists");
    refuses(
        "a revocation list names it that is not validly signed by its issuer",
        mode,
        TestRevocationList.of(lists)
            .scope(new IssuingDistributionPoint(null, false, false, null, true, false))
            .revoking(leaf, Extension.certificateIssuer, true, names("CN=Root"))
            .build());
  }

  // --- a part of the truth

  @ParameterizedTest
  @EnumSource
  void believesADeltaListThatNamesTheSigner(Mode mode) throws Exception {
    refuses("'CN=Signer' was revoked at ", mode, delta().revoking(leaf, 1).build());
    refuses(
        "'CN=Signer' was revoked at ", mode, root.revoking(), delta().revoking(leaf, 1).build());
  }

  private TestRevocationList delta() {
    return TestRevocationList.of(root)
        .extension(Extension.deltaCRLIndicator, true, new ASN1Integer(1));
  }

  @Test
  void takesADeltaListForNoCompleteOne() throws Exception {
    refuses("only says what changed since another one", Mode.LISTS, delta().build());
    verifier(root, Mode.LISTS, root.revoking(), delta().build()).verify(bundle);
  }

  @Test
  void takesARevocationBackOnlyByADeltaList() throws Exception {
    int removed = 8;
    verifier(root, Mode.LISTS, root.revoking(), delta().revoking(leaf, removed).build())
        .verify(bundle);
    for (Mode mode : Mode.values()) {
      refuses(
          "'CN=Signer' was revoked at ",
          mode,
          TestRevocationList.of(root).revoking(leaf, removed).build());
    }
  }

  private static Stream<IssuingDistributionPoint> otherScopes() {
    return Stream.of(
        new IssuingDistributionPoint(null, false, true, null, false, false),
        new IssuingDistributionPoint(null, false, false, null, false, true),
        new IssuingDistributionPoint(
            null, false, false, new ReasonFlags(ReasonFlags.keyCompromise), false, false));
  }

  @ParameterizedTest
  @MethodSource("otherScopes")
  void takesAListOfAnotherScopeForNoCompleteOne(IssuingDistributionPoint scope) throws Exception {
    X509CRL list = TestRevocationList.of(root).scope(scope).build();
    refuses("cannot be found out", Mode.LISTS, list);
    assertThat(AnySigner.aside(verifier(root, Mode.SOFT_FAIL, list).verify(bundle).findings()))
        .hasSize(1);
    for (Mode mode : Mode.values()) {
      refuses(
          "'CN=Signer' was revoked at ",
          mode,
          TestRevocationList.of(root).scope(scope).revoking(leaf, 1).build());
    }
  }

  @Test
  void acceptsAListOfTheRightScope() throws Exception {
    verifier(
            root,
            Mode.LISTS,
            TestRevocationList.of(root)
                .scope(new IssuingDistributionPoint(null, true, false, null, false, false))
                .build())
        .verify(bundle);
  }

  // --- whom an entry names

  /** The same name, by RFC 5280 7.1. */
  private static Stream<String> spellings() {
    return Stream.of("CN=ROOT", "CN=root", "CN=\\ \\ Root\\ ");
  }

  @ParameterizedTest
  @MethodSource("spellings")
  void findsASignerInAListWithAnotherSpellingOfTheIssuer(String name) throws Exception {
    for (Mode mode : Mode.values()) {
      refuses(
          "'CN=Signer' was revoked at ",
          mode,
          TestRevocationList.of(root, name).revoking(leaf, 1).build());
    }
    verifier(root, Mode.LISTS, TestRevocationList.of(root, name).revoking(other, 1).build())
        .verify(bundle);
  }

  @ParameterizedTest
  @MethodSource("spellings")
  void findsASignerInAnEntryWithAnotherSpellingOfTheIssuer(String name) throws Exception {
    for (Mode mode : Mode.values()) {
      refuses(
          "'CN=Signer' was revoked at ",
          mode,
          TestRevocationList.of(root)
              .scope(new IssuingDistributionPoint(null, false, false, null, true, false))
              .revoking(leaf, Extension.certificateIssuer, true, names(name))
              .build());
    }
  }
}
