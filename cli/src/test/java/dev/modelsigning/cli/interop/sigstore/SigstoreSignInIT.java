package dev.modelsigning.cli.interop.sigstore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.cli.interop.Client;
import dev.modelsigning.testing.OnOneJdk;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Signing in at a real identity provider; {@code login.mjs} acts as user and browser. */
@WithSigstoreStack
@OnOneJdk
class SigstoreSignInIT {

  private static final String USER = "browser@example.com";
  private static final long TIMEOUT_SECONDS = 60;
  private static final Pattern REDIRECT = Pattern.compile("redirect_uri=http%3A%2F%2F([^&]+)");
  private static final Pattern STATE = Pattern.compile("state=([^&]+)");

  @TempDir private Path directory;

  private Path signature;
  private Path config;
  private final List<Process> started = new ArrayList<>();

  @BeforeEach
  void makeModel() throws Exception {
    Path model = Files.createDirectory(directory.resolve("model"));
    Files.writeString(model.resolve("weights.bin"), "weights");
    signature = directory.resolve("model.sig");
    config = SigstoreStack.file("trust_config.json");
  }

  @AfterEach
  void endWhatIsLeft() {
    started.forEach(Process::destroyForcibly);
  }

  /**
   * A signing that waits for a sign-in.
   *
   * @param said its standard error
   * @param address the URL for signing in
   */
  private record Waiting(Process process, BufferedReader said, String address) {

    void type(String line) throws IOException {
      process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
      process.getOutputStream().flush();
    }

    /** Waits for its end; what it said meanwhile. */
    String endsWith(int status) throws Exception {
      assertThat(process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)).as("ended").isTrue();
      String all =
          String.join("\n", said.lines().toList())
              + new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.exitValue()).as(all).isEqualTo(status);
      return all;
    }

    String parameter(Pattern pattern) {
      Matcher matcher = pattern.matcher(address);
      assertThat(matcher.find()).as(address).isTrue();
      return matcher.group(1);
    }
  }

  private Waiting sign(Map<String, String> environment, String... options) throws Exception {
    List<String> line = new ArrayList<>(Client.java().command());
    line.addAll(List.of("sign", "model", "--trust-config", config.toString()));
    line.addAll(List.of(options));
    ProcessBuilder builder = new ProcessBuilder(line).directory(directory.toFile());
    builder
        .environment()
        .keySet()
        .removeIf(name ->
            name.startsWith("MODEL_SIGNING_")
                || name.equals("SIGSTORE_ID_TOKEN")
                || name.endsWith("DISPLAY"));
    builder.environment().putAll(environment);
    Process process = builder.start();
    started.add(process);
    BufferedReader said = process.errorReader(StandardCharsets.UTF_8);
    StringBuilder before = new StringBuilder();
    for (String each = said.readLine(); each != null; each = said.readLine()) {
      if (each.startsWith("http")) {
        return new Waiting(process, said, each);
      }
      before.append(each).append('\n');
    }
    throw new AssertionError("no address to sign in at, but: " + before);
  }

  private Client.Outcome login(String address, String... user) throws Exception {
    List<String> arguments = new ArrayList<>(List.of(address));
    arguments.addAll(List.of(user));
    return SigstoreStack.script("login.mjs").run(directory, arguments.toArray(new String[0]));
  }

  private void verifies(String identity, String provider) throws Exception {
    Client.java()
        .run(
            directory,
            "verify",
            "model",
            "--signature",
            signature.toString(),
            "--trust-config",
            config.toString(),
            "--identity",
            identity,
            "--identity-provider",
            SigstoreStack.address(provider).toString())
        .succeeds();
  }

  @Test
  void signsAsWhoeverSignsInWithTheBrowser() throws Exception {
    Waiting signing = sign(Map.of());
    login(signing.address(), USER).succeeds();

    assertThat(signing.endsWith(0)).contains("Signing succeeded", "sigstore " + USER);
    verifies(USER, "OIDC_URL");
  }

  /** Whether Chromium is there, by the name that {@code browser.mjs} looks for. */
  static boolean hasChromium() {
    String named = System.getenv("CHROMIUM");
    return named != null
        || Stream.of(System.getenv("PATH").split(File.pathSeparator))
            .anyMatch(place -> Files.isExecutable(Path.of(place, "chromium")));
  }

  @Test
  @EnabledIf(value = "hasChromium", disabledReason = "no chromium on this machine")
  void signsAsWhoeverSignsInWithChromium() throws Exception {
    Waiting signing = sign(Map.of());
    SigstoreStack.script("browser.mjs")
        .run(directory, signing.address(), USER)
        .succeeds()
        .endsWith(0, "You are signed in.");

    signing.endsWith(0);
    verifies(USER, "OIDC_URL");
  }

  @Test
  @DisabledOnOs({OS.WINDOWS, OS.MAC})
  void opensTheBrowserOfTheDesktop() throws Exception {
    Path programs = Files.createDirectory(directory.resolve("bin"));
    Path opener = programs.resolve("xdg-open");
    List<String> login = SigstoreStack.script("login.mjs").command();
    Files.writeString(
        opener, "#!/bin/sh\nexec '" + String.join("' '", login) + "' \"$1\" " + USER + "\n");
    Files.setPosixFilePermissions(opener, PosixFilePermissions.fromString("rwx------"));

    sign(Map.of("DISPLAY", ":0", "PATH", programs + ":" + System.getenv("PATH"))).endsWith(0);
    verifies(USER, "OIDC_URL");
  }

  @Test
  void signsOutOfBandWithACodeThatIsTypedIn() throws Exception {
    Waiting signing = sign(Map.of(), "--oauth-force-oob");
    signing.type(login(signing.address(), USER).succeeds().output());

    assertThat(signing.endsWith(0)).contains("Enter verification code: ", "sigstore " + USER);
    verifies(USER, "OIDC_URL");
  }

  @Test
  void refusesACodeThatIsNone() throws Exception {
    Waiting signing = sign(Map.of(), "--oauth_force_oob");
    signing.type("no-such-code");

    assertThat(signing.endsWith(1))
        .contains("the identity provider", "gave no identity token", "'invalid_grant'");
    assertThat(signature).doesNotExist();
  }

  @Test
  void refusesToGoOnWithoutACode() throws Exception {
    Waiting signing = sign(Map.of(), "--oauth-force-oob");
    signing.process().getOutputStream().close();

    assertThat(signing.endsWith(1)).contains("no verification code was entered");
    assertThat(signature).doesNotExist();
  }

  @Test
  void saysThatTheUserDidNotSignIn() throws Exception {
    Waiting signing = sign(Map.of());
    login(signing.address(), "");

    assertThat(signing.endsWith(1)).contains("refused the sign-in: 'access_denied'");
    assertThat(signature).doesNotExist();
  }

  @Test
  void waitsOnWhereSomebodyElseComesBack() throws Exception {
    Waiting signing = sign(Map.of());
    String receiver =
        "http://" + signing.parameter(REDIRECT).replace("%3A", ":").replace("%2F", "/");
    for (String query : List.of("?code=forged&state=other", "?code=forged", "")) {
      assertThat(get(receiver + query)).isEqualTo(400);
    }
    assertThat(signing.process().isAlive()).isTrue();

    login(signing.address(), USER).succeeds();
    signing.endsWith(0);
    verifies(USER, "OIDC_URL");
  }

  @Test
  void refusesACodeThatTheProviderDidNotGive() throws Exception {
    Waiting signing = sign(Map.of());
    String receiver =
        "http://" + signing.parameter(REDIRECT).replace("%3A", ":").replace("%2F", "/");
    assertThat(get(receiver + "?code=forged&state=" + signing.parameter(STATE))).isEqualTo(200);

    assertThat(signing.endsWith(1)).contains("gave no identity token", "'invalid_grant'");
    assertThat(signature).doesNotExist();
  }

  private static int get(String address) throws Exception {
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(URI.create(address)).build(), BodyHandlers.discarding())
        .statusCode();
  }

  // A client with a secret

  /** The trust configuration, with the provider that demands a secret. */
  private void useConfidentialProvider() throws IOException {
    String text = Files.readString(config);
    int signing = text.indexOf("\"signingConfig\"");
    String provider = SigstoreStack.address("OIDC_URL").toString();
    String confidential = SigstoreStack.address("OIDC_CONFIDENTIAL_URL").toString();
    config =
        Files.writeString(
            directory.resolve("confidential.json"),
            text.substring(0, signing) + text.substring(signing).replace(provider, confidential));
  }

  @Test
  void signsInAsAClientWithASecretFromTheEnvironment() throws Exception {
    useConfidentialProvider();
    Waiting signing = sign(Map.of("MODEL_SIGNING_CLIENT_SECRET", "sigstore-secret"));
    login(signing.address(), USER).succeeds();

    assertThat(signing.endsWith(0)).doesNotContain("sigstore-secret");
    assertThat(signing.address()).doesNotContain("sigstore-secret");
    verifies(USER, "OIDC_CONFIDENTIAL_URL");
  }

  @Test
  void signsInOutOfBandAsAClientWithASecretFromAnOption() throws Exception {
    useConfidentialProvider();
    Waiting signing =
        sign(
            Map.of(),
            "--oauth_force_oob",
            "--client_id=sigstore",
            "--client_secret=sigstore-secret");
    signing.type(login(signing.address(), USER).succeeds().output());

    signing.endsWith(0);
    verifies(USER, "OIDC_CONFIDENTIAL_URL");
  }

  @Test
  void saysThatTheSecretIsWrongAndDoesNotShowIt() throws Exception {
    useConfidentialProvider();
    Waiting signing = sign(Map.of("MODEL_SIGNING_CLIENT_SECRET", "other-secret"));
    login(signing.address(), USER).succeeds();

    assertThat(signing.endsWith(1))
        .contains("gave no identity token", "'invalid_client'", "client secret")
        .doesNotContain("other-secret");
    assertThat(signature).doesNotExist();
  }
}
