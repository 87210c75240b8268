package dev.modelsigning.cli.sign;

import static dev.modelsigning.cli.Workspace.SIGNING_FAILED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.cli.Invocation;
import dev.modelsigning.cli.Workspace;
import dev.modelsigning.testing.TestCertificate;
import dev.modelsigning.testing.TestTimestampAuthority;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The report of a successful signing: time stamp, replaced file, command to verify it. */
class SigningReportTest {

  private final TestCertificate root = TestCertificate.root("CN=Root");
  private final TestCertificate stampRoot = TestCertificate.root("CN=TSA Root");

  @TempDir private Path directory;

  private Workspace workspace;

  @BeforeEach
  void makeWorkspace() throws Exception {
    workspace = Workspace.in(directory);
  }

  /** The words of the command that signing names, which have nothing to quote here. */
  private static Object[] command(Invocation signed) {
    List<String> lines = signed.assertSucceeded().out().lines().toList();
    int index = lines.indexOf("Verify it with:");
    assertThat(index).isPositive();
    assertThat(lines).hasSize(index + 2);
    String line = lines.get(index + 1);
    assertThat(line).startsWith("  model-signing verify ").doesNotContain("'");
    String[] words = line.strip().split(" ", -1);
    return Arrays.copyOfRange(words, 1, words.length);
  }

  private Invocation signByCertificate(TestCertificate signer, Object... more) throws Exception {
    Path key = signer.writeKey(workspace.path("signer.pem"));
    Path certificate = TestCertificate.write(workspace.path("signer.crt"), signer);
    Object[] first = {
      "sign",
      "certificate",
      workspace.model(),
      "--signature",
      workspace.signature(),
      "--private-key",
      key,
      "--signing-certificate",
      certificate
    };
    Object[] all = Arrays.copyOf(first, first.length + more.length);
    System.arraycopy(more, 0, all, first.length, more.length);
    return Invocation.of(all);
  }

  @Test
  void namesTheCommandThatVerifiesByAKey() {
    Invocation.of(command(workspace.sign())).assertSucceeded();
  }

  /** What lies beside the key may be the public key of another one. */
  @Test
  void namesNoPublicKeyThatIsOfAnother() throws Exception {
    Files.writeString(workspace.publicKey(), Files.readString(otherPublicKey()));

    assertThat(command(workspace.sign())).endsWith("--public-key", "PUBLIC_KEY");
  }

  private Path otherPublicKey() throws Exception {
    return Workspace.in(Files.createDirectory(directory.resolve("other"))).publicKey();
  }

  @Test
  void namesTheCommandThatVerifiesByACertificate() throws Exception {
    TestCertificate signer = root.signer("CN=Signer");
    Path trusted = TestCertificate.write(workspace.path("root.crt"), root);

    Invocation signed = signByCertificate(signer, "--certificate-chain", trusted);

    Invocation verified = Invocation.of(command(signed)).assertSucceeded();
    assertThat(verified.err()).isEmpty();
    assertThat(signed.out()).contains(" --certificate-identity CN=Signer\n");
  }

  @Test
  void namesNoAuthorityThatItDoesNotKnow() throws Exception {
    assertThat(command(signByCertificate(root.signer("CN=Signer"))))
        .contains("--certificate-chain", "TRUSTED_CERTIFICATES");
  }

  @Test
  void quotesForAShell() throws Exception {
    Path model = workspace.path("it's $HOME");
    Files.move(workspace.model(), model);

    assertThat(workspace.signModel(model).assertSucceeded().out())
        .contains("  model-signing verify key '" + directory + "/it'\\''s $HOME' --signature ");
  }

  @Test
  void saysThatASignatureWasReplaced() {
    assertThat(workspace.sign().assertSucceeded().out()).doesNotContain("replaced");
    assertThat(workspace.sign().assertSucceeded().out())
        .contains("signature    " + workspace.signature() + " (replaced the one before)\n");
  }

  @Test
  void saysNothingWhenQuiet() {
    assertThat(workspace.sign("--quiet").assertSucceeded().out()).isEmpty();
  }

  @Test
  void saysWhoStampedAndWhen() throws Exception {
    TestTimestampAuthority authority = TestTimestampAuthority.below(stampRoot);
    Path trusted = TestCertificate.write(workspace.path("tsa.crt"), stampRoot);
    try (TestTimestampAuthority.Server server = authority.serve()) {
      assertThat(workspace.sign("--tsa-url", server.uri()).assertSucceeded().out())
          .containsPattern(
              "\n  time stamp   20\\S+Z by CN=.* \\(nobody said whether to trust it\\)\n");

      Invocation signed =
          workspace.sign("--tsa-url", server.uri(), "--tsa-certificate-chain", trusted);

      assertThat(signed.assertSucceeded().out())
          .containsPattern("\n  time         20\\S+Z \\(timestamp by CN=.*\\)\n")
          .doesNotContain("nobody said");
      assertThat(Invocation.of(command(signed)).assertSucceeded().out())
          .contains("(timestamp by CN=");
    }
  }

  /** A key that cannot be opened is reported only if there is no simpler error. */
  @Test
  void findsSimpleMistakesBeforeAKeyIsOpened() {
    Path absent = workspace.path("absent");
    Path noKey = workspace.path("no-key.pem");
    workspace
        .signIn(Map.of(), absent, noKey, workspace.signature())
        .assertFailed(SIGNING_FAILED, absent + ": no such file or directory");
    workspace.signWith(noKey, "--jobs", "0").assertUsage("--jobs must be at least 1");
    workspace.signWith(noKey, "--shard-size", "0").assertUsage("--shard-size");
    workspace.signWith(noKey, "--tsa-url", "ftp://x/").assertUsage("--tsa-url");
    workspace
        .signWith(noKey, "--tsa-url", "http://x/", "--tsa-certificate-chain", absent)
        .assertFailed(SIGNING_FAILED, absent + ": no such file or directory");
  }

  /** The public instance's repository, which would be asked otherwise, cannot say any of this. */
  @Test
  void findsMistakesBeforeTheRepositoryIsAsked() {
    Path absent = workspace.path("absent");
    signKeyless(absent, workspace.signature())
        .assertFailed(SIGNING_FAILED, absent + ": no such file or directory");
    signKeyless(workspace.model(), absent.resolve("model.sig"))
        .assertFailed(SIGNING_FAILED, "its directory does not exist");
    signKeyless(workspace.model(), workspace.signature(), "--identity-token-file", absent)
        .assertFailed(SIGNING_FAILED, absent + ": no such file or directory");
    signKeyless(
            workspace.model(),
            workspace.signature(),
            "--identity-token=x",
            "--identity-token-file",
            absent)
        .assertUsage("exclude each other");
    signKeyless(workspace.model(), workspace.signature(), "--jobs", "0").assertUsage("--jobs");
  }

  private static Invocation signKeyless(Path model, Path signature, Object... more) {
    Object[] first = {"sign", "sigstore", model, "--signature", signature};
    Object[] all = Arrays.copyOf(first, first.length + more.length);
    System.arraycopy(more, 0, all, first.length, more.length);
    return Invocation.of(all);
  }
}
