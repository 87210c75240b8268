package dev.modelsigning.oci.internal.credential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.oci.internal.credential.Credential.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Credentials as docker and podman have them, and helpers that misbehave. */
@Timeout(60)
class CredentialFilesTest {

  private static final String PASSWORD = "s3cret";

  @TempDir private Path directory;
  private final Map<String, String> environment = new HashMap<>();

  @BeforeEach
  void start() {
    environment.put("HOME", directory.toString());
    environment.put("PATH", directory.resolve("bin").toString());
  }

  private static String auth(String user) {
    return Base64.getEncoder()
        .encodeToString((user + ":" + PASSWORD).getBytes(StandardCharsets.UTF_8));
  }

  /** A file with one user for a registry. */
  private Path file(String path, String registry, String user) throws IOException {
    return write(path, "{'auths':{'" + registry + "':{'auth':'" + auth(user) + "'}}}");
  }

  private Path write(String path, String json) throws IOException {
    Path file = directory.resolve(path);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, json.replace('\'', '"'));
  }

  private Optional<Credential> find(String registry, String repository) throws IOException {
    return CredentialFiles.of(environment)
        .with(new CredentialHelper(environment, Duration.ofSeconds(2)))
        .find(registry, repository);
  }

  private String user(String registry, String repository) throws IOException {
    return find(registry, repository).map(Credential::user).orElse("nobody");
  }

  // --- files

  @Test
  void looksWhereDockerAndPodmanLook() throws Exception {
    assertThat(user("host", "r")).isEqualTo("nobody");
    file(".docker/config.json", "host", "docker");
    assertThat(user("host", "r")).isEqualTo("docker");
    file(".config/containers/auth.json", "host", "podman");
    assertThat(user("host", "r")).isEqualTo("podman");
    environment.put("XDG_RUNTIME_DIR", directory.resolve("run").toString());
    file("run/containers/auth.json", "host", "session");
    assertThat(user("host", "r")).isEqualTo("session");
    file("run/containers/auth.json", "other", "session");
    assertThat(user("host", "r")).isEqualTo("podman");
    environment.put("DOCKER_CONFIG", directory.resolve("d").toString());
    assertThat(user("host", "r")).isEqualTo("nobody");
    file("d/config.json", "host", "chosen");
    assertThat(user("host", "r")).isEqualTo("chosen");
    environment.put("REGISTRY_AUTH_FILE", file("a.json", "host", "named").toString());
    assertThat(user("host", "r")).isEqualTo("named");
  }

  @Test
  void refusesAFileThatWasNamedAndIsNotThere() {
    environment.put("REGISTRY_AUTH_FILE", directory.resolve("none").toString());
    assertThatThrownBy(() -> user("host", "r"))
        .hasMessageContaining("the variable REGISTRY_AUTH_FILE names is not there");
  }

  @ParameterizedTest
  @ValueSource(strings = {"REGISTRY_AUTH_FILE", "DOCKER_CONFIG"})
  void refusesRelativePaths(String variable) {
    environment.put(variable, "here");
    assertThatThrownBy(() -> user("host", "r"))
        .hasMessageContaining("the variable " + variable + " must be an absolute path");
  }

  @ParameterizedTest
  @CsvSource({
    "host, host, a/b, true",
    "HOST:5000, host:5000, a/b, true",
    "https://host/v1/, host, a/b, true",
    "https://host, host, a/b, true",
    "host/a, host, a/b, true",
    "host/a/b, host, a/b, true",
    "host/a/b, host, a/bc, false",
    "host/a/b, host, a, false",
    "host, host:5000, a/b, false",
    "host, host.evil, a/b, false",
    "evil.host, host, a/b, false",
    "https://index.docker.io/v1/, docker.io, a/b, true",
    "docker.io, index.docker.io, a/b, true",
    "docker.io/a, docker.io, a/b, true",
    "docker.io, docker.io.evil, a/b, false",
  })
  void matchesHostsAndBeginningsOfRepositories(
      String key, String registry, String repository, boolean found) throws Exception {
    file(".docker/config.json", key, "anna");
    assertThat(user(registry, repository)).isEqualTo(found ? "anna" : "nobody");
  }

  @Test
  void prefersTheMostSpecificName() throws Exception {
    write(
        ".docker/config.json",
        "{'auths':{'host':{'auth':'"
            + auth("host")
            + "'},'host/a':{'auth':'"
            + auth("team")
            + "'},'host/a/b':{'auth':'"
            + auth("model")
            + "'}}}");
    assertThat(user("host", "a/b")).isEqualTo("model");
    assertThat(user("host", "a/c")).isEqualTo("team");
    assertThat(user("host", "c")).isEqualTo("host");
  }

  @Test
  void readsTokensAndPlainFields() throws Exception {
    write(".docker/config.json", "{'auths':{'host':{'identitytoken':'t','auth':'eDo='}}}");
    assertThat(find("host", "r").orElseThrow().kind()).isEqualTo(Kind.IDENTITY_TOKEN);
    write(".docker/config.json", "{'auths':{'host':{'registrytoken':'t'}}}");
    assertThat(find("host", "r").orElseThrow().kind()).isEqualTo(Kind.REGISTRY_TOKEN);
    write(".docker/config.json", "{'auths':{'host':{'username':'anna','password':'p'}}}");
    assertThat(find("host", "r").orElseThrow().secret()).isEqualTo("p");
    write(".docker/config.json", "{'auths':{'host':{}},'credsStore':null,'other':[1]}");
    assertThat(find("host", "r")).isEmpty();
    write(".docker/config.json", "");
    assertThat(find("host", "r")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'auths':{'host':{'auth':'s3cret'}}}",
        "{'auths':{'host':{'auth':'czNjcmV0'}}}",
        "{'auths':{'host':{'auth':1}}}",
        "{'auths':{'host':{'auth':'a','auth':'b'}}}",
        "{'auths':[]}",
        "s3cret"
      })
  void refusesFilesThatAreMalformedWithoutShowingThem(String json) throws Exception {
    Path file = write(".docker/config.json", json);
    assertThatThrownBy(() -> user("host", "r"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(file.toString())
        .message()
        .doesNotContain("s3cret")
        .doesNotContain("czNj");
  }

  @Test
  void showsNoSecretAsText() throws Exception {
    file(".docker/config.json", "host", "anna");
    Credential found = find("host", "r").orElseThrow();
    assertThat(found.secret()).isEqualTo(PASSWORD);
    assertThat(found.toString()).doesNotContain(PASSWORD);
  }

  // --- helpers

  private void helper(String script) throws IOException {
    Path program = directory.resolve("bin/docker-credential-test");
    Files.createDirectories(program.getParent());
    Files.writeString(program, "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    write(".docker/config.json", "{'credHelpers':{'host':'test'}}");
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void asksTheHelperOfARegistry() throws Exception {
    environment.put("MODEL_SIGNING_PASSWORD", "hidden");
    helper(
        "test \"$1\" = get && test -z \"$MODEL_SIGNING_PASSWORD\" || exit 1\n"
            + "echo \"{\\\"ServerURL\\\":\\\"x\\\",\\\"Username\\\":\\\"of-$(cat)\\\",\\\"Secret\\\":\\\"p\\\"}\"");
    assertThat(user("host", "a/b")).isEqualTo("of-host");
    assertThat(user("other", "a/b")).isEqualTo("nobody");
    write(".docker/config.json", "{'credsStore':'test'}");
    assertThat(user("docker.io", "a/b")).isEqualTo("of-https://index.docker.io/v1/");
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void takesAnIdentityTokenOfAHelper() throws Exception {
    helper("echo '{\"Username\":\"<token>\",\"Secret\":\"p\"}'");
    assertThat(find("host", "r").orElseThrow().kind()).isEqualTo(Kind.IDENTITY_TOKEN);
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void isAnonymousWhereAHelperHasNothing() throws Exception {
    helper("echo 'credentials not found in native keychain'; exit 1");
    assertThat(find("host", "r")).isEmpty();
    write(
        ".docker/config.json",
        "{'credsStore':'test','auths':{'host':{'auth':'" + auth("anna") + "'}}}");
    assertThat(user("host", "r")).isEqualTo("anna");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "echo s3cret; echo s3cret >&2; exit 3 | exit code 3; run it by hand to see why",
        "echo s3cret | wrote no JSON object",
        "echo '{\"Username\":1,\"Secret\":\"s3cret\"}' | wrote no JSON object",
        "while :; do echo s3cret; done | wrote more than 65536 bytes",
        "sleep 30 | did not end within 2 s",
        "exec >&-; sleep 30 | did not end within 2 s",
        "sleep 3 & | docker-credential-test",
      })
  @DisabledOnOs(OS.WINDOWS)
  void endsHelpersThatMisbehave(String script, String words) throws Exception {
    helper(script);
    long start = System.nanoTime();
    assertThatThrownBy(() -> find("host", "r"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("docker-credential-test")
        .hasMessageContaining(words)
        .message()
        .doesNotContain("s3cret");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
  }

  @ParameterizedTest
  @ValueSource(strings = {"../x", "/bin/sh", "a b", "-x", "a;b", "x\\ny"})
  void runsOnlyHelpersWithPlainNames(String name) throws Exception {
    Path file = write(".docker/config.json", "{'credsStore':'" + name + "'}");
    assertThatThrownBy(() -> find("host", "r"))
        .hasMessageContaining(file.toString())
        .hasMessageContaining("the name of a credential helper has letters, digits");
  }

  @Test
  void saysThatAHelperIsMissing() throws Exception {
    write(".docker/config.json", "{'credHelpers':{'host':'none'}}");
    assertThatThrownBy(() -> find("host", "r"))
        .hasMessageContaining("docker-credential-none")
        .hasMessageContaining("no absolute directory of PATH has it");
  }
}
