package dev.modelsigning.sigstore.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.sigstore.IdentityToken;
import dev.modelsigning.sigstore.TestServices;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Platforms that issue tokens, each as a test double: variables, services and programs. */
class AmbientCredentialsTest {

  @TempDir Path directory;

  private final Map<String, String> environment = new HashMap<>();
  private final String token = TestServices.token();
  private TestServices services;

  @BeforeEach
  void start() throws Exception {
    services = new TestServices();
    environment.put("PATH", directory.toString());
  }

  @AfterEach
  void stop() {
    services.close();
  }

  private AmbientCredentials credentials() {
    return TestSignIn.credentials(
        environment, services.address(""), directory.resolve("product_name"));
  }

  private void getsTheToken() throws Exception {
    assertThat(TestServices.secret(credentials().token().orElseThrow())).isEqualTo(token);
  }

  private void fails(String... parts) {
    assertThatThrownBy(() -> credentials().token())
        .isInstanceOf(SigningException.class)
        .hasMessageContainingAll(parts);
  }

  private static void require(HttpExchange exchange, String header, String value)
      throws IOException {
    if (!value.equals(exchange.getRequestHeaders().getFirst(header))) {
      throw new IOException("expected " + header + ": " + value);
    }
  }

  private static void answer(HttpExchange exchange, String text) throws IOException {
    TestServices.answer(exchange, 200, text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void findsNothingElsewhere() throws Exception {
    assertThat(credentials().token()).isEmpty();
    Files.writeString(directory.resolve("product_name"), "Some Laptop\n");
    assertThat(credentials().token()).isEmpty();
    IdentityToken other = IdentityToken.parse(token);
    assertThat(credentials().orElse(() -> other).token()).isSameAs(other);
  }

  @Test
  void getsTheTokenOfGithubActions() throws Exception {
    environment.put("GITHUB_ACTIONS", "true");
    environment.put("ACTIONS_ID_TOKEN_REQUEST_URL", services.address("/github?version=2"));
    environment.put("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "s3cret");
    services.replace(
        "/github",
        exchange -> {
          require(exchange, "Authorization", "bearer s3cret");
          assertThat(exchange.getRequestURI().getQuery()).isEqualTo("version=2&audience=sigstore");
          answer(exchange, "{\"count\":1,\"value\":\"" + token + "\"}");
        });
    getsTheToken();
    IdentityToken other = IdentityToken.parse(TestServices.token());
    assertThat(TestServices.secret(credentials().orElse(() -> other).token())).isEqualTo(token);
  }

  @Test
  void saysWhichPermissionAJobOfGithubActionsLacks() {
    environment.put("GITHUB_ACTIONS", "true");
    fails("permissions: id-token: write");
  }

  @Test
  void neverShowsWhatGithubActionsWasAskedWith() {
    environment.put("GITHUB_ACTIONS", "true");
    environment.put("ACTIONS_ID_TOKEN_REQUEST_URL", services.address("/github"));
    environment.put("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "s3cret");
    services.replace("/github", TestServices.answering(403, "not you: s3cret"));
    fails("GitHub Actions", "answered 403", "(redacted)");
    environment.put("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "s3cret\nHost: evil");
    assertThatThrownBy(() -> credentials().token())
        .isInstanceOf(IOException.class)
        .message()
        .doesNotContain("s3cret");
    environment.put("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "s3cret");
    environment.put("ACTIONS_ID_TOKEN_REQUEST_URL", "not an address");
    fails("not one");
  }

  @Test
  void getsTheTokenOfAMachineOfGoogle() throws Exception {
    Files.writeString(directory.resolve("product_name"), "Google Compute Engine\n");
    services.replace(
        "/metadata/computeMetadata/v1/instance/service-accounts/default/identity",
        exchange -> {
          require(exchange, "Metadata-Flavor", "Google");
          assertThat(exchange.getRequestURI().getQuery())
              .isEqualTo("audience=sigstore&format=full");
          answer(exchange, token);
        });
    getsTheToken();
  }

  @Test
  void getsTheTokenOfAServiceAccountOfGoogle() throws Exception {
    environment.put("GOOGLE_SERVICE_ACCOUNT_NAME", "robot@project.example.com");
    services.replace(
        "/metadata/computeMetadata/v1/instance/service-accounts/default/token",
        exchange -> {
          require(exchange, "Metadata-Flavor", "Google");
          answer(exchange, "{\"access_token\":\"s3cret\"}");
        });
    services.replace(
        "/iam/v1/projects/-/serviceAccounts/robot@project.example.com:generateIdToken",
        exchange -> {
          require(exchange, "Authorization", "Bearer s3cret");
          assertThat(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8))
              .isEqualTo("{\"audience\":\"sigstore\",\"includeEmail\":true}");
          answer(exchange, "{\"token\":\"" + token + "\"}");
        });
    getsTheToken();
  }

  @Test
  void getsTheTokenOfGitlab() throws Exception {
    environment.put("GITLAB_CI", "true");
    fails("GitLab CI", "SIGSTORE_ID_TOKEN");
    environment.put("SIGSTORE_ID_TOKEN", token);
    getsTheToken();
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void getsTheTokenOfBuildkiteAndCircleciFromTheirPrograms() throws Exception {
    environment.put("BUILDKITE", "true");
    program(
        "buildkite-agent",
        "[ \"$*\" = 'oidc request-token --audience sigstore' ] && echo " + token);
    getsTheToken();
    environment.remove("BUILDKITE");
    environment.put("CIRCLECI", "true");
    program(
        "circleci",
        "[ \"$*\" = 'run oidc get --claims {\"aud\":\"sigstore\"} --root-issuer' ] && echo "
            + token);
    getsTheToken();
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void saysWhatAProgramDidNotDo() throws Exception {
    environment.put("BUILDKITE", "true");
    fails("buildkite-agent", "cannot be run");
    program("buildkite-agent", "echo s3cret; echo s3cret >&2; exit 3");
    assertThatThrownBy(() -> credentials().token())
        .isInstanceOf(SigningException.class)
        .hasMessageContaining("exit code 3")
        .message()
        .doesNotContain("s3cret");
    program("buildkite-agent", "echo rubbish");
    fails("identity token");
    program("buildkite-agent", "exec sleep 60");
    CommandRunner impatient = new CommandRunner(environment, Duration.ofMillis(200));
    assertThatThrownBy(() -> impatient.run("buildkite-agent"))
        .isInstanceOf(SigningException.class)
        .hasMessageContaining("did not end within");
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void givesAProgramItsOwnTokenAndNoneOfOurSecrets() throws Exception {
    environment.put("BUILDKITE", "true");
    environment.put("BUILDKITE_AGENT_ACCESS_TOKEN", "own");
    environment.put("CIRCLE_OIDC_TOKEN", "of another service");
    for (String secret :
        new String[] {
          "MODEL_SIGNING_PASSWORD",
          "MODEL_SIGNING_CLIENT_SECRET",
          "PKCS11_PIN",
          "SIGSTORE_ID_TOKEN",
          "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
          "BUILDKITE_PLUGIN_SECRET",
          "AWS_SECRET_ACCESS_KEY"
        }) {
      environment.put(secret, "s3cret");
    }
    Path seen = directory.resolve("seen");
    program("buildkite-agent", "{ pwd; env; } > '" + seen + "'; echo " + token);
    getsTheToken();
    assertThat(Files.readString(seen))
        .startsWith("/\n")
        .contains("BUILDKITE_AGENT_ACCESS_TOKEN=own")
        .doesNotContain("s3cret", "CIRCLE_OIDC_TOKEN");
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void runsNoProgramOfTheCurrentDirectory() throws Exception {
    Path here = Files.createTempDirectory(Path.of("").toAbsolutePath(), "relative");
    try {
      environment.put("BUILDKITE", "true");
      environment.put("PATH", "." + here.getFileName() + "::" + here.getFileName());
      program("buildkite-agent", "echo " + token);
      Files.move(directory.resolve("buildkite-agent"), here.resolve("buildkite-agent"));
      fails("buildkite-agent cannot be run: no absolute directory of PATH has it");
      environment.put("PATH", here.toString());
      getsTheToken();
    } finally {
      Files.deleteIfExists(here.resolve("buildkite-agent"));
      Files.delete(here);
    }
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void stopsAProgramThatWritesWithoutEnd() throws Exception {
    environment.put("BUILDKITE", "true");
    program("buildkite-agent", "exec cat /dev/zero");
    fails("gave no identity token: it wrote more than");
  }

  private void program(String name, String script) throws IOException {
    Path file = directory.resolve(name);
    Files.writeString(file, "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }
}
