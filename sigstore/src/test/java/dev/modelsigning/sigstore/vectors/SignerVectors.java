package dev.modelsigning.sigstore.vectors;

import static dev.modelsigning.sigstore.vectors.VectorKit.CERTIFICATE;
import static dev.modelsigning.sigstore.vectors.VectorKit.LOG;
import static dev.modelsigning.sigstore.vectors.VectorKit.TIME;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.bundle.VerificationMaterial.X509CertificateChain;
import dev.modelsigning.sigstore.TestSigning;
import dev.modelsigning.sigstore.TestSigstore;
import dev.modelsigning.testing.Forge.StatementText;
import dev.modelsigning.vectors.Vector;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.OtherName;
import org.bouncycastle.tsp.TSPAlgorithms;

/** Keyless vectors: valid ones, and about the signer, the certificate and the time. */
final class SignerVectors {

  private static final Instant START = TestSigning.START;
  private static final Instant SOON = TestSigning.SOON;

  private final VectorKit kit;

  SignerVectors(VectorKit kit) {
    this.kit = kit;
  }

  void make() {
    good();
    identities();
    materials();
    certificates();
    signatures();
    times();
    stamps();
  }

  private Bundle good1() {
    return kit.signing(kit.sigstore()).logDsse1(SOON).bundle();
  }

  private TestSigning logged2() {
    return kit.signing(kit.sigstore()).logHashedRekord2();
  }

  private void good() {
    Bundle rekor1 = good1();
    kit.add("rekor-1", "an entry of Rekor v1, with its time", Vector.VERIFIED, rekor1);
    kit.add(
        "rekor-2",
        "an entry of Rekor v2, with a time stamp",
        Vector.VERIFIED,
        logged2().timestamp(SOON).bundle());
    kit.add(
        "rekor-2-dsse",
        "an entry of the kind dsse 0.0.2",
        Vector.VERIFIED,
        kit.signing(kit.sigstore()).logDsse2().timestamp(SOON).bundle());
    kit.add(
        "rekor-1-intoto",
        "an entry of the kind intoto 0.0.2",
        Vector.VERIFIED,
        kit.signing(kit.sigstore()).logIntoto2(SOON).bundle());
    kit.add(
        "both-logs",
        "entries of both logs and a time stamp",
        Vector.VERIFIED,
        kit.signing(kit.sigstore()).logDsse1(SOON).logHashedRekord2().timestamp(SOON).bundle());
    kit.add(
        "two-time-stamps",
        "two time stamps by one authority",
        Vector.VERIFIED,
        logged2().timestamp(SOON).timestamp(SOON.plusSeconds(60)).bundle());
    TestSigning signing = logged2();
    kit.add(
        "time-stamp-with-certificate",
        "a time stamp with the certificate of its authority, which the trusted root has, too",
        Vector.VERIFIED,
        signing
            .bundle()
            .withTimestamp(
                kit.sigstore().timeAuthority().stamp(signing.envelope.signature(), SOON)));
    kit.add(
        kit.vector("model-changed", "another model", "8.4", kit.trustedRoot)
            .model("models/changed")
            .expected("MODEL_MISMATCH"),
        rekor1);
    kit.add(
        kit.vector("model-unsigned-file", "a file that is not signed", "8.4", kit.trustedRoot)
            .model("models/unsigned")
            .expected("MODEL_MISMATCH"),
        rekor1);
  }

  private void identities() {
    String workflow = "https://ci.example.com/team/model/.ci/workflows/release.yml@refs/heads/main";
    named("workflow", new GeneralName(GeneralName.uniformResourceIdentifier, workflow), workflow);
    named("address", new GeneralName(GeneralName.rfc822Name, "bob@example.com"), "bob@example.com");
    OtherName user =
        new OtherName(
            new ASN1ObjectIdentifier("1.3.6.1.4.1.57264.1.7"), new DERUTF8String("carol!corp"));
    named("user-name", new GeneralName(GeneralName.otherName, user), "carol!corp");
    String[][] others = {
      {"other", "mallory@example.com", TestSigstore.ISSUER},
      {"upper-case", "ALICE@example.com", TestSigstore.ISSUER},
      {"part", "alice@example", TestSigstore.ISSUER},
      {"pattern", ".*", TestSigstore.ISSUER},
      {"other-provider", TestSigstore.IDENTITY, "https://accounts.example.org"},
      {"provider-with-slash", TestSigstore.IDENTITY, TestSigstore.ISSUER + "/"},
      {"provider-part", TestSigstore.IDENTITY, "https://accounts.example"}
    };
    for (String[] each : others) {
      kit.add(
          Vector.of("identity-" + each[0], "another signer than the one asked for", "8.2")
              .option("identity", each[1])
              .option("identity-provider", each[2])
              .option("trusted-root", kit.trustedRoot)
              .expected("WRONG_IDENTITY"),
          good1());
    }
    String[][] patterns = {
      {"matching", ".*@example\\.com", Vector.VERIFIED}, {"in-part", "alice", "WRONG_IDENTITY"}
    };
    for (String[] each : patterns) {
      kit.add(
          Vector.of("identity-regexp-" + each[0], "a regular expression for all of it", "8.2")
              .option("identity-regexp", each[1])
              .option("identity-provider", TestSigstore.ISSUER)
              .option("trusted-root", kit.trustedRoot)
              .expected(each[2]),
          good1());
    }
  }

  private void named(String name, GeneralName in, String identity) {
    TestSigstore sigstore = kit.sigstore();
    X509Certificate certificate = sigstore.certify(kit.key("signer").getPublic(), in, START);
    kit.add(
        Vector.of("identity-" + name, "a signer of another kind", "8.2")
            .option("identity", identity)
            .option("identity-provider", TestSigstore.ISSUER)
            .option("trusted-root", kit.trustedRoot),
        kit.signing(sigstore, certificate).logDsse1(SOON).bundle());
  }

  private void materials() {
    TestSigstore sigstore = kit.sigstore();
    TestSigning signing = kit.signing(sigstore).logDsse1(SOON);
    Bundle bundle = signing.bundle();
    X509CertificateChain chain =
        new X509CertificateChain(List.of(Bytes.of(signing.der()), sigstore.intermediateDer()));
    kit.add(
        "chain",
        "a chain in place of a certificate, as bundles before v0.3 have",
        Vector.VERIFIED,
        with(bundle, chain));
    kit.add(
        "chain-without-entries",
        "a chain and no log entry, so it is of the method certificate",
        "WRONG_METHOD",
        Bundle.of(chain, bundle.envelope()));
    kit.add(
        "no-entries",
        "a certificate and no log entry",
        LOG,
        Bundle.of(bundle.verificationMaterial(), bundle.envelope()));
    kit.add(
        "bare-key",
        "a bundle of the method key",
        "WRONG_METHOD",
        VectorKit.json(bundle)
            .replaceAll("\"certificate\":\\{[^}]*}", "\"publicKey\":{\"hint\":\"00\"}"));
    kit.add(
        "certificate-rubbish",
        "a certificate that is none",
        CERTIFICATE,
        VectorKit.json(bundle)
            .replaceAll("(\"certificate\":\\{\"rawBytes\":)\"[^\"]*\"", "$1\"cnViYmlzaA==\""));
  }

  private static Bundle with(Bundle bundle, X509CertificateChain chain) {
    return new Bundle(
        bundle.mediaType(),
        chain,
        bundle.tlogEntries(),
        bundle.rfc3161Timestamps(),
        bundle.envelope());
  }

  private void certificates() {
    TestSigstore stranger = new TestSigstore(kit.plan("-other"));
    KeyPair pair = kit.key("signer");
    certificate(
        "of-another-authority",
        "a certificate of an authority that nobody trusts",
        stranger.certify(pair.getPublic(), START));
    TestSigstore sigstore = kit.sigstore();
    certificate(
        "of-another-certificate-log",
        "a certificate that no trusted log has seen",
        sigstore.certify(
            pair.getPublic(),
            VectorKit.alice(),
            START,
            kit.key("sigstore-certificate-log-other"),
            KeyPurposeId.id_kp_codeSigning));
    certificate(
        "for-tls",
        "a certificate for another purpose",
        sigstore.certify(
            pair.getPublic(),
            VectorKit.alice(),
            START,
            kit.key("sigstore-certificate-log"),
            KeyPurposeId.id_kp_serverAuth));
    extra(
        "of-an-authority",
        "a certificate that may issue others",
        builder ->
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true)));
    extra(
        "with-damaged-name-constraints",
        "an extension that cannot be read",
        builder -> builder.addExtension(Extension.nameConstraints, false, new ASN1Integer(1)));
    extra(
        "with-unknown-critical-extension",
        "a critical extension that nobody knows",
        builder ->
            builder.addExtension(
                new ASN1ObjectIdentifier("1.2.3.4"), true, new DERUTF8String("?")));
    // The list of time stamps is about the certificate without it, so any other one breaks it.
    TestSigstore before = kit.sigstore();
    X509Certificate other =
        before.certify(
            pair.getPublic(), new GeneralName(GeneralName.rfc822Name, "bob@example.com"), START);
    kit.add(
        "certificate-timestamp-of-another",
        "a certificate timestamp that is about another certificate",
        CERTIFICATE,
        kit.signing(before, before.withTimestampOf(other, before.certify(pair.getPublic(), START)))
            .logDsse1(SOON)
            .bundle());
    kit.add(
        "certificate-timestamp-missing",
        "a certificate without a certificate timestamp",
        CERTIFICATE,
        kit.signing(
                before,
                before.certify(
                    pair.getPublic(),
                    new TestSigstore.Certified(VectorKit.alice(), START).seen(Optional.empty())))
            .logDsse1(SOON)
            .bundle());
  }

  private void certificate(String name, String about, X509Certificate certificate) {
    kit.add(
        "certificate-" + name,
        about,
        CERTIFICATE,
        kit.signing(kit.sigstore(), certificate).logDsse1(SOON).bundle());
  }

  private void extra(String name, String about, TestSigstore.Extra extra) {
    TestSigstore sigstore = kit.sigstore();
    sigstore.signers = extra;
    certificate(name, about, sigstore.certify(kit.key("signer").getPublic(), START));
  }

  private void signatures() {
    TestSigstore sigstore = kit.sigstore();
    X509Certificate certificate = sigstore.certify(kit.key("p256-other").getPublic(), START);
    kit.add(
        "signature-by-another-key-1",
        "a signature by another key, which the log has all the same",
        "INVALID_SIGNATURE",
        kit.signing(sigstore, certificate).logDsse1(SOON).bundle());
    kit.add(
        "signature-by-another-key-2",
        "the same with Rekor v2",
        "INVALID_SIGNATURE",
        kit.signing(kit.sigstore(), certificate).logHashedRekord2().timestamp(SOON).bundle());
    String changed = new StatementText().file("a", "evil").toString();
    Bundle other = kit.signing(kit.sigstore(), changed).logDsse1(SOON).bundle();
    Bundle good = good1();
    kit.add(
        "payload-of-another-signing",
        "the envelope of another signing by the same signer",
        LOG,
        new Bundle(
            good.mediaType(),
            good.verificationMaterial(),
            good.tlogEntries(),
            good.rfc3161Timestamps(),
            other.envelope()));
    kit.add(
        "statement-malformed",
        "a payload that is not about a model, validly signed and logged",
        Vector.MALFORMED_BUNDLE,
        kit.signing(kit.sigstore(), "{\"hello\":\"world\"}").logDsse1(SOON).bundle());
    String outside = new StatementText().file("a", "alpha").file("../b", "gamma").toString();
    kit.add(
        "statement-name-outside",
        "a name that leads out of the model, validly signed and logged",
        Vector.MALFORMED_BUNDLE,
        kit.signing(kit.sigstore(), outside).logDsse1(SOON).bundle());
  }

  private void times() {
    kit.add("no-time", "nobody says when it was signed", TIME, logged2().bundle());
    for (long seconds : new long[] {-1, 601, 86_400, -86_400}) {
      Instant time = START.plusSeconds(seconds);
      String name = seconds < 0 ? "before-" + -seconds : "after-" + seconds;
      kit.add(
          "time-stamp-" + name,
          "a time stamp at which the certificate was not valid",
          CERTIFICATE,
          logged2().timestamp(time).bundle());
      kit.add(
          "entry-" + name,
          "an entry of a time at which the certificate was not valid",
          CERTIFICATE,
          kit.signing(kit.sigstore()).logDsse1(time).bundle());
    }
    Instant late = START.plusSeconds(601);
    kit.add(
        "time-stamp-late-beside-entry",
        "an entry in time, and a time stamp too late",
        CERTIFICATE,
        kit.signing(kit.sigstore()).logDsse1(SOON).timestamp(late).bundle());
    kit.add(
        "entry-late-beside-time-stamp",
        "a time stamp in time, and an entry too late",
        CERTIFICATE,
        kit.signing(kit.sigstore()).logDsse1(late).timestamp(SOON).bundle());
    Instant future = Instant.parse("2118-01-01T00:00:00Z");
    TestSigstore sigstore = kit.sigstore();
    X509Certificate certificate = sigstore.certify(kit.key("signer").getPublic(), future);
    kit.add(
        "time-stamp-of-the-future",
        "certificate and time stamp of the future",
        TIME,
        kit.signing(sigstore, certificate)
            .logHashedRekord2()
            .timestamp(future.plusSeconds(5))
            .bundle());
    TestSigstore logging = kit.sigstore();
    kit.add(
        "entry-of-the-future",
        "certificate and entry of the future",
        LOG,
        kit.signing(logging, certificate).logDsse1(future.plusSeconds(5)).bundle());
  }

  private void stamps() {
    TestSigning signing = logged2();
    Bytes signature = signing.envelope.signature();
    TestSigstore sigstore = kit.sigstore();
    stamp(
        "of-a-stranger",
        "an authority that nobody trusts",
        new TestSigstore(kit.plan("-other")).timeAuthority().stamp(signature, SOON));
    stamp(
        "over-other-bytes",
        "over the payload in place of the signature",
        sigstore.timeAuthority().stamp(signing.envelope.payload().content(), SOON));
    stamp(
        "sha-1-imprint",
        "a digest by SHA-1",
        sigstore.timeAuthority().stamp(signature, SOON, TSPAlgorithms.SHA1, "SHA-1"));
    stamp(
        "sha-1-signature",
        "a token signed by ECDSA with SHA-1",
        sigstore.timeAuthority().signingWith("SHA1withECDSA").stamp(signature, SOON));
    stamp("rubbish", "no response", Bytes.of(new byte[] {0x30, 0}));
    byte[] changed = sigstore.timeAuthority().stamp(signature, SOON).toArray();
    changed[changed.length - 1] ^= 1;
    stamp("changed", "the last byte of its signature was changed", Bytes.of(changed));
  }

  private void stamp(String name, String about, Bytes token) {
    kit.add("time-stamp-" + name, about, TIME, logged2().bundle().withTimestamp(token));
    kit.add(
        "time-stamp-" + name + "-beside-good",
        about + ", beside a good one",
        TIME,
        logged2().timestamp(SOON).bundle().withTimestamp(token));
  }
}
