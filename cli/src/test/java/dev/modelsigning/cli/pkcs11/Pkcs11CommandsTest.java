package dev.modelsigning.cli.pkcs11;

import static dev.modelsigning.cli.Workspace.SIGNING_FAILED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.cli.Invocation;
import dev.modelsigning.cli.Workspace;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The commands for hardware tokens that need no token. */
class Pkcs11CommandsTest {

  @TempDir private Path directory;
  private Workspace workspace;

  @BeforeEach
  void makeWorkspace() throws Exception {
    workspace = Workspace.in(directory);
  }

  private Invocation sign(Object... options) {
    Object[] args = new Object[options.length + 3];
    args[0] = "sign";
    args[1] = "pkcs11-key";
    args[2] = workspace.model();
    System.arraycopy(options, 0, args, 3, options.length);
    return Invocation.of(args);
  }

  @Test
  void asksForTheUri() {
    sign().assertUsage("--pkcs11-uri");
    Invocation.of("sign", "pkcs11-certificate", workspace.model())
        .assertUsage("--signing-certificate");
    Invocation.of("pkcs11", "public-key").assertUsage("--pkcs11-uri");
    Invocation.of("pkcs11").assertUsage("no command given; name one of: list, public-key");
  }

  @Test
  void saysWhatIsWrongWithTheUri() {
    sign("--pkcs11-uri", "key.pem").assertUsage("--pkcs11-uri: expected a PKCS #11 URI");
    sign("--pkcs11_uri", "pkcs11:token=a;token=b")
        .assertUsage("--pkcs11-uri: the attribute token occurs twice");
    Invocation.of("pkcs11", "list", "--pkcs11-uri", "pkcs11:x=y")
        .assertUsage("--pkcs11-uri: expected before '?'");
  }

  @Test
  void saysThatThereIsNoSuchModule() throws Exception {
    Path missing = workspace.path("missing.so");
    workspace
        .changingNothing(() -> sign("--pkcs11-uri", "pkcs11:object=a", "--module-path", missing))
        .assertFailed(SIGNING_FAILED, missing + ": does not exist, expected a PKCS #11 module");
    Path text = workspace.write("text.so", "text");
    sign("--pkcs11-uri", "pkcs11:object=a?module-path=" + text)
        .assertFailed(SIGNING_FAILED, text + ": cannot be loaded as a PKCS #11 module: ");
    Invocation.of("pkcs11", "list", "--pkcs11-uri", "pkcs11:?module-name=there-is-none")
        .assertFailed(
            "Listing tokens failed with error", "no PKCS #11 module 'there-is-none' was found in ");
    Invocation.of("pkcs11", "public-key", "--pkcs11-uri", "pkcs11:object=a?module-path=" + missing)
        .assertFailed("Reading the public key failed with error", missing);
  }

  @Test
  void saysAsJsonThatThereIsNoSuchModule() {
    Invocation refused =
        Invocation.of(
            "pkcs11", "list", "--format=json", "--pkcs11-uri", "pkcs11:?module-name=there-is-none");

    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.out())
        .startsWith("{\"verified\":false,")
        .contains("\"reason\":\"", "\"message\":\"no PKCS #11 module 'there-is-none' was found");
    assertThat(refused.err()).startsWith("Listing tokens failed with error: ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pkcs11:object=a?pin-value=SECRET",
        "pkcs11:object=a?pin-value=SECRET%zz",
        "pkcs11:object=a?pin-value=SECRET&pin-value=SECRET",
        "pkcs11:object=a;pin-value=SECRET",
        "pkcs11:object=a?pin-value=a&SECRET=b"
      })
  void neverShowsAPin(String uri) {
    String pinned = uri.contains("%zz") ? uri : uri + "&module-name=there-is-none";
    for (Invocation run :
        new Invocation[] {
          sign("--pkcs11-uri", pinned),
          sign("--pkcs11-uri", pinned, "--log-level", "DEBUG"),
          sign("--pkcs11-urj", pinned),
          sign("--pkcs11-uri=" + pinned, "--nonsense"),
          Invocation.of("sign", pinned),
          Invocation.of("sign", "pkcs11-key", pinned),
          Invocation.of("sign", "pkcs11-key", workspace.model(), pinned),
          Invocation.of("pkcs11", "list", "--pkcs11-uri", pinned),
          Invocation.of("pkcs11", "list", pinned),
          Invocation.of("pkcs11", "public-key", "--pkcs11-uri", pinned),
          Invocation.of(pinned)
        }) {
      assertThat(run.status()).isNotZero();
      assertThat(run.out() + run.err()).isNotEmpty();
      if (!uri.contains("&SECRET")) {
        assertThat(run.out() + run.err()).doesNotContain("SECRET");
      }
    }
  }

  @Test
  void refusesToReplaceTheCertificateByTheSignature() throws Exception {
    Path certificate = workspace.write("cert.pem", "certificate");
    Invocation.of(
            "sign",
            "pkcs11-certificate",
            workspace.model(),
            "--pkcs11-uri",
            "pkcs11:object=a",
            "--signing-certificate",
            certificate,
            "--signature",
            certificate)
        .assertFailed(SIGNING_FAILED, "the signature would replace a key, certificate");
    assertThat(Files.readString(certificate)).isEqualTo("certificate");
  }

  @Test
  void refusesToReplaceTheFileWithThePinByTheSignature() throws Exception {
    Path pin = workspace.write("pin.txt", "1234");
    Invocation.of(
            "sign",
            "pkcs11-key",
            workspace.model(),
            "--pkcs11-uri",
            "pkcs11:object=a?pin-source=" + pin.toUri(),
            "--signature",
            pin)
        .assertFailed(SIGNING_FAILED, "the signature would replace a key, certificate or password");
    assertThat(Files.readString(pin)).isEqualTo("1234");
  }

  @Test
  void saysWhatToDoIfThereIsNoToken() {
    Pkcs11Arguments arguments = new Pkcs11Arguments();
    CommandLine parser = new CommandLine(CommandLine.Model.CommandSpec.create());
    parser
        .getCommandSpec()
        .addMixin("token", CommandLine.Model.CommandSpec.forAnnotatedObject(arguments));
    parser.registerConverter(Path.class, Path::of);

    parser.parseArgs();
    assertThat(arguments.noToken())
        .isEqualTo(
            "no token found; insert one, or name its module with --module-path ('p11-kit"
                + " list-modules' shows those that were asked); see docs/hardware.md");
    parser.parseArgs("--module-path", "module.so");
    assertThat(arguments.noToken())
        .isEqualTo(
            "no token found; insert one, initialize it, or name another module with --module-path;"
                + " see docs/hardware.md");
  }
}
