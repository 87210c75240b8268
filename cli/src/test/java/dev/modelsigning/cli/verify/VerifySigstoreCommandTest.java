package dev.modelsigning.cli.verify;

import static dev.modelsigning.cli.Workspace.VERIFICATION_FAILED;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.modelsigning.cli.Invocation;
import dev.modelsigning.cli.Workspace;
import dev.modelsigning.vectors.VectorSet;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code verify sigstore} without a network, of one of the vectors of one's own. */
class VerifySigstoreCommandTest {

  private static final String IDENTITY = "alice@example.com";
  private static final String ISSUER = "https://accounts.example.com";

  @TempDir private Path directory;

  private Workspace workspace;
  private Path bundle;
  private Path trustedRoot;

  @BeforeEach
  void copyTheModel() throws Exception {
    workspace = Workspace.in(directory);
    bundle = VectorSet.root().resolve("sigstore/rekor-1.sigstore.json");
    trustedRoot = VectorSet.root().resolve("sigstore/files/trusted-root.json");
    workspace.write("signed/a", "alpha");
    workspace.write("signed/b/c", "gamma");
  }

  private Path model() {
    return workspace.path("signed");
  }

  /** Verifies the published model, which is to change nothing on disk. */
  private Invocation verify(Object... options) throws Exception {
    return verifyBy(bundle, options);
  }

  private Invocation verifyBy(Path signature, Object... options) throws Exception {
    List<Object> args =
        new ArrayList<>(List.of("verify", "sigstore", model(), "--signature", signature));
    args.addAll(List.of(options));
    return workspace.changingNothing(() -> Invocation.of(args.toArray()));
  }

  private Invocation verifyFor(String identity, String issuer, Object... more) throws Exception {
    List<Object> options =
        new ArrayList<>(
            List.of(
                "--trusted-root",
                trustedRoot,
                "--identity",
                identity,
                "--identity-provider",
                issuer));
    options.addAll(List.of(more));
    return verify(options.toArray());
  }

  @Test
  void verifiesWhatAliceSigned() throws Exception {
    Invocation verified = verifyFor(IDENTITY, ISSUER).assertSucceeded();

    assertThat(verified.out())
        .startsWith("Verification succeeded\n")
        .contains(
            "sigstore " + IDENTITY,
            ISSUER,
            "1005",
            "http://rekor.test:3000/api/v1/log/entries?logIndex=1005",
            "2026-03-04T05:06:12Z (transparency log by rekor.test:3000");
    assertThat(verified.err()).isEmpty();
  }

  @Test
  void verifiesWithoutTheMethodBeingNamed() throws Exception {
    Invocation.of(
            "verify",
            "--trusted_root",
            trustedRoot,
            "--identity=" + IDENTITY,
            "--identity_provider=" + ISSUER,
            "--signature",
            bundle,
            model())
        .assertSucceeded();
  }

  @Test
  void takesATrustConfigForATrustedRoot() throws Exception {
    Path config =
        workspace.write("config.json", "{\"trustedRoot\":" + Files.readString(trustedRoot) + "}");
    verify("--trust-config", config, "--identity", IDENTITY, "--identity-provider", ISSUER)
        .assertSucceeded();
  }

  @Test
  void refusesAChangedModel() throws Exception {
    workspace.write("signed/a", "changed");
    verifyFor(IDENTITY, ISSUER).assertFailed(VERIFICATION_FAILED, "changed (1):", "a: expected ");
  }

  @Test
  void refusesAFileThatIsNotSigned() throws Exception {
    workspace.write("signed/more", "more");
    verifyFor(IDENTITY, ISSUER).assertFailed(VERIFICATION_FAILED, "not signed (1):", "more");
  }

  // Who signed

  @Test
  void saysWhoSignedWhereItIsSomebodyElse() throws Exception {
    verifyFor("other@example.com", ISSUER)
        .assertFailed(
            VERIFICATION_FAILED,
            "somebody else signed (identity): expected 'other@example.com' by '" + ISSUER + "'",
            "the certificate is for '" + IDENTITY + "' by '" + ISSUER + "'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://accounts.google.com",
        "https://accounts.example.com/",
        "https://accounts.example",
        "http://accounts.example.com"
      })
  void saysWhoVouchedWhereItIsSomebodyElse(String issuer) throws Exception {
    verifyFor(IDENTITY, issuer)
        .assertFailed(
            VERIFICATION_FAILED,
            "somebody else signed (identity provider): expected",
            "by '" + issuer + "'",
            "the certificate is for '" + IDENTITY + "' by '" + ISSUER + "'");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          https://accounts.example.com/ | ; the providers differ only in the slash at the end, which counts
          https://oauth2.sigstore.dev/auth | ; this provider is where people sign in, and certificates name the one behind it
          https://github.com | ; providers with github in their name: 'https://github.com/login/oauth', 'https://token.actions.githubusercontent.com'
          GitHub | 'https://github.com/login/oauth'
          https://google.com | ; providers with google in their name: 'https://accounts.google.com'
          https://login.microsoftonline.com/common/v2.0 | 'https://login.microsoftonline.com'
          gitlab | 'https://gitlab.com'
          """)
  void saysWhichProviderMayBeMeant(String issuer, String hint) throws Exception {
    verifyFor(IDENTITY, issuer)
        .assertFailed(VERIFICATION_FAILED, "by '" + ISSUER + "' (OMS 8.2)", hint);
  }

  /** Those who signed chose what their certificate says. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://github.com/login/oauth",
        "https://accounts.google.com",
        "https://x.example"
      })
  void suggestsNoProviderForOneThatIsKnownOrNot(String issuer) throws Exception {
    verifyFor(IDENTITY, issuer)
        .assertFailed(VERIFICATION_FAILED, "by '" + ISSUER + "' (OMS 8.2)\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ALICE@example.com", "alice@example.co", " alice@example.com", ".*"})
  void comparesTheIdentityToTheLetter(String identity) throws Exception {
    verifyFor(identity, ISSUER).assertFailed(VERIFICATION_FAILED, "(identity)");
  }

  @ParameterizedTest
  @CsvSource({".*@example\\.com,true", "example\\.com,false", "alice,false", ".*,true"})
  void matchesTheWholeIdentityWithARegularExpression(String regexp, boolean matches)
      throws Exception {
    Invocation verified =
        verify(
            "--trusted-root",
            trustedRoot,
            "--identity-regexp",
            regexp,
            "--identity-provider",
            ISSUER);
    if (matches) {
      verified.assertSucceeded();
    } else {
      verified.assertFailed(VERIFICATION_FAILED, "somebody else signed (identity)");
    }
  }

  // Options

  @Test
  void demandsToKnowWhoMustHaveSigned() throws Exception {
    verify("--identity-provider", ISSUER)
        .assertUsage("say who must have signed, with either --identity or --identity-regexp");
  }

  @Test
  void refusesAnIdentityThatIsExactAndAnExpressionAtOnce() throws Exception {
    verify("--identity", "a", "--identity-regexp", "a", "--identity-provider", ISSUER)
        .assertUsage("with either --identity or --identity-regexp");
  }

  @Test
  void demandsToKnowWhoMustHaveVouched() throws Exception {
    verify("--identity", IDENTITY)
        .assertUsage("Missing required option: '--identity-provider=URL'");
  }

  @Test
  void refusesEmptyNames() throws Exception {
    verify("--identity=", "--identity-provider", ISSUER).assertUsage("must not be empty");
    verify("--identity", IDENTITY, "--identity-provider=").assertUsage("must not be empty");
  }

  @Test
  void refusesARegularExpressionThatIsNone() throws Exception {
    verify("--identity-regexp", "(", "--identity-provider", ISSUER)
        .assertUsage("--identity-regexp: ");
  }

  @Test
  void refusesTwoFilesThatSayWhomToTrust() throws Exception {
    verifyFor(IDENTITY, ISSUER, "--trust-config", trustedRoot)
        .assertUsage("--trusted-root and --trust-config exclude each other");
  }

  // Whom to trust

  @ParameterizedTest
  @ValueSource(strings = {"", "rubbish", "[]", "{}", "{\"trustedRoot\": []}"})
  void refusesATrustedRootThatIsNone(String content) throws Exception {
    Path file = workspace.write("root.json", content);
    verify("--trusted-root", file, "--identity", IDENTITY, "--identity-provider", ISSUER)
        .assertFailed(VERIFICATION_FAILED, file);
  }

  @Test
  void refusesWhatTheTrustedRootDoesNotKnow() throws Exception {
    Path other = VectorSet.root().resolve("sigstore/files/root-of-another-instance.json");
    verify("--trusted-root", other, "--identity", IDENTITY, "--identity-provider", ISSUER)
        .assertFailed(VERIFICATION_FAILED, "the trusted root has no log ");
  }

  @Test
  void advisesOnlyOptionsThatItHasWhereTheAuthorityIsNotTrusted() throws Exception {
    JsonObject root = JsonParser.parseString(Files.readString(trustedRoot)).getAsJsonObject();
    root.add("certificateAuthorities", new JsonArray());
    Path file = workspace.write("root.json", root.toString());

    Invocation refused =
        verify("--trusted-root", file, "--identity", IDENTITY, "--identity-provider", ISSUER)
            .assertFailed(
                VERIFICATION_FAILED, "no trusted authority vouches", "Do not use this model.");

    assertThat(refused.err())
        .contains("--trusted-root")
        .doesNotContain("--certificate-chain")
        .doesNotContain("--tsa-certificate-chain");
  }

  // Other methods

  @Test
  void saysThatABundleWasSignedWithAKey() throws Exception {
    workspace.sign().assertSucceeded();
    verifyBy(
            workspace.signature(),
            "--trusted-root",
            trustedRoot,
            "--identity",
            IDENTITY,
            "--identity-provider",
            ISSUER)
        .assertFailed(VERIFICATION_FAILED, "signed with a bare key, not with Sigstore");
  }

  @Test
  void saysThatABundleWasSignedWithACertificate() throws Exception {
    Path other = VectorSet.root().resolve("certificate/chain.sigstore.json");

    Invocation refused =
        verifyBy(
                other,
                "--trusted-root",
                trustedRoot,
                "--identity",
                IDENTITY,
                "--identity-provider",
                ISSUER)
            .assertFailed(VERIFICATION_FAILED, "it was not signed with Sigstore");

    assertThat(refused.err())
        .doesNotContain("If its signer is to be trusted")
        .contains("signed with a certificate", "model-signing verify certificate " + model());
  }

  /** Nothing is asked of a network: the repository is not one that could answer here. */
  @Test
  void findsMistakesBeforeTheRepositoryIsAsked() {
    List<Object> asking = List.of("--identity", IDENTITY, "--identity-provider", ISSUER);
    Path absent = workspace.path("absent");
    Path byKey = VectorSet.root().resolve("key/p256.sigstore.json");

    verifySigstore(absent, bundle, asking)
        .assertFailed(VERIFICATION_FAILED, absent + ": no such file or directory");
    verifySigstore(model(), absent, asking)
        .assertFailed(VERIFICATION_FAILED, absent + ": no such file or directory");
    verifySigstore(model(), byKey, asking)
        .assertFailed(
            VERIFICATION_FAILED,
            "signed with a bare key, not with Sigstore",
            "model-signing verify key " + model() + " --signature " + byKey + " --public-key ");
    verifySigstore(model(), workspace.publicKey(), asking)
        .assertFailed(VERIFICATION_FAILED, workspace.publicKey() + ": ");
    verifySigstore(model(), bundle, asking, "--strict", "--ignore-unsigned-files")
        .assertUsage("--strict and --ignore-unsigned-files");
    verifySigstore(model(), bundle, asking, "--jobs", "0").assertUsage("--jobs");
  }

  private static Invocation verifySigstore(
      Path model, Path signature, List<Object> asking, Object... more) {
    List<Object> args = new ArrayList<>(List.of("verify", "sigstore", model));
    args.addAll(List.of("--signature", signature));
    args.addAll(asking);
    args.addAll(List.of(more));
    // The repository of the public instance: without a home there is no cache of it either.
    return Invocation.of(args.toArray());
  }

  @Test
  void refusesAKeylessBundleWhereAKeyIsGiven() {
    Invocation.of(
            "verify", "key", model(), "--signature", bundle, "--public-key", workspace.publicKey())
        .assertFailed(
            VERIFICATION_FAILED,
            "signed with a certificate, not with a bare key",
            "model-signing verify sigstore " + model() + " --signature " + bundle);
  }

  @Test
  void refusesAKeylessBundleWhereACertificateIsGiven() {
    Invocation.of(
            "verify",
            "certificate",
            model(),
            "--signature",
            bundle,
            "--certificate-chain",
            VectorSet.root().resolve("certificate/files/root.pem"))
        .assertFailed(
            VERIFICATION_FAILED,
            "the bundle was signed with Sigstore",
            "model-signing verify sigstore " + model());
  }

  // Verdicts for machines

  private static JsonObject json(Invocation invocation) {
    assertThat(invocation.out()).endsWith("}\n").hasLineCount(1);
    return JsonParser.parseString(invocation.out()).getAsJsonObject();
  }

  @Test
  void writesWhoSignedWhenAndWhereItIsRecordedAsJson() throws Exception {
    JsonObject verdict = json(verifyFor(IDENTITY, ISSUER, "--format=json").assertSucceeded());

    JsonObject signer = verdict.getAsJsonObject("signer");
    assertThat(verdict.get("verified").getAsBoolean()).isTrue();
    assertThat(signer.get("method").getAsString()).isEqualTo("SIGSTORE");
    assertThat(signer.get("name").getAsString()).isEqualTo(IDENTITY);
    assertThat(signer.get("identity").getAsString()).isEqualTo(IDENTITY);
    assertThat(signer.get("identityProvider").getAsString()).isEqualTo(ISSUER);
    assertThat(signer.getAsJsonArray("logEntries")).hasSize(1);
    JsonObject entry = signer.getAsJsonArray("logEntries").get(0).getAsJsonObject();
    assertThat(entry.get("index").getAsLong()).isEqualTo(1005);
    assertThat(entry.get("address").getAsString())
        .isEqualTo("http://rekor.test:3000/api/v1/log/entries?logIndex=1005");
    assertThat(verdict.getAsJsonArray("times")).hasSize(1);
    JsonObject time = verdict.getAsJsonArray("times").get(0).getAsJsonObject();
    assertThat(time.get("time").getAsString()).isEqualTo("2026-03-04T05:06:12Z");
    assertThat(time.get("source").getAsString()).isEqualTo("TRANSPARENCY_LOG");
    assertThat(time.get("authority").getAsString()).startsWith("rekor.test:3000");
  }

  @Test
  void writesTheReasonOfARefusalAsJson() throws Exception {
    JsonObject verdict = json(verifyFor("other", ISSUER, "--format=json"));

    assertThat(verdict.get("verified").getAsBoolean()).isFalse();
    assertThat(verdict.get("reason").getAsString()).isEqualTo("WRONG_IDENTITY");
    assertThat(verdict.get("message").getAsString()).contains("'" + IDENTITY + "'");
    assertThat(verdict.has("signer")).isFalse();
  }
}
