package dev.modelsigning.internal.http;

import static dev.modelsigning.testing.TestHttpServer.answering;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.finding.Finding;
import dev.modelsigning.finding.Rules;
import dev.modelsigning.signing.UnusableTrustException;
import dev.modelsigning.testing.TestCertificate;
import dev.modelsigning.testing.TestHttpServer;
import dev.modelsigning.testing.TestProxy;
import dev.modelsigning.testing.TimedProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * TLS trust anchors, with a server that has its own authority, as behind a TLS-inspecting proxy.
 */
@Timeout(60)
class TlsAuthoritiesTest {

  private static final TestCertificate AUTHORITY = TestCertificate.root("CN=Proxy Root");

  @TempDir Path directory;

  @AfterEach
  void trustNobodyElse() throws Exception {
    TlsAuthorities.use(null, finding -> {});
  }

  private static TestCertificate.Plan server() {
    return TestCertificate.named("CN=server")
        .purposes(false, KeyPurposeId.id_kp_serverAuth)
        .names(GeneralName.dNSName, "service.invalid", "localhost");
  }

  private static ServiceClient client(Map<String, String> environment) {
    return ServiceClient.with(Duration.ofSeconds(10), Duration.ofMillis(5))
        .withConnections(Connections.of(environment));
  }

  private static Request request(TestHttpServer server) {
    return Request.get("the service", URI.create("https://localhost:" + server.port() + "/path"));
  }

  private Path authorities() throws IOException {
    return TestCertificate.write(directory.resolve("ca.pem"), AUTHORITY);
  }

  @Test
  void saysWhatToDoWhereSomethingOpensTls() throws Exception {
    try (TestHttpServer server =
        TestHttpServer.tls(server().issuedBy(AUTHORITY), answering(200, "yes"))) {
      assertThatThrownBy(() -> client(Map.of()).send(request(server)))
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith(
              "the service at https://localhost:"
                  + server.port()
                  + "/path is not trusted: its certificate leads to no authority that is trusted"
                  + " for TLS. ")
          .hasMessageContaining("by --ca-file or the variable SSL_CERT_FILE");
      assertThat(server.connections()).isEqualTo(1);
      assertThat(server.requests()).isEmpty();
    }
  }

  @Test
  void trustsTheAuthoritiesOfTheVariable() throws Exception {
    Map<String, String> environment = Map.of("SSL_CERT_FILE", authorities().toString());
    try (TestHttpServer server =
        TestHttpServer.tls(server().issuedBy(AUTHORITY), answering(200, "yes"))) {
      assertThat(client(environment).send(request(server)).content()).asString().isEqualTo("yes");
    }
  }

  @Test
  void trustsTheAuthoritiesThatAProgramNames() throws Exception {
    TlsAuthorities.use(authorities(), finding -> {});
    try (TestHttpServer server =
        TestHttpServer.tls(server().issuedBy(AUTHORITY), answering(200, "yes"))) {
      assertThat(client(Map.of()).send(request(server)).isSuccess()).isTrue();
      TlsAuthorities.use(null, finding -> {});
      assertThatThrownBy(() -> client(Map.of()).send(request(server)))
          .hasMessageContaining("is not trusted");
    }
  }

  @Test
  void goesOnTrustingThoseOfJava() throws Exception {
    assertThat(new TlsAuthorities(Map.of("SSL_CERT_FILE", authorities().toString())).context())
        .isPresent();
    assertThat(new TlsAuthorities(Map.of("SSL_CERT_FILE", "")).context()).isEmpty();
    Path store = directory.resolve("java.p12");
    KeyStore anchors = KeyStore.getInstance("PKCS12");
    anchors.load(null, null);
    anchors.setCertificateEntry("root", AUTHORITY.certificate());
    try (var out = Files.newOutputStream(store)) {
      anchors.store(out, "changeit".toCharArray());
    }
    Path other =
        TestCertificate.write(directory.resolve("other.pem"), TestCertificate.root("CN=Other"));
    System.setProperty("javax.net.ssl.trustStore", store.toString());
    System.setProperty("javax.net.ssl.trustStorePassword", "changeit");
    try (TestHttpServer server =
        TestHttpServer.tls(server().issuedBy(AUTHORITY), answering(200, "yes"))) {
      Answer answer = client(Map.of("SSL_CERT_FILE", other.toString())).send(request(server));
      assertThat(answer.isSuccess()).isTrue();
    } finally {
      System.clearProperty("javax.net.ssl.trustStore");
      System.clearProperty("javax.net.ssl.trustStorePassword");
    }
  }

  @Test
  void refusesAFileThatSaysNothing() throws Exception {
    Path missing = directory.resolve("missing.pem");
    Path damaged = Files.writeString(directory.resolve("damaged.pem"), "nothing");
    try (TestHttpServer server = new TestHttpServer(answering(200, "yes"))) {
      for (Path file : new Path[] {missing, damaged}) {
        ServiceClient client = client(Map.of("SSL_CERT_FILE", file.toString()));
        assertThatThrownBy(() -> client.send(request(server)))
            .isInstanceOf(IOException.class)
            .hasMessageContaining("/path was not asked: ")
            .hasMessageContaining("variable SSL_CERT_FILE")
            .hasMessageContaining(file.toString());
        // Without TLS no trust anchors are needed.
        assertThat(client.send(Request.get("the service", server.uri("/"))).isSuccess()).isTrue();
      }
      assertThat(server.requests()).hasSize(2);
    }
    assertThatThrownBy(() -> TlsAuthorities.use(missing, finding -> {}))
        .isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> TlsAuthorities.use(damaged, finding -> {}))
        .isInstanceOf(UnusableTrustException.class)
        .hasMessageContaining("holds no certificate");
  }

  /** The authority among certificates that no JDK reads: damaged, not base64, of OpenSSL's own. */
  private Path bundle() throws IOException {
    String good = Files.readString(authorities());
    String cut = Base64.getEncoder().encodeToString(new byte[] {0x30, (byte) 0x82, 1, 1, 0});
    return Files.writeString(
        directory.resolve("bundle.pem"),
        block("CERTIFICATE", cut)
            + block("CERTIFICATE", "AAA*")
            + good
            + block("TRUSTED CERTIFICATE", cut));
  }

  private static String block(String label, String content) {
    return "-----BEGIN " + label + "-----\n" + content + "\n-----END " + label + "-----\n";
  }

  @Test
  void passesOverWhatCannotBeReadInTheFileOfTheVariableAndSaysSoOnce() throws Exception {
    List<Finding> findings = new ArrayList<>();
    TlsAuthorities.use(null, findings::add);
    Map<String, String> environment = Map.of("SSL_CERT_FILE", bundle().toString());
    try (TestHttpServer server =
        TestHttpServer.tls(server().issuedBy(AUTHORITY), answering(200, "yes"))) {
      assertThat(client(environment).send(request(server)).isSuccess()).isTrue();
      assertThat(client(environment).send(request(server)).isSuccess()).isTrue();
    }
    assertThat(findings).hasSize(1);
    assertThat(findings.get(0).rule()).isEqualTo(Rules.TLS_AUTHORITIES_SKIPPED);
    assertThat(findings.get(0).message())
        .startsWith("3 certificates in the file that the variable SSL_CERT_FILE names cannot be")
        .contains("bundle.pem: for example: line 5: ");
  }

  @Test
  void refusesThatInAFileThatAProgramNames() throws Exception {
    Path bundle = bundle();
    assertThatThrownBy(() -> TlsAuthorities.use(bundle, finding -> {}))
        .isInstanceOf(UnusableTrustException.class)
        .hasMessageContaining("bundle.pem: line ");
  }

  @Test
  void refusesAFileOfTheVariableWhereNothingCanBeReadOrAKeyIs() throws Exception {
    List<Finding> findings = new ArrayList<>();
    TlsAuthorities.use(null, findings::add);
    Path none = Files.writeString(directory.resolve("none.pem"), block("CERTIFICATE", "AAAA"));
    Path key =
        Files.writeString(
            directory.resolve("key.pem"),
            Files.readString(authorities()) + block("PRIVATE KEY", "AAAA"));
    Path lost =
        Files.writeString(
            directory.resolve("lost.pem"),
            Files.readString(authorities()) + "-----BEGIN CERTIFICATE-----\nAAAA\n");
    for (Path file : List.of(none, key, lost)) {
      assertThatThrownBy(
              () -> new TlsAuthorities(Map.of("SSL_CERT_FILE", file.toString())).context())
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith("the variable SSL_CERT_FILE: " + file + ": line ");
    }
    assertThat(findings).isEmpty();
  }

  @Test
  void goesOnShowingTheCertificateOfJavasOwnKeyStore() throws Exception {
    TestCertificate client =
        TestCertificate.named("CN=client")
            .purposes(false, KeyPurposeId.id_kp_clientAuth)
            .issuedBy(AUTHORITY);
    Path store = directory.resolve("client.p12");
    KeyStore own = KeyStore.getInstance("PKCS12");
    own.load(null, null);
    own.setKeyEntry(
        "client",
        client.keys().getPrivate(),
        "changeit".toCharArray(),
        new Certificate[] {client.certificate()});
    try (var out = Files.newOutputStream(store)) {
      own.store(out, "changeit".toCharArray());
    }
    Map<String, String> environment = Map.of("SSL_CERT_FILE", authorities().toString());
    try (TestHttpServer server =
        TestHttpServer.tlsFor(server().issuedBy(AUTHORITY), AUTHORITY, answering(200, "yes"))) {
      assertThatThrownBy(() -> client(environment).send(request(server)))
          .isInstanceOf(IOException.class);
      assertThat(server.requests()).isEmpty();
      System.setProperty("javax.net.ssl.keyStore", store.toString());
      System.setProperty("javax.net.ssl.keyStorePassword", "changeit");
      assertThat(client(environment).send(request(server)).isSuccess()).isTrue();
      System.setProperty("javax.net.ssl.keyStorePassword", "wrong-word");
      assertThatThrownBy(() -> client(environment).send(request(server)))
          .hasMessageContaining("/path was not asked: the key store that the system property")
          .hasMessageContaining("javax.net.ssl.keyStore names cannot be used: ")
          .hasMessageNotContaining("wrong-word");
      System.setProperty("javax.net.ssl.keyStore", directory.resolve("none.p12").toString());
      assertThatThrownBy(() -> client(environment).send(request(server)))
          .hasMessageContaining("javax.net.ssl.keyStore names cannot be used: ")
          .hasMessageContaining("none.p12");
      System.setProperty("javax.net.ssl.keyStore", "NONE");
      System.setProperty("javax.net.ssl.keyStoreType", "unheard-of");
      assertThatThrownBy(() -> client(environment).send(request(server)))
          .hasMessageContaining("javax.net.ssl.keyStore names cannot be used: ")
          .hasMessageContaining("unheard-of");
    } finally {
      System.clearProperty("javax.net.ssl.keyStore");
      System.clearProperty("javax.net.ssl.keyStorePassword");
      System.clearProperty("javax.net.ssl.keyStoreType");
    }
  }

  @Test
  void refusesACertificateForAnotherHostOrTimeOnce() throws Exception {
    Instant past = Instant.parse("2020-01-01T00:00:00Z");
    Map<String, String> environment = Map.of("SSL_CERT_FILE", authorities().toString());
    Map<TestCertificate, String> wrong = new HashMap<>();
    wrong.put(
        TestCertificate.named("CN=server")
            .names(GeneralName.dNSName, "other.invalid")
            .issuedBy(AUTHORITY),
        "no TLS connection could be made");
    wrong.put(
        server().valid(past, past.plus(Duration.ofDays(9))).issuedBy(AUTHORITY),
        "not valid now; is the clock of this machine right?");
    for (Map.Entry<TestCertificate, String> each : wrong.entrySet()) {
      try (TestHttpServer server = TestHttpServer.tls(each.getKey(), answering(200, "yes"))) {
        assertThatThrownBy(() -> client(environment).send(request(server)))
            .isInstanceOf(IOException.class)
            .hasMessageContaining(each.getValue());
        assertThat(server.connections()).isEqualTo(1);
      }
    }
  }

  @Test
  void asksOnceWhereSomebodySpeaksNoTls() throws Exception {
    try (TestHttpServer server = new TestHttpServer(answering(200, "yes"))) {
      assertThatThrownBy(() -> client(Map.of()).send(request(server)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("failed: no TLS connection could be made");
      // The JDK looks twice, which counts as one attempt here.
      assertThat(server.connections()).isLessThanOrEqualTo(2);
    }
  }

  /** What a program does, with the variables of its process. */
  static final class Asking {
    private Asking() {}

    /** Asks an address and prints the answer, or why there is none. */
    public static void main(String[] args) {
      try {
        Answer answer =
            ServiceClient.with(Duration.ofSeconds(10), Duration.ofMillis(5))
                .send(Request.get("the service", URI.create(args[0])));
        System.out.println(answer.status());
      } catch (IOException e) {
        System.out.println(e.getMessage());
      }
    }
  }

  /** A process of its own: the JDK reads once whether proxies may have passwords. */
  private static String asked(String address, Map<String, String> environment) throws Exception {
    ProcessBuilder process =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            Asking.class.getName(),
            address);
    process.environment().keySet().removeIf(name -> name.matches("(?i).*_proxy|SSL_CERT_.*"));
    process.environment().putAll(environment);
    Process started = TimedProcess.start(process.redirectError(ProcessBuilder.Redirect.INHERIT));
    String out = new String(started.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(started.waitFor()).isZero();
    return out.strip();
  }

  @Test
  void asksForATunnelWithThePasswordOfTheProxy() throws Exception {
    String address = "https://service.invalid/path";
    try (TestHttpServer server =
            TestHttpServer.tls(server().issuedBy(AUTHORITY), answering(200, "yes"));
        TestProxy proxy = new TestProxy(server, "me:secret-word")) {
      Map<String, String> environment = new HashMap<>();
      environment.put("SSL_CERT_FILE", authorities().toString());
      environment.put("HTTPS_PROXY", "http://me:secret-word@" + proxy.place());
      assertThat(asked(address, environment)).isEqualTo("200");
      assertThat(proxy.requests().get(0).line()).isEqualTo("CONNECT service.invalid:443 HTTP/1.1");
      assertThat(server.requests().get(0).headers()).doesNotContainKey("Proxy-Authorization");

      environment.remove("SSL_CERT_FILE");
      assertThat(asked(address, environment))
          .startsWith(
              "the service at "
                  + address
                  + " through the proxy http://"
                  + proxy.place()
                  + " (HTTPS_PROXY) is not trusted: ")
          .doesNotContain("secret-word");
      assertThat(server.connections()).isEqualTo(2);

      environment.put("https_proxy", proxy.place());
      assertThat(asked(address, environment))
          .contains("(https_proxy) was not asked: the proxy wants a user and a password");
      environment.put("NO_PROXY", "service.invalid");
      assertThat(asked(address, environment))
          .startsWith("the service at " + address + " cannot be reached");
      assertThat(server.connections()).isEqualTo(2);
      assertThat(proxy.requests()).hasSize(3);
    }
  }
}
