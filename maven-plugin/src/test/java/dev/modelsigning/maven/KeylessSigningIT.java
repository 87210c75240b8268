package dev.modelsigning.maven;

import static dev.modelsigning.maven.MavenBuild.VECTORS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.modelsigning.testing.TimedProcess;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keyless signing with the servers that {@code integration/sigstore/start} started. */
class KeylessSigningIT {

  private static final Path ROOT = Path.of(System.getProperty("modelsigning.root"));

  private static final String WORKFLOW =
      "https://github.com/example/model/.github/workflows/release.yml@refs/tags/v1";

  private static final String PERSON = "signer@example.com";

  @TempDir private Path directory;

  private Path stack;
  private Path project;
  private Path tokenFile;
  private final Map<String, String> addresses = new HashMap<>();

  @BeforeEach
  void makeProject() throws Exception {
    String named = System.getenv("MODEL_SIGNING_SIGSTORE");
    stack = named == null ? ROOT.resolve(".cache/sigstore") : Path.of(named);
    assumeTrue(
        Files.exists(stack.resolve("state/started"))
            || "true".equals(System.getenv("MODEL_SIGNING_REQUIRE_SIGSTORE")),
        "needs a running Sigstore; run: integration/sigstore/start .cache/sigstore");
    for (String line : Files.readAllLines(stack.resolve("state/env"))) {
      addresses.put(line.replaceFirst("=.*", ""), line.replaceFirst("^[^=]*=", ""));
    }
    project = MavenBuild.copy("signing-keyless", directory.resolve("signing-keyless"));
    for (String module : new String[] {"ambient", "token-file", "variable"}) {
      MavenBuild.copyTree(VECTORS.resolve("models/plain"), project.resolve(module + "/model"));
    }
    tokenFile = directory.resolve("token");
  }

  /** A token of the loopback provider; more are options of {@code integration/sigstore/token}. */
  private String token(String... more) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(ROOT.resolve("integration/sigstore/token").toString(), stack.toString()));
    command.addAll(List.of(more));
    Process process = TimedProcess.start(new ProcessBuilder(command));
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isZero();
    return printed.strip();
  }

  private MavenBuild build(Map<String, String> environment, String... more) throws Exception {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "-Dsigstore.trustConfig=" + stack.resolve("state/trust_config.json"),
                "-Dtoken.file=" + tokenFile,
                "-Dworkflow.identity=" + WORKFLOW,
                "-Dworkflow.provider=" + addresses.get("OIDC_WORKFLOW_URL"),
                "-Dperson.identity=" + PERSON,
                "-Dperson.provider=" + addresses.get("OIDC_URL")));
    arguments.addAll(List.of(more));
    return MavenBuild.run(
        MavenBuild.newest(), project, environment, arguments.toArray(String[]::new));
  }

  /** What GitHub Actions tells its jobs. */
  private Map<String, String> buildService() {
    return Map.of(
        "GITHUB_ACTIONS",
        "true",
        "ACTIONS_ID_TOKEN_REQUEST_URL",
        addresses.get("OIDC_WORKFLOW_URL")
            + "/test/token?uri="
            + URLEncoder.encode(WORKFLOW, StandardCharsets.UTF_8),
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
        "request-token");
  }

  @Test
  void signsWithATokenFromEachPlaceAndVerifies() throws Exception {
    Files.writeString(tokenFile, token("--identity", PERSON));
    String variable = token("--identity", PERSON);
    Map<String, String> environment = new HashMap<>(buildService());
    environment.put("SIGSTORE_ID_TOKEN", variable);

    MavenBuild build = build(environment, "-T", "2", "-X", "verify").succeeds();

    assertThat(build.output().split("\\[INFO\\] Signing succeeded", -1)).hasSize(4);
    assertThat(build.output().split("\\[INFO\\] Verification succeeded", -1)).hasSize(4);
    assertThat(build.output())
        .contains("signer       sigstore " + WORKFLOW, "signer       sigstore " + PERSON)
        .doesNotContain(variable, Files.readString(tokenFile));
  }

  @Test
  void refusesASignatureByAnotherIdentity() throws Exception {
    Files.writeString(tokenFile, token("--identity", "other@example.com"));

    MavenBuild build = build(Map.of(), "-pl", "token-file", "verify").fails();

    assertThat(build.output()).contains("[INFO] Signing succeeded");
    assertThat(build.failureOf("token-file")).contains("WRONG_IDENTITY");
  }

  @Test
  void refusesATokenThatHasExpiredBeforeAnythingIsSigned() throws Exception {
    Files.writeString(tokenFile, token("--expires", "-60"));

    MavenBuild build =
        build(
                Map.of("SIGSTORE_ID_TOKEN", token("--expires", "-60")),
                "-pl",
                "token-file,variable",
                "--fail-at-end",
                "verify")
            .fails();

    for (String module : new String[] {"token-file", "variable"}) {
      assertThat(build.failureOf(module)).contains("the identity token expired at ");
      assertThat(project.resolve(module + "/target/model.sig")).doesNotExist();
    }
  }

  @Test
  void refusesABuildServiceThatThereIsNot() throws Exception {
    MavenBuild build = build(Map.of(), "-pl", "ambient", "verify").fails();

    assertThat(build.failureOf("ambient"))
        .contains("<useAmbientCredentials>: expected GitHub Actions, Google Cloud");
  }
}
