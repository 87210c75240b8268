package dev.modelsigning.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.key.KeyVerifier;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.testing.TestCertificate;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A release as a whole, of stand-ins; {@code .ci/release} makes and verifies it with the program.
 */
class ReleaseTest {

  private static final String VERSION = Checkout.VERSION;

  @TempDir private Path directory;

  private Path checkout;
  private Path key;
  private final List<List<String>> commands = new ArrayList<>();
  private final ByteArrayOutputStream log = new ByteArrayOutputStream();

  @BeforeEach
  void writeCheckout() throws Exception {
    checkout = Checkout.write(directory.resolve("checkout"));
    key = directory.resolve("key.pem");
    TestCertificate.root("CN=Not used").writeKey(key);
  }

  private void make(Settings settings, Map<String, String> environment) throws Exception {
    Release.make(
        settings, environment, this::run, new PrintStream(log, true, StandardCharsets.UTF_8));
  }

  /** Stands for the program: makes keys, and only notes what else it is to do. */
  private void run(List<String> arguments) {
    commands.add(arguments);
    if (arguments.get(0).equals("generate-key")) {
      try {
        Files.copy(key, Path.of(arguments.get(2).replaceFirst("--private-key=", "")));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private Path made() {
    return Checkout.settings(checkout, "").directory();
  }

  @Test
  void signsTheProvenanceAndThenTheDirectoryAndVerifiesIt() throws Exception {
    make(Checkout.settings(checkout, key.toString()), Map.of());

    Path made = made();
    Path publicKey = made.resolveSibling("model-signing-" + VERSION + ".pub");
    String signature = "--signature=" + made.resolve("model.sig");
    assertThat(commands)
        .containsExactly(
            List.of("sign", "key", "--quiet", signature, "--private-key=" + key, made.toString()),
            List.of(
                "verify",
                "key",
                "--quiet",
                "--strict",
                signature,
                "--public-key=" + publicKey,
                made.toString()));
    Bundle bundle = Bundle.read(made.resolve("provenance.sigstore.json"));
    assertThat(KeyVerifier.load(publicKey).verify(bundle).payload().content().toArray())
        .isEqualTo(Files.readAllBytes(made.resolve("provenance.json")));
    assertThat(Files.readAllLines(made.resolve("SHA256SUMS")))
        .hasSize(22)
        .noneMatch(line -> line.contains("provenance") || line.contains("SHA256SUMS"));
    assertThat(Files.readString(made.resolve("provenance.json")))
        .contains("\"name\": \"SHA256SUMS\"");
    assertThat(log.toString(StandardCharsets.UTF_8))
        .contains("release/verify " + made + " --public-key " + publicKey)
        .doesNotContain("NOTICE");
  }

  @Test
  void givesTheSameBytesTwiceAndLeavesNothingOfBefore() throws Exception {
    make(Checkout.settings(checkout, key.toString()), Map.of());
    byte[] provenance = Files.readAllBytes(made().resolve("provenance.json"));
    Checkout.write(made(), "left/over", "from before");

    make(Checkout.settings(checkout, key.toString()), Map.of());

    assertThat(made().resolve("provenance.json")).hasBinaryContent(provenance);
    assertThat(made().resolve("left")).doesNotExist();
  }

  @Test
  void signsATrialWithATemporaryKeyThatIsDeleted() throws Exception {
    make(Checkout.settings(checkout, ""), Map.of());

    assertThat(commands)
        .extracting(command -> command.get(0))
        .containsExactly("generate-key", "sign", "verify");
    String temporary = commands.get(0).get(2).replaceFirst("--private-key=", "");
    assertThat(Path.of(temporary).getParent()).doesNotExist();
    assertThat(log.toString(StandardCharsets.UTF_8)).contains("NOTICE: this is a trial");
  }

  @Test
  void refusesAReleaseOfSourcesThatAreInNoCommit() throws Exception {
    Settings settings = new Settings(checkout, "1.2.3", key.toString(), false, "", "", "3.9");
    for (String commit : new String[] {"", Checkout.COMMIT + " with changes"}) {
      Checkout.writeCommit(checkout, commit);

      assertThatThrownBy(() -> make(settings, Map.of()))
          .isInstanceOf(ReleaseException.class)
          .hasMessageStartingWith("a release of version 1.2.3 is made of a commit and nothing else")
          .hasMessageEndingWith(commit.isEmpty() ? "found no commit" : "found " + commit);
    }
    assertThat(settings.directory()).doesNotExist();
    assertThat(commands).isEmpty();
  }

  @Test
  void signsNothingIfAPartIsMissing() throws Exception {
    Files.delete(checkout.resolve("LICENSE"));

    assertThatThrownBy(() -> make(Checkout.settings(checkout, key.toString()), Map.of()))
        .isInstanceOf(ReleaseException.class)
        .hasMessageContaining("LICENSE");
    assertThat(commands).isEmpty();
  }

  @Test
  void endsWhereTheProgramFails() throws Exception {
    Program failing = Program.packaged(directory.resolve("no.jar"));

    assertThatThrownBy(() ->
            Release.make(
                Checkout.settings(checkout, key.toString()),
                Map.of(),
                failing,
                new PrintStream(log, true, StandardCharsets.UTF_8)))
        .isInstanceOf(ReleaseException.class)
        .hasMessage("model-signing sign ended with the exit status 1");
    assertThat(log.toString(StandardCharsets.UTF_8)).isEmpty();
  }

  @Test
  void refusesATokenThatHasExpiredBeforeAnythingIsSigned() throws Exception {
    Settings settings = new Settings(checkout, VERSION, "", true, "", "", "3.9");
    String claims =
        """
        {"iss":"https://i.example","aud":"sigstore","sub":"s","exp":1577836800,
         "email":"a@b.example","email_verified":true}
        """;
    String expired = base64("{\"alg\":\"none\"}") + "." + base64(claims) + "." + base64("x");

    assertThatThrownBy(() -> make(settings, Map.of("SIGSTORE_ID_TOKEN", expired)))
        .isInstanceOf(SigningException.class)
        .hasMessageStartingWith("the identity token expired at 2020-01-01T00:00:00Z");
    assertThat(commands).isEmpty();
    assertThat(made().resolve("provenance.sigstore.json")).doesNotExist();
  }

  private static String base64(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
