package dev.modelsigning.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.cli.admission.Admission;
import dev.modelsigning.cli.admission.Judge;
import dev.modelsigning.cli.admission.Judgement;
import dev.modelsigning.cli.admission.Judgement.Kind;
import dev.modelsigning.cli.admission.Registries;
import dev.modelsigning.cli.admission.Review;
import dev.modelsigning.cli.admission.Verdicts;
import dev.modelsigning.cli.output.Output;
import dev.modelsigning.oci.reference.OciReference;
import dev.modelsigning.testing.TestCertificate;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What any pod can do to a webhook that it can reach. */
@Timeout(120)
class SlowClientsTest {

  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  /** How long good clients wait: a busy machine needs seconds for what it does in milliseconds. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** More than there are threads for requests that arrive. */
  private static final int SLOW_CLIENTS = 200;

  @TempDir private Path directory;

  private final TestCertificate authority = TestCertificate.root("CN=authority");
  private final List<Socket> sockets = new ArrayList<>();
  private final Verdicts verdicts =
      new Verdicts(
          new Judge() {
            @Override
            public String version() {
              return "1";
            }

            @Override
            public Judgement judge(OciReference model, Duration limit) {
              return Judgement.of(Kind.VERIFIED, "");
            }
          },
          new Verdicts.Limits(10, TIMEOUT, TIMEOUT, TIMEOUT, 2, 100),
          failure -> {});
  private @Nullable AdmissionServer server;

  @AfterEach
  void end() throws Exception {
    for (Socket socket : sockets) {
      socket.close();
    }
    if (server != null) {
      server.close();
    }
    verdicts.close();
  }

  private AdmissionServer serve(Optional<Supplier<ClientAuthority>> clients) throws Exception {
    TestCertificate one =
        TestCertificate.named("CN=webhook")
            .names(GeneralName.iPAddress, "127.0.0.1")
            .issuedBy(authority);
    TlsIdentity identity =
        TlsIdentity.of(
            TestCertificate.write(directory.resolve("tls.crt"), one),
            one.writeKey(directory.resolve("tls.key")),
            Clock.systemUTC());
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(
        new KeyManager[] {new ServerKeyManager(() -> identity)},
        clients.map(now -> new TrustManager[] {ClientAuthority.trust(now)}).orElse(null),
        null);
    AdmissionServer made =
        new AdmissionServer(
            free(),
            Optional.of(free()),
            tls,
            clients,
            new Admission(Registries.of(List.of("r.example")), verdicts),
            () -> "sha256:1",
            TIMEOUT,
            new Metrics(),
            new Records(Output.nowhere(), Clock.systemUTC()));
    server = made;
    made.start();
    return made;
  }

  private static InetSocketAddress free() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  private SSLContext context(KeyManager @Nullable [] keys) throws Exception {
    KeyStore anchors = KeyStore.getInstance("PKCS12");
    anchors.load(null, null);
    anchors.setCertificateEntry("a", authority.certificate());
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(anchors);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys, factory.getTrustManagers(), null);
    return context;
  }

  private static KeyManager[] keys(TestCertificate client) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry(
        "k", client.keys().getPrivate(), new char[0], new Certificate[] {client.certificate()});
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, new char[0]);
    return factory.getKeyManagers();
  }

  private static HttpResponse<String> ask(HttpClient client, AdmissionServer asked)
      throws Exception {
    String review =
        """
        {"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","request":{"uid":"u-1",
         "resource":{"group":"","version":"v1","resource":"pods"},"operation":"CREATE",
         "object":{"kind":"Pod","apiVersion":"v1","metadata":{},
         "spec":{"volumes":[{"name":"m","image":{"reference":"r.example/m@sha256:%s"}}]}}}}
        """
            .formatted("ab".repeat(32));
    return client.send(
        HttpRequest.newBuilder(
                URI.create("https://127.0.0.1:" + asked.address().getPort() + "/validate"))
            .timeout(PATIENCE)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(review))
            .build(),
        BodyHandlers.ofString());
  }

  private static HttpResponse<String> page(AdmissionServer asked, String path) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(
                    URI.create("http://127.0.0.1:" + asked.statusAddress().getPort() + path))
                .timeout(PATIENCE)
                .build(),
            BodyHandlers.ofString());
  }

  /** A connection of another address than that of good clients. */
  private Socket stranger(InetSocketAddress to) throws IOException {
    Socket socket =
        new Socket(to.getAddress(), to.getPort(), InetAddress.getByName("127.0.0.2"), 0);
    sockets.add(socket);
    return socket;
  }

  private void stall(InetSocketAddress to, byte first) throws IOException {
    for (int i = 0; i < SLOW_CLIENTS; i++) {
      stranger(to).getOutputStream().write(first);
    }
  }

  @Test
  void answersWhileOthersClaimMuch() throws Exception {
    AdmissionServer asked = serve(Optional.empty());
    SSLContext context = context(null);
    for (int i = 0; i < 20; i++) {
      SSLSocket socket =
          (SSLSocket)
              context
                  .getSocketFactory()
                  .createSocket(stranger(asked.address()), "127.0.0.1", 0, true);
      socket
          .getOutputStream()
          .write(
              ("POST /validate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                      + "Content-Length: 8388608\r\n\r\n{")
                  .getBytes(StandardCharsets.US_ASCII));
    }

    assertThat(ask(client(null), asked).body()).contains("\"allowed\":true");
  }

  /** Nobody knows how long it is before it has arrived. */
  @Test
  void saysThatAReviewInChunksIsTooLarge() throws Exception {
    AdmissionServer asked = serve(Optional.empty());
    byte[] large = new byte[Review.MAX_SIZE + 1];
    Arrays.fill(large, (byte) ' ');
    try (SSLSocket socket =
        (SSLSocket)
            context(null).getSocketFactory().createSocket("127.0.0.1", asked.address().getPort())) {
      OutputStream request = socket.getOutputStream();
      request.write(
          ("POST /validate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                  + "Transfer-Encoding: chunked\r\n\r\n"
                  + Integer.toHexString(large.length)
                  + "\r\n")
              .getBytes(StandardCharsets.US_ASCII));
      request.write(large);
      request.write("\r\n1\r\n".getBytes(StandardCharsets.US_ASCII)); // and goes on
      request.flush();
      String answer = new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);

      assertThat(answer).isEqualTo("HTTP/1.1 413");
    }
  }

  @Test
  void answersWhileOthersBeginHandshakes() throws Exception {
    AdmissionServer asked = serve(Optional.empty());
    stall(asked.address(), (byte) 0x16);

    assertThat(ask(client(null), asked).body()).contains("\"allowed\":true");
    // Now it is known who they are.
    stall(asked.address(), (byte) 0x16);
    assertThat(ask(client(null), asked).body()).contains("\"allowed\":true");
  }

  @Test
  void showsItsPagesWhileOthersBeginRequests() throws Exception {
    AdmissionServer asked = serve(Optional.empty());
    stall(asked.statusAddress(), (byte) 'G');

    assertThat(page(asked, "/healthz").body()).isEqualTo("ok\n");
  }

  private HttpClient client(KeyManager @Nullable [] keys) throws Exception {
    return HttpClient.newBuilder().sslContext(context(keys)).build();
  }

  private static TestCertificate client(String name, TestCertificate issuer) {
    return TestCertificate.named(name)
        .usage(KeyUsage.digitalSignature)
        .purposes(false, KeyPurposeId.id_kp_clientAuth)
        .issuedBy(issuer);
  }

  private ClientAuthority trusted(TestCertificate root) throws Exception {
    return ClientAuthority.of(TestCertificate.write(directory.resolve("client-ca.pem"), root));
  }

  @Test
  void answersClientsOfTheAuthorityOnly() throws Exception {
    TestCertificate clients = TestCertificate.root("CN=clients");
    TestCertificate strangers = TestCertificate.root("CN=strangers");
    AtomicReference<ClientAuthority> current = new AtomicReference<>(trusted(clients));
    AdmissionServer asked = serve(Optional.of(current::get));

    HttpResponse<String> refused = ask(client(null), asked);
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(refused.body()).contains("--client-ca").doesNotContain("allowed");
    HttpClient good = client(keys(client("CN=kube-apiserver", clients)));
    assertThat(ask(good, asked).body()).contains("\"allowed\":true");
    HttpClient bad = client(keys(client("CN=kube-apiserver", strangers)));
    assertThatThrownBy(
            () -> {
              // A client that knows the accepted authorities shows nothing.
              assertThat(ask(bad, asked).statusCode()).isEqualTo(403);
              throw new IOException("refused");
            })
        .isInstanceOf(IOException.class);
    // A certificate for servers is none for clients.
    HttpClient wrong =
        client(
            keys(
                TestCertificate.named("CN=server")
                    .usage(KeyUsage.digitalSignature)
                    .purposes(false, KeyPurposeId.id_kp_serverAuth)
                    .issuedBy(clients)));
    assertThatThrownBy(() -> ask(wrong, asked)).isInstanceOf(IOException.class);
    assertThat(page(asked, "/healthz").body()).isEqualTo("ok\n");

    // The connections that there are do not outlive the authority.
    current.set(trusted(strangers));
    assertThat(ask(good, asked).statusCode()).isEqualTo(403);
  }
}
