package dev.modelsigning.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.cli.admission.Admission;
import dev.modelsigning.cli.admission.Judge;
import dev.modelsigning.cli.admission.Judgement;
import dev.modelsigning.cli.admission.Judgement.Kind;
import dev.modelsigning.cli.admission.Registries;
import dev.modelsigning.cli.admission.Verdicts;
import dev.modelsigning.cli.output.Output;
import dev.modelsigning.oci.reference.OciReference;
import dev.modelsigning.testing.TestCertificate;
import dev.modelsigning.testing.Watching;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x509.GeneralName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class AdmissionServerTest {

  private static final String MODEL = "r.example/good@sha256:" + "ab".repeat(32);
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  @TempDir private Path directory;

  private final TestCertificate authority = TestCertificate.root("CN=authority");
  private final AtomicReference<TlsIdentity> identity = new AtomicReference<>();
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final Metrics metrics = new Metrics();
  private final CountDownLatch open = new CountDownLatch(1);
  private final AtomicInteger asked = new AtomicInteger();
  private Verdicts verdicts;
  private AdmissionServer server;
  private HttpClient client;

  @BeforeEach
  void start() throws Exception {
    identity.set(identity("CN=one"));
    verdicts =
        new Verdicts(
            new Judge() {
              @Override
              public String version() {
                return "1";
              }

              @Override
              public Judgement judge(OciReference model, Duration limit) {
                asked.incrementAndGet();
                if (model.repository().equals("slow")) {
                  try {
                    open.await();
                  } catch (InterruptedException e) {
                    return Judgement.once(Kind.UNKNOWN, "interrupted");
                  }
                }
                return model.repository().equals("broken")
                    ? breakDown()
                    : Judgement.of(Kind.VERIFIED, "");
              }
            },
            new Verdicts.Limits(10, TIMEOUT, TIMEOUT, TIMEOUT, 2, 100),
            failure -> {});
    PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(new KeyManager[] {new ServerKeyManager(identity::get)}, null, null);
    server =
        new AdmissionServer(
            free(),
            Optional.of(free()),
            tls,
            Optional.empty(),
            new Admission(Registries.of(List.of("r.example")), verdicts),
            () -> "sha256:1",
            TIMEOUT,
            metrics,
            new Records(Output.on(out, out, UnaryOperator.identity()), Clock.systemUTC()));
    server.start();
    client = client();
  }

  @AfterEach
  void end() {
    open.countDown();
    server.close();
    verdicts.close();
  }

  private static Judgement breakDown() {
    throw new IllegalStateException("a defect");
  }

  private static InetSocketAddress free() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  private TlsIdentity identity(String name) throws Exception {
    TestCertificate one =
        TestCertificate.named(name).names(GeneralName.iPAddress, "127.0.0.1").issuedBy(authority);
    return TlsIdentity.of(
        TestCertificate.write(directory.resolve("tls.crt"), one),
        one.writeKey(directory.resolve("tls.key")),
        Clock.systemUTC());
  }

  private HttpClient client() throws Exception {
    KeyStore anchors = KeyStore.getInstance("PKCS12");
    anchors.load(null, null);
    anchors.setCertificateEntry("a", authority.certificate());
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(anchors);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, factory.getTrustManagers(), null);
    return HttpClient.newBuilder().sslContext(context).build();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(
            URI.create("https://127.0.0.1:" + server.address().getPort() + path))
        .timeout(Duration.ofSeconds(60))
        .header("Content-Type", "application/json");
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> page(String path) throws Exception {
    return client.send(
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + server.statusAddress().getPort() + path))
            .build(),
        BodyHandlers.ofString());
  }

  private static String review(String model) {
    return """
    {"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","request":{"uid":"u-1",
     "resource":{"group":"","version":"v1","resource":"pods"},"operation":"CREATE",
     "namespace":"team","object":{"kind":"Pod","apiVersion":"v1","metadata":{},
     "spec":{"volumes":[{"name":"m","image":{"reference":"%s"}}]}}}}
    """
        .formatted(model);
  }

  private HttpRequest.Builder posted(String model, String query) {
    return request("/validate" + query).POST(BodyPublishers.ofString(review(model)));
  }

  @Test
  void answersReviews() throws Exception {
    HttpResponse<String> answer = send(posted(MODEL, "?timeout=10s"));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
    assertThat(answer.body())
        .contains("\"uid\":\"u-1\",\"allowed\":true")
        .contains("\"policy\":\"sha256:1\"");
    assertThat(printed.toString(StandardCharsets.UTF_8))
        .contains("\"event\":\"review\",\"uid\":\"u-1\"")
        .contains("\"object\":\"team/(new)\",\"allowed\":true")
        .contains("\"models\":{\"oci://" + MODEL + "\":\"verified\"}");
    assertThat(send(posted("r.example/m:1", "")).body()).contains("\"allowed\":false");
    assertThat(page("/metrics").body())
        .contains("model_signing_admission_reviews_total{result=\"allowed\"} 1\n")
        .contains("model_signing_admission_reviews_total{result=\"denied\"} 1\n")
        .contains("model_signing_admission_models_total{verdict=\"verified\"} 1\n")
        .contains("model_signing_admission_review_seconds_bucket{le=\"+Inf\"} 2\n")
        .contains("model_signing_admission_review_seconds_count 2\n");
  }

  @Test
  void refusesWhatIsNoReview() throws Exception {
    HttpResponse<String> malformed =
        send(request("/validate").POST(BodyPublishers.ofString("{\"a\":\u001b}")));
    assertThat(malformed.statusCode()).isEqualTo(400);
    assertThat(malformed.body()).startsWith("the review: ").doesNotContain("\u001b");
    assertThat(send(request("/validate").GET()).statusCode()).isEqualTo(405);
    assertThat(send(request("/other").POST(BodyPublishers.noBody())).statusCode()).isEqualTo(404);
    assertThat(send(posted(MODEL, "").setHeader("Content-Type", "application/yaml")).statusCode())
        .isEqualTo(415);
    assertThat(page("/metrics").body())
        .contains("model_signing_admission_reviews_total{result=\"malformed\"} 2\n");
  }

  @Test
  void refusesReviewsOfTenMegabytes() throws Exception {
    byte[] large = new byte[10 * 1024 * 1024];
    java.util.Arrays.fill(large, (byte) ' ');

    for (BodyPublisher body :
        List.of(
            BodyPublishers.ofByteArray(large),
            BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(large)))) {
      try {
        assertThat(send(request("/validate").POST(body)).statusCode()).isEqualTo(413);
      } catch (IOException e) {
        // The answer comes while the rest is still sent, so a client may see only that it ends.
        assertThat(e).isNotInstanceOf(HttpTimeoutException.class);
      }
    }
    Watching.until(
        "both are refused",
        () -> metrics.text().contains("reviews_total{result=\"malformed\"} 2\n"));
    assertThat(printed.toString(StandardCharsets.UTF_8).lines())
        .filteredOn(line -> line.contains("a review has more than 8388608 bytes"))
        .hasSize(2);
    assertThat(send(posted(MODEL, "")).body()).contains("\"allowed\":true");
  }

  @Test
  void answersInTheTimeThatTheApiServerGives() throws Exception {
    long start = System.nanoTime();

    HttpResponse<String> answer =
        send(posted("r.example/slow@sha256:" + "cd".repeat(32), "?timeout=1s"));

    assertThat(answer.body()).contains("\"allowed\":false").contains("there is no verdict after");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(TIMEOUT);
  }

  @Test
  void answersOthersWhileSomeWait() throws Exception {
    List<CompletableFuture<HttpResponse<String>>> waiting = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      String slow = "r.example/slow@sha256:" + "cd".repeat(32);
      waiting.add(client.sendAsync(posted(slow, "").build(), BodyHandlers.ofString()));
    }
    Watching.until("all wait", () -> metrics.text().contains("admission_reviews_waiting 100\n"));

    assertThat(send(posted(MODEL, "")).body()).contains("\"allowed\":true");
    assertThat(page("/healthz").body()).isEqualTo("ok\n");
    open.countDown();
    assertThat(waiting)
        .allSatisfy(answer -> assertThat(answer.join().body()).contains("\"allowed\":true"));
    assertThat(asked).hasValue(2);
  }

  @Test
  void deniesIfItBreaksDown() throws Exception {
    assertThat(send(posted("r.example/broken@sha256:" + "cd".repeat(32), "")).body())
        .contains("\"allowed\":false")
        .contains("the verdict broke down, which the log of the webhook explains");
  }

  @Test
  void showsTheNewCertificateToNewConnections() throws Exception {
    assertThat(subject(send(posted(MODEL, "")))).isEqualTo("CN=one");
    identity.set(identity("CN=two"));
    client = client();

    assertThat(subject(send(posted(MODEL, "")))).isEqualTo("CN=two");
  }

  private static String subject(HttpResponse<String> answer) throws Exception {
    return ((X509Certificate) answer.sslSession().orElseThrow().getPeerCertificates()[0])
        .getSubjectX500Principal()
        .toString();
  }

  @Test
  void endsAfterWhatCameIsAnswered() throws Exception {
    assertThat(page("/readyz").statusCode()).isEqualTo(200);
    String slow = "r.example/slow@sha256:" + "cd".repeat(32);
    CompletableFuture<HttpResponse<String>> waiting =
        client.sendAsync(posted(slow, "").build(), BodyHandlers.ofString());
    Watching.until("it waits", () -> metrics.text().contains("admission_reviews_waiting 1\n"));
    Thread ending =
        new Thread(() -> {
          try {
            server.end(Duration.ofMillis(1));
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    ending.start();
    Watching.until(
        "it waits for the answer",
        () ->
            Watching.waitsIn(AdmissionServer.class, ending)
                || ending.getState() == Thread.State.TIMED_WAITING);
    assertThat(page("/readyz").statusCode()).isEqualTo(503);
    open.countDown();

    assertThat(waiting.join().body()).contains("\"allowed\":true");
    ending.join();
    assertThatThrownBy(() -> page("/healthz")).isInstanceOf(java.io.IOException.class);
  }

  @Test
  void hasPagesForThoseWhoLookAfterIt() throws Exception {
    assertThat(page("/healthz/more").statusCode()).isEqualTo(404);
    assertThat(page("/").statusCode()).isEqualTo(404);
    assertThat(send(request("/metrics").GET()).statusCode()).isEqualTo(404);
  }

  @Test
  void doesNotBeginWhereItCannotListen() throws Exception {
    Files.writeString(directory.resolve("x"), "x");
    assertThatThrownBy(() ->
            new AdmissionServer(
                server.address(),
                Optional.empty(),
                SSLContext.getDefault(),
                Optional.empty(),
                new Admission(Registries.of(List.of("r.example")), verdicts),
                () -> "",
                TIMEOUT,
                new Metrics(),
                new Records(Output.nowhere(), Clock.systemUTC())))
        .hasCauseInstanceOf(java.net.BindException.class);
  }
}
