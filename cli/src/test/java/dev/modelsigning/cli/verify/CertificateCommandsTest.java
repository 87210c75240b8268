package dev.modelsigning.cli.verify;

import static dev.modelsigning.cli.Workspace.SIGNING_FAILED;
import static dev.modelsigning.cli.Workspace.VERIFICATION_FAILED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.cli.Invocation;
import dev.modelsigning.cli.Workspace;
import dev.modelsigning.internal.pkix.Certificates;
import dev.modelsigning.testing.SharedVectors;
import dev.modelsigning.testing.TestCertificate;
import dev.modelsigning.testing.TestOcspResponder;
import dev.modelsigning.testing.TestTimestampAuthority;
import dev.modelsigning.testing.WithSharedVectors;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.bouncycastle.asn1.x509.GeneralName;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code sign certificate} and {@code verify certificate}, as users run them. */
class CertificateCommandsTest {

  @TempDir private Path directory;

  private final TestCertificate root = TestCertificate.root("CN=Root");
  private final TestCertificate middle = root.authority("CN=Issuing");
  private final TestCertificate leaf =
      TestCertificate.named("CN=Release,O=Bank")
          .signer()
          .names(GeneralName.rfc822Name, "release@bank.example")
          .issuedBy(middle);
  private final TestCertificate stampRoot = TestCertificate.root("CN=TSA Root");
  private final TestTimestampAuthority stamper = TestTimestampAuthority.below(stampRoot);

  private Workspace workspace;
  private Path key;
  private Path certificate;
  private Path chain;
  private Path trusted;

  @BeforeEach
  void writeFiles() throws Exception {
    workspace = Workspace.in(directory);
    key = leaf.writeKey(workspace.path("leaf.pem"));
    certificate = TestCertificate.write(workspace.path("leaf.crt"), leaf);
    chain = TestCertificate.write(workspace.path("chain.crt"), middle);
    trusted = TestCertificate.write(workspace.path("root.crt"), root);
  }

  private Invocation signWithout(Object... options) {
    return signIn(Map.of(), options);
  }

  private Invocation signIn(Map<String, String> environment, Object... options) {
    List<Object> args =
        new ArrayList<>(
            List.of(
                "sign", "certificate", workspace.model(), "--signature", workspace.signature()));
    args.addAll(List.of(options));
    return Invocation.in(environment, args.toArray());
  }

  private Invocation sign(Object... more) {
    List<Object> options =
        new ArrayList<>(
            List.of(
                "--private-key",
                key,
                "--signing-certificate",
                certificate,
                "--certificate-chain",
                chain));
    options.addAll(List.of(more));
    return signWithout(options.toArray());
  }

  private Invocation verifyWithout(Object... options) {
    List<Object> args =
        new ArrayList<>(
            List.of(
                "verify", "certificate", workspace.model(), "--signature", workspace.signature()));
    args.addAll(List.of(options));
    return Invocation.of(args.toArray());
  }

  private Invocation verify(Object... more) {
    List<Object> options = new ArrayList<>(List.of("--certificate-chain", trusted));
    options.addAll(List.of(more));
    return verifyWithout(options.toArray());
  }

  @Test
  void warnsOfAChainThatVerifiersCannotFollow() {
    String unreachable = "warning: the chain ends at 'CN=Issuing', and the certificate of its";
    assertThat(sign().assertSucceeded().err()).contains(unreachable);
    assertThat(sign("--certificate-chain", trusted).assertSucceeded().err())
        .doesNotContain("warning:");

    Invocation signed =
        signWithout("--private-key", key, "--signing-certificate", certificate).assertSucceeded();

    assertThat(signed.err())
        .contains("warning: the chain ends at ")
        .contains("and the certificate of its issuer 'CN=Issuing' is not in it: ");
    verify().assertFailed(VERIFICATION_FAILED, "'CN=Issuing' is neither trusted nor in");
    // Who has it needs no chain.
    verifyWithout("--certificate-chain", chain).assertSucceeded();
  }

  @Test
  void signsAndVerifiesAndSaysWhoItWas() {
    Invocation signed = sign().assertSucceeded();
    assertThat(signed.out()).contains("Signing succeeded\n", "signer       certificate ");

    Invocation verified =
        verify("--certificate-identity", "release@bank.example").assertSucceeded();

    assertThat(verified.out())
        .contains("Verification succeeded\n")
        .contains("signer       certificate release@bank.example\n")
        .containsPattern("\n  subject      (CN=Release, O=Bank|O=Bank, CN=Release)\n")
        .contains("names        release@bank.example\n")
        .contains("issuer       CN=Issuing\n")
        .containsPattern("serial +[0-9A-F]+\n")
        .containsPattern("fingerprint +sha256:[0-9a-f]{64}\n")
        .containsPattern("not before +20\\d\\d-.*Z\n")
        .containsPattern("not after +20\\d\\d-.*Z\n")
        .contains("revocation   not checked\n")
        .containsPattern("time +20\\d\\d-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ \\(current time\\)\n");
    assertThat(verified.err()).isEmpty();
  }

  @Test
  void warnsThatAnybodyWouldPassIfNobodyIsNamed() {
    sign().assertSucceeded();

    assertThat(verify().assertSucceeded().errorLines())
        .singleElement()
        .asString()
        .startsWith("warning: nobody was named who must have signed")
        .contains("anybody certified by 'CN=Root' would pass");
    assertThat(verify("--format", "json").assertSucceeded().out())
        .contains("\"nobody was named who must have signed");
  }

  @Test
  void takesThePythonToolsSpelling() {
    sign().assertSucceeded();
    verifyWithout("--certificate_chain", trusted, "--log_fingerprints").assertSucceeded();
  }

  @Test
  void printsFingerprintsLikeThePythonTool() {
    sign().assertSucceeded();
    List<String> lines =
        verify("--log-fingerprints", "--certificate-identity", "release@bank.example")
            .assertSucceeded()
            .errorLines();
    assertThat(lines)
        .containsExactly(
            "[  init  ] sha256 Fingerprint: " + colons(root),
            "[ verify ] sha256 Fingerprint: " + colons(middle),
            "[ verify ] sha256 Fingerprint: " + colons(leaf));
  }

  private static String colons(TestCertificate certificate) {
    return Certificates.fingerprint(certificate.certificate())
        .toUpperCase(Locale.ROOT)
        .replaceAll("(..)(?=.)", "$1:");
  }

  @Test
  void takesSeveralFilesAndSeveralCertificatesInOne() throws Exception {
    Path both = TestCertificate.write(workspace.path("both.crt"), middle, root);
    signWithout(
            "--private-key", key, "--signing-certificate", certificate, "--certificate-chain", both)
        .assertSucceeded();
    verify("--certificate-chain", both).assertSucceeded();
  }

  @Test
  void trustsThePlatformIfNothingIsGiven() {
    sign().assertSucceeded();
    verifyWithout().assertFailed(VERIFICATION_FAILED, "to a trusted certificate");
  }

  @Test
  void printsTheVerdictAsJson() {
    sign().assertSucceeded();
    assertThat(verify("--format", "json").assertSucceeded().out())
        .contains(
            "\"signer\":{\"method\":\"CERTIFICATE\",\"name\":\"release@bank.example\",\"names\":[")
        .contains("\"issuer\":\"CN=Issuing\"", "\"serial\":", "\"fingerprint\":\"sha256:")
        .contains("\"notBefore\":\"20", "\"notAfter\":\"20")
        .containsPattern("\"times\":\\[\\{\"time\":\"20[^\"]*Z\",\"source\":\"CURRENT_TIME\"}]");
    Invocation refused = verify("--format", "json", "--certificate-identity", "somebody");
    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.out()).contains("\"verified\":false", "\"reason\":\"WRONG_IDENTITY\"");
  }

  // --- keys and stores

  @Test
  void signsFromAKeyStoreWithAPasswordFromTheEnvironment() throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry(
        "release",
        leaf.keys().getPrivate(),
        "secret".toCharArray(),
        new Certificate[] {leaf.certificate(), middle.certificate()});
    Path file = workspace.path("release.p12");
    try (var out = Files.newOutputStream(file)) {
      store.store(out, "secret".toCharArray());
    }
    signIn(Map.of("MODEL_SIGNING_PASSWORD", "secret"), "--keystore", file).assertSucceeded();
    verify().assertSucceeded();
    signWithout("--keystore", file, "--alias", "release", "--password", "secret").assertSucceeded();
    assertThat(
            signWithout("--keystore", file, "--password", "hidden")
                .assertFailed(SIGNING_FAILED, file + ": the password is wrong")
                .err())
        .doesNotContain("hidden");
    signWithout("--keystore", file)
        .assertFailed(SIGNING_FAILED, "give its password with --password-file");
    signWithout("--keystore", file, "--alias", "other", "--password", "secret")
        .assertFailed(SIGNING_FAILED, "no private key with the alias 'other'", "'release'");
  }

  @Test
  void refusesHalfOfWhatItNeeds() {
    signWithout().assertUsage("give both --private-key and --signing-certificate, or --keystore");
    signWithout("--private-key", key).assertUsage("give both");
    signWithout("--signing-certificate", certificate).assertUsage("give both");
    signWithout("--private-key", key, "--signing-certificate", certificate, "--keystore", key)
        .assertUsage("--keystore excludes");
    sign("--alias", "x").assertUsage("--alias needs --keystore");
    sign("--tsa-url", "ftp://x/").assertUsage("--tsa-url: expected an http or https address");
    sign("--tsa-url", "not a url").assertUsage("expected an address");
    sign("--tsa-certificate-chain", trusted).assertUsage("needs --tsa-url");
  }

  @Test
  void refusesACertificateOfAnotherKey() throws Exception {
    Path other = TestCertificate.write(workspace.path("other.crt"), middle.signer("CN=Other"));
    workspace
        .changingNothing(() -> signWithout("--private-key", key, "--signing-certificate", other))
        .assertFailed(
            SIGNING_FAILED, "the private key is not the one of the certificate 'CN=Other'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"leaf.pem", "leaf.crt", "chain.crt"})
  void refusesToReplaceItsInputsByTheSignature(String input) throws Exception {
    Path file = workspace.path(input);
    workspace
        .changingNothing(() -> sign("--signature", file))
        .assertFailed(SIGNING_FAILED, file + ": the signature would replace a key, certificate");
  }

  @Test
  void saysWhichFileItCannotRead() {
    Path missing = workspace.path("missing.pem");
    signWithout("--private-key", missing, "--signing-certificate", certificate)
        .assertFailed(SIGNING_FAILED, missing + ": no such file or directory");
    signWithout("--private-key", key, "--signing-certificate", missing)
        .assertFailed(SIGNING_FAILED, missing + ": no such file or directory");
    sign().assertSucceeded();
    verify("--certificate-chain", missing)
        .assertFailed(VERIFICATION_FAILED, missing + ": no such file or directory");
    verify("--crl", missing).assertFailed(VERIFICATION_FAILED, missing + ": no such file");
    verify("--crl", trusted)
        .assertFailed(VERIFICATION_FAILED, trusted + ": holds no revocation list");
    verify("--tsa-certificate-chain", key)
        .assertFailed(VERIFICATION_FAILED, key + ": holds no certificate but a private key");
    verify("--tsa-certificate-chain", certificate)
        .assertFailed(
            VERIFICATION_FAILED, certificate + ": there is no certificate of an authority");
  }

  // --- who

  @Test
  void acceptsOnlyTheSignerThatIsNamed() {
    sign().assertSucceeded();
    String fingerprint = Certificates.fingerprint(leaf.certificate());
    verify("--certificate-identity", "release@bank.example").assertSucceeded();
    verify("--certificate-fingerprint", fingerprint).assertSucceeded();
    verify("--certificate-identity", "x", "--certificate-identity", "release@bank.example")
        .assertSucceeded();
    verify("--certificate-identity", "other@bank.example")
        .assertFailed(
            VERIFICATION_FAILED,
            workspace.signature(),
            "the signer is somebody else: expected 'other@bank.example'",
            "'release@bank.example'");
    verify("--certificate-fingerprint", "0".repeat(64))
        .assertFailed(VERIFICATION_FAILED, "another certificate", fingerprint);
    verify("--certificate-identity", "")
        .assertUsage("--certificate-identity: the name of the signer is empty");
    verify("--certificate-fingerprint", "abc")
        .assertUsage("--certificate-fingerprint: expected a SHA-256 fingerprint");
  }

  // --- time

  @Test
  void outlivesTheCertificateByATimestamp() throws Exception {
    Path stampTrust = TestCertificate.write(workspace.path("tsa.crt"), stampRoot);
    try (TestTimestampAuthority.Server server = stamper.serve()) {
      sign("--tsa-url", server.uri(), "--tsa-certificate-chain", stampTrust).assertSucceeded();
    }
    assertThat(verify("--tsa-certificate-chain", stampTrust).assertSucceeded().out())
        .contains("(timestamp by CN=Test TSA)");

    // The same model, signed and stamped an hour ago by a certificate that ended since.
    Instant then = Instant.now().minus(Duration.ofHours(1));
    TestCertificate brief =
        TestCertificate.named("CN=Brief")
            .signer()
            .valid(then.minusSeconds(60), then.plusSeconds(60))
            .issuedBy(root);
    Bytes payload = Bundle.read(workspace.signature()).envelope().payload().content();
    Bundle signed = brief.bundle(new String(payload.toArray(), StandardCharsets.UTF_8));
    stamper.stamp(signed, then).write(workspace.signature());
    assertThat(verify("--tsa-certificate-chain", stampTrust).assertSucceeded().out())
        .contains("(timestamp by CN=Test TSA)");
    assertThat(
            verify("--tsa-certificate-chain", stampTrust, "--format", "json")
                .assertSucceeded()
                .out())
        .contains("\"source\":\"TIMESTAMP\",\"authority\":\"CN=Test TSA\"");
    verify().assertFailed(VERIFICATION_FAILED, "the certificate 'CN=Brief' expired at ");
    verify("--tsa-certificate-chain", trusted)
        .assertFailed(VERIFICATION_FAILED, "expired at ", "rfc3161Timestamps[0] does not count");
  }

  @Test
  void stampsASignatureByAKey() throws Exception {
    Path stampTrust = TestCertificate.write(workspace.path("tsa.crt"), stampRoot);
    try (TestTimestampAuthority.Server server = stamper.serve()) {
      workspace.sign("--tsa-url", server.uri()).assertSucceeded();
    }
    assertThat(workspace.verify("--tsa-certificate-chain", stampTrust).assertSucceeded().out())
        .containsPattern("time +20.*Z \\(timestamp by CN=Test TSA\\)\n");
    assertThat(workspace.verify("--tsa-certificate-chain", trusted).assertSucceeded().err())
        .contains("warning: the time stamp rfc3161Timestamps[0] does not count");
  }

  @Test
  void writesNothingIfTheAuthorityFails() throws Exception {
    try (TestTimestampAuthority.Server server =
        new TestTimestampAuthority.Server((request, number) ->
            new TestTimestampAuthority.Reply(200, TestTimestampAuthority.rejection("closed")))) {
      workspace
          .changingNothing(() -> sign("--tsa-url", server.uri()))
          .assertFailed(SIGNING_FAILED, server.uri(), "rejected", "'closed'", "nothing was signed");
    }
  }

  @Test
  void verifiesAsOfARequestedTimeAndSaysSo() {
    sign().assertSucceeded();
    String future = Instant.now().plus(Duration.ofDays(400)).toString();
    verify("--verification-time", future)
        .assertFailed(VERIFICATION_FAILED, "expired at", "(requested)");
    Invocation verified = verify("--verification-time", Instant.now().toString()).assertSucceeded();
    assertThat(verified.out()).containsPattern("time +20.*Z \\(requested\\)\n");
    assertThat(verified.err())
        .contains("warning: certificates were verified as of a time that was asked for");
    verify("--verification-time", "2000-01-31")
        .assertFailed(VERIFICATION_FAILED, "is not valid before");
    verify("--verification-time", "yesterday")
        .assertUsage("expected a time such as 2026-01-31T12:00:00Z");
  }

  // --- revocation

  @Test
  void refusesWhatListsRevoke() throws Exception {
    sign().assertSucceeded();
    Path ofRoot = TestCertificate.write(workspace.path("root.crl"), root.revoking());
    Path good = TestCertificate.write(workspace.path("good.crl"), middle.revoking());
    Path bad = TestCertificate.write(workspace.path("bad.crl"), middle.revoking(leaf));

    assertThat(verify("--crl", ofRoot, "--crl", good).assertSucceeded().out())
        .contains("revocation   checked by the lists given\n");
    verify("--crl", ofRoot, "--crl", bad)
        .assertFailed(VERIFICATION_FAILED, "was revoked at ", "reason key compromise");
    verify("--crl", good).assertFailed(VERIFICATION_FAILED, "no revocation list of 'CN=Root'");
    assertThat(verify("--crl", good, "--revocation-soft-fail").assertSucceeded().err())
        .contains("warning: whether the certificate 'CN=Issuing' was revoked cannot be found out");
    verify("--revocation-soft-fail").assertUsage("needs --crl or --revocation-check");
    assertThat(verify("--crl", bad, "--format", "json").out()).contains("\"reason\":\"REVOKED\"");
  }

  @Test
  void asksOnline() throws Exception {
    try (TestOcspResponder responder = new TestOcspResponder().answeringFor(root)) {
      TestCertificate signer =
          TestCertificate.named("CN=Online").signer().ocsp(responder.ocsp()).issuedBy(root);
      Path signerKey = signer.writeKey(workspace.path("online.pem"));
      Path signerCertificate = TestCertificate.write(workspace.path("online.crt"), signer);
      signWithout("--private-key", signerKey, "--signing-certificate", signerCertificate)
          .assertSucceeded();
      assertThat(verify("--revocation-check").assertSucceeded().out())
          .contains("revocation   checked online\n");
      responder.revoke(signer);
      verify("--revocation-check").assertFailed(VERIFICATION_FAILED, "'CN=Online' was revoked at ");
    }
    verify("--revocation-check").assertFailed(VERIFICATION_FAILED, "cannot be found out");
  }

  // --- other methods, inspection

  @Test
  void refusesASignatureByAKeyAndTheOtherWayRound() {
    workspace.sign().assertSucceeded();
    verify().assertFailed(VERIFICATION_FAILED, "signed with a bare key, not with a certificate");
    sign().assertSucceeded();
    workspace
        .verify()
        .assertFailed(VERIFICATION_FAILED, "signed with a certificate, not with a bare key");
  }

  @Test
  void inspectsWithoutVerifying() {
    sign().assertSucceeded();
    assertThat(Invocation.of("inspect", workspace.signature()).assertSucceeded().out())
        .contains("NOT VERIFIED")
        .containsPattern("certificates +.*Release.*, issued by CN=Issuing, valid from 20")
        .containsPattern("\n +CN=Issuing, issued by CN=Root, valid from 20")
        .containsPattern("time stamps +0\n");
  }

  @Test
  @WithSharedVectors
  void verifiesTheOldestFormAndNamesIt() throws Exception {
    Path folder = SharedVectors.path("historical/v0.2.0-certificate");
    Invocation verified =
        Invocation.of(
                "verify",
                "certificate",
                folder.resolve("model"),
                "--signature",
                folder.resolve("bundle.sig"),
                "--certificate-chain",
                SharedVectors.path("historical/keys/ca-cert.pem"))
            .assertSucceeded();
    assertThat(verified.out()).contains("(signed without a name)");
    assertThat(verified.err()).contains("warning: ", "https://model_signing/Digests/v0.1");
  }
}
