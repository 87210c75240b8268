package dev.modelsigning.cli.keys;

import static dev.modelsigning.cli.Workspace.SIGNING_FAILED;
import static dev.modelsigning.cli.Workspace.VERIFICATION_FAILED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.cli.Invocation;
import dev.modelsigning.cli.Workspace;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys that are named by a URI instead of a path. */
class KeyUriTest {

  @TempDir private Path directory;
  private Workspace workspace;

  @BeforeEach
  void makeWorkspace() throws Exception {
    workspace = Workspace.in(directory);
  }

  private Invocation sign(Object key, Object... options) {
    Object[] args = new Object[options.length + 7];
    Object[] first = {
      "sign",
      "key",
      workspace.model(),
      "--private-key",
      key,
      "--signature",
      workspace.path("model.sig")
    };
    System.arraycopy(first, 0, args, 0, 7);
    System.arraycopy(options, 0, args, 7, options.length);
    return Invocation.of(args);
  }

  private Invocation verify(Object key) {
    return Invocation.of(
        "verify",
        "key",
        workspace.model(),
        "--signature",
        workspace.path("model.sig"),
        "--public-key",
        key);
  }

  @Test
  void signsAndVerifiesWithFilesByTheirUri() {
    sign(workspace.privateKey().toUri()).assertSucceeded();
    verify(workspace.publicKey().toUri()).assertSucceeded();
    verify("file:" + workspace.publicKey()).assertSucceeded();
  }

  @ParameterizedTest
  @CsvSource({
    "nosuch://x, no key provider knows the scheme 'nosuch'; known schemes: awskms",
    "gcpkms://projects/x, keys in Google Cloud KMS are left out on purpose",
    "gcpkms://projects/x, use the PKCS #11 library of the service and a pkcs11: URI",
    "GCPKMS://projects/x, keys in Google Cloud KMS are left out on purpose",
    "azurekms://vault.example/x, keys in Azure Key Vault are left out on purpose",
    "azurekms://vault.example/x, known schemes: awskms",
    "awskms://x, expected awskms:///KEY or awskms://ENDPOINT/KEY",
    "hashivault://, has no name in it; write that of the key after 'hashivault://'",
    "openbao://, has no name in it; write that of the key after 'openbao://'",
    "awskms:///, expected awskms:///KEY",
    "hashivault://x/y, expected hashivault://KEY",
    "file://host/x, expected the URI of a file on this machine",
    "pkcs11:object=a b, is damaged at character",
    "pkcs11:object=a?module-name=there-is-none, no PKCS #11 module 'there-is-none' was found",
    "pkcs11:x=y, expected before"
  })
  void saysWhatIsWrongWithTheUri(String uri, String words) throws Exception {
    workspace.changingNothing(() -> sign(uri)).assertFailed(SIGNING_FAILED, words);
    workspace.write("model.sig", "{}");
    verify(uri).assertFailed(VERIFICATION_FAILED, words);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pkcs11:object=a?pin-value=SECRET&module-name=there-is-none",
        "pkcs11:object=a?pin-value=SECRET%zz",
        "pkcs11:object=a b?pin-value=SECRET",
        "pkcs11:object=a?pin-value=a&SECRET=b",
        "nosuch://x?token=SECRET",
        "file:key.pem?pin-value=SECRET"
      })
  void neverShowsASecret(String uri) {
    for (Invocation run :
        new Invocation[] {sign(uri), verify(uri), sign(uri, "--log-level", "DEBUG")}) {
      assertThat(run.out() + run.err()).doesNotContain("SECRET");
      assertThat(run.status()).isEqualTo(1);
    }
  }

  @Test
  void writesNoSignatureOverTheFileOfAUri() throws Exception {
    workspace
        .changingNothing(() ->
            Invocation.of(
                "sign",
                "key",
                workspace.model(),
                "--private-key",
                workspace.privateKey().toUri(),
                "--signature",
                workspace.privateKey()))
        .assertFailed(SIGNING_FAILED, workspace.privateKey());
  }

  @Test
  void takesWhatBeginsWithADotForAPath() throws Exception {
    Files.copy(workspace.privateKey(), directory.resolve("pkcs11:key"));
    // The tests run somewhere else, so the path goes there first.
    Path relative = Path.of("").toAbsolutePath().relativize(directory).resolve("pkcs11:key");
    assertThat(relative.toString()).startsWith("..");
    sign(relative).assertSucceeded();
  }

  @Test
  void signsWithACertificateAndAKeyByItsUri() {
    Invocation.of(
            "sign",
            "certificate",
            workspace.model(),
            "--private-key",
            "nosuch://x",
            "--signing-certificate",
            workspace.path("missing.pem"))
        .assertFailed(SIGNING_FAILED, "no key provider knows the scheme 'nosuch'");
  }

  // --- what is shown of a name of a key

  @ParameterizedTest
  @ValueSource(
      strings = {
        "file:key.pem?pin-value=SECRET",
        "file:key.pem?token=SECRET",
        "file:key.pem#SECRET",
        "file:/key.pem?password=SECRET",
        "file://user:SECRET@host/key.pem",
        "file:a%00?SECRET",
        "pkcs12:token=a?pin-value=SECRET",
        "pkcs11:object=a?pin-value=SECRET&module-name=there-is-none"
      })
  void showsNoSecretInAVerdictForMachines(String uri) throws Exception {
    workspace.write("model.sig", "{}");
    Invocation run =
        Invocation.of(
            "verify",
            "key",
            workspace.model(),
            "--signature",
            workspace.path("model.sig"),
            "--format",
            "json",
            "--log-level",
            "DEBUG",
            "--public-key",
            uri);
    assertThat(run.out() + run.err()).doesNotContain("SECRET");
    assertThat(run.out()).startsWith("{\"verified\":false");
    assertThat(run.status()).isEqualTo(1);
    run = sign(uri, "--log-level", "DEBUG");
    assertThat(run.out() + run.err()).doesNotContain("SECRET");
    assertThat(run.status()).isEqualTo(1);
  }

  // --- paths

  @Test
  void refusesAnEmptyNameAsWrongUsage() throws Exception {
    workspace.changingNothing(() -> sign("")).assertUsage("--private-key", "the path is empty");
    workspace.write("model.sig", "{}");
    verify("").assertUsage("--public-key", "the path is empty");
    Invocation.of(
            "sign",
            "certificate",
            workspace.model(),
            "--private-key",
            "",
            "--signing-certificate",
            workspace.path("missing.pem"))
        .assertUsage("--private-key", "the path is empty");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pkcs11:token=x",
        "file:key.pem",
        "FILE:key.pem",
        "nosuch://x",
        "pkcs11:?pin-value=1"
      })
  void makesNoKeyInAFileThatWouldNotBeFoundByItsName(String uri) throws Exception {
    for (String option : new String[] {"--private-key", "--public-key"}) {
      String other = option.equals("--private-key") ? "--public-key" : "--private-key";
      workspace
          .changingNothing(
              () -> Invocation.of("generate-key", option, uri, other, workspace.path("other")))
          .assertUsage(option, "expected the path of a file", "./");
      assertThat(Path.of(uri)).doesNotExist();
    }
  }
}
