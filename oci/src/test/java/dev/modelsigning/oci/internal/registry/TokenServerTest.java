package dev.modelsigning.oci.internal.registry;

import static dev.modelsigning.testing.TestHttpServer.answering;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.internal.http.Deadline;
import dev.modelsigning.internal.http.ServiceClient;
import dev.modelsigning.internal.http.TlsAuthorities;
import dev.modelsigning.oci.internal.credential.Credential;
import dev.modelsigning.oci.internal.credential.CredentialFiles;
import dev.modelsigning.testing.TestCertificate;
import dev.modelsigning.testing.TestHttpServer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.bouncycastle.asn1.x509.GeneralName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The token server of a registry that was asked with TLS. */
@Timeout(60)
class TokenServerTest {

  private static final TestCertificate AUTHORITY = TestCertificate.root("CN=Root");
  private static final Deadline LONG = Deadline.in(Duration.ofMinutes(1));
  private static final String TOKEN = "{\"token\":\"t\",\"expires_in\":300}";

  @TempDir private Path home;

  private final TokenServer server =
      new TokenServer(
          ServiceClient.with(Duration.ofSeconds(5), Duration.ofMillis(5)),
          URI.create("https://registry.example.com"),
          address -> true);

  @AfterEach
  void forgetTheAuthority() throws Exception {
    TlsAuthorities.use(null, finding -> {});
  }

  private Optional<Credential> credential() throws Exception {
    Files.writeString(
        home.resolve("config.json"),
        "{\"auths\":{\"registry.example.com\":{\"username\":\"anna\",\"password\":\"s3cret\"}}}");
    return CredentialFiles.of(Map.of("DOCKER_CONFIG", home.toString()))
        .find("registry.example.com", "r");
  }

  private static Challenge challenge(String realm) {
    return new Challenge("bearer", Map.of("realm", realm, "service", "s"));
  }

  private static TestHttpServer tls() throws Exception {
    return TestHttpServer.tls(
        TestCertificate.named("CN=server")
            .names(GeneralName.dNSName, "localhost")
            .issuedBy(AUTHORITY),
        answering(200, TOKEN, "Content-Type: application/json"));
  }

  @Test
  void getsCredentialsOverTlsWhereverItIs() throws Exception {
    TlsAuthorities.use(TestCertificate.write(home.resolve("root.pem"), AUTHORITY), finding -> {});
    try (TestHttpServer tokens = tls()) {
      TokenServer.Token token =
          server.fetch(
              challenge("https://localhost:" + tokens.port() + "/token"),
              "scope",
              credential(),
              LONG);
      assertThat(token.text()).isEqualTo("t");
      assertThat(token.valid()).isEqualTo(Duration.ofMinutes(5));
      assertThat(token.toString()).doesNotContain("\"t\"");
      assertThat(tokens.requests().get(0).headers()).containsKey("Authorization");
    }
  }

  @Test
  void getsNothingFromWhoIsNotTrustedForTls() throws Exception {
    Optional<Credential> credential = credential();
    try (TestHttpServer tokens = tls()) {
      assertThatThrownBy(() ->
              server.fetch(
                  challenge("https://localhost:" + tokens.port() + "/token"),
                  "scope",
                  credential,
                  LONG))
          .hasMessageContaining("the token server of the registry registry.example.com")
          .hasMessageContaining("is not trusted")
          .message()
          .doesNotContain("s3cret");
      assertThat(tokens.requests()).isEmpty();
    }
  }

  /** Else a registry on the net could have requests sent to services of this machine. */
  @Test
  void isNotOnThisMachineWithoutTlsIfTheRegistryIsNot() throws Exception {
    try (TestHttpServer tokens = new TestHttpServer(answering(200, TOKEN))) {
      assertThatThrownBy(() ->
              server.fetch(
                  challenge(tokens.uri("/token").toString()), "scope", Optional.empty(), LONG))
          .hasMessageContaining("expected https");
      assertThat(tokens.requests()).isEmpty();
    }
  }
}
