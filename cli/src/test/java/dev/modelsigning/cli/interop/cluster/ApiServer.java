package dev.modelsigning.cli.interop.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.testing.TestCertificate;
import dev.modelsigning.testing.TimedProcess;
import dev.modelsigning.testing.Watching;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;

/**
 * A real API server of Kubernetes with its etcd, on free ports of the loopback interface, for tests
 * that are marked {@link WithKubernetes}. There is no node, so pods are stored and not run.
 */
final class ApiServer implements AutoCloseable {

  private static final Path ROOT = Path.of(System.getProperty("modelsigning.root"));
  private static final String TOKEN = "only-for-tests";

  /** Longer than any class of tests; what is left then is ended. */
  private static final Executor TIME_OUT = CompletableFuture.delayedExecutor(30, TimeUnit.MINUTES);

  private final List<Process> processes = new ArrayList<>();
  private final Path directory;
  private final String address;
  private final HttpClient client;

  /** What it answered. */
  record Reply(int status, String body) {

    /** It did what it was asked for. */
    Reply succeeds() {
      assertThat(status).as(body).isBetween(200, 299);
      return this;
    }

    /** It refused, and these parts are in its message. */
    Reply fails(int expected, String... parts) {
      assertThat(status).as(body).isEqualTo(expected);
      assertThat(body).contains(parts);
      return this;
    }
  }

  /** Whether to run tests with it: if it is installed, or required. */
  static boolean isThere() {
    return Stream.of("etcd", "kube-apiserver").allMatch(name -> Files.isExecutable(program(name)))
        || System.getenv("MODEL_SIGNING_KUBERNETES") != null
        || "true".equals(System.getenv("MODEL_SIGNING_REQUIRE_KUBERNETES"));
  }

  private static Path program(String name) {
    String named = System.getenv("MODEL_SIGNING_KUBERNETES");
    Path at = named == null ? ROOT.resolve(".cache/kubernetes") : Path.of(named);
    return at.resolve("bin").resolve(name).toAbsolutePath();
  }

  /**
   * Starts it, and waits until pods can be created.
   *
   * @param directory where its files are; it is made
   */
  ApiServer(Path directory) throws Exception {
    this.directory = Files.createDirectories(directory);
    String etcd = "http://127.0.0.1:" + freePort();
    String peers = "http://127.0.0.1:" + freePort();
    int port = freePort();
    address = "https://127.0.0.1:" + port;
    try {
      start(
          "etcd",
          "--data-dir=" + directory.resolve("etcd"),
          "--listen-client-urls=" + etcd,
          "--advertise-client-urls=" + etcd,
          "--listen-peer-urls=" + peers,
          "--initial-advertise-peer-urls=" + peers,
          "--initial-cluster=default=" + peers,
          "--unsafe-no-fsync=true");
      Path tokens =
          Files.writeString(
              directory.resolve("tokens.csv"), TOKEN + ",tester,1,\"system:masters\"\n");
      Path key = writeKey(directory.resolve("service-accounts.pem"));
      start(
          "kube-apiserver",
          "--etcd-servers=" + etcd,
          "--bind-address=127.0.0.1",
          "--advertise-address=127.0.0.1",
          "--secure-port=" + port,
          "--cert-dir=" + directory.resolve("certificates"),
          "--service-cluster-ip-range=10.0.0.0/24",
          "--service-account-issuer=https://kubernetes.default.svc",
          "--service-account-key-file=" + key,
          "--service-account-signing-key-file=" + key,
          "--token-auth-file=" + tokens,
          "--authorization-mode=RBAC",
          "--admission-control-config-file=" + writeClient(),
          "--disable-admission-plugins=ServiceAccount");
      Path certificate = directory.resolve("certificates/apiserver.crt");
      Watching.until(
          "the API server made its certificate, or ended",
          () -> Files.exists(certificate) || hasEnded());
      client = client(certificate);
      Watching.until("the API server is ready, or ended", () -> hasEnded() || isReady());
      assertThat(hasEnded()).as(this::log).isFalse();
    } catch (Exception | Error e) {
      e.addSuppressed(new IOException(log()));
      close();
      throw e;
    }
  }

  private void start(String name, String... options) throws IOException {
    List<String> command = new ArrayList<>(List.of(program(name).toString()));
    command.addAll(List.of(options));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve(name + ".log").toFile());
    builder.environment().clear();
    Process process = TimedProcess.start(builder, TIME_OUT);
    processes.add(process);
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static Path writeKey(Path file) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    byte[] der = generator.generateKeyPair().getPrivate().getEncoded();
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return Files.writeString(
        file, "-----BEGIN PRIVATE KEY-----\n" + text + "\n-----END PRIVATE KEY-----\n");
  }

  /** Who it is for webhooks: a client with a certificate of {@link #clientAuthority}. */
  private Path writeClient() throws Exception {
    TestCertificate authority = TestCertificate.root("CN=Clients");
    TestCertificate client =
        TestCertificate.named("CN=kube-apiserver")
            .usage(KeyUsage.digitalSignature)
            .purposes(false, KeyPurposeId.id_kp_clientAuth)
            .issuedBy(authority);
    TestCertificate.write(clientAuthority(), authority);
    TestCertificate.write(directory.resolve("client.crt"), client);
    client.writeKey(directory.resolve("client.key"));
    Files.writeString(
        directory.resolve("webhooks.kubeconfig"),
        """
        apiVersion: v1
        kind: Config
        users:
          - name: "*"
            user: { client-certificate: client.crt, client-key: client.key }
        """);
    return Files.writeString(
        directory.resolve("admission.yaml"),
        """
        apiVersion: apiserver.config.k8s.io/v1
        kind: AdmissionConfiguration
        plugins:
          - name: ValidatingAdmissionWebhook
            configuration:
              apiVersion: apiserver.config.k8s.io/v1
              kind: WebhookAdmissionConfiguration
              kubeConfigFile: %s
        """
            .formatted(directory.resolve("webhooks.kubeconfig")));
  }

  /** The authority of the certificate that it shows to webhooks. */
  Path clientAuthority() {
    return directory.resolve("clients.crt");
  }

  private static HttpClient client(Path certificate) throws Exception {
    KeyStore anchors = KeyStore.getInstance("PKCS12");
    anchors.load(null, null);
    int number = 0;
    try (var in = Files.newInputStream(certificate)) {
      for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        anchors.setCertificateEntry("c" + number++, each);
      }
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(anchors);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, factory.getTrustManagers(), null);
    return HttpClient.newBuilder()
        .sslContext(context)
        .connectTimeout(Duration.ofSeconds(20))
        .build();
  }

  private boolean hasEnded() {
    return processes.stream().anyMatch(process -> !process.isAlive());
  }

  /** Besides that it says so, the namespace must be there. */
  private boolean isReady() {
    try {
      return send("GET", "/readyz", "", "").status() == 200
          && send("GET", "/api/v1/namespaces/default", "", "").status() == 200;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private String log() {
    try {
      StringBuilder text = new StringBuilder();
      for (String name : List.of("etcd", "kube-apiserver")) {
        Path file = directory.resolve(name + ".log");
        if (Files.exists(file)) {
          List<String> lines =
              new String(Files.readAllBytes(file), StandardCharsets.UTF_8).lines().toList();
          lines
              .subList(Math.max(0, lines.size() - 20), lines.size())
              .forEach(line -> text.append(line).append('\n'));
        }
      }
      return text.toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Sends a request.
   *
   * @param type the media type of the content, such as {@code application/json}
   */
  Reply send(String method, String path, String type, String content)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(address + path))
            .timeout(Duration.ofSeconds(60))
            .header("Authorization", "Bearer " + TOKEN)
            .method(method, HttpRequest.BodyPublishers.ofString(content));
    if (!type.isEmpty()) {
      request.header("Content-Type", type);
    }
    HttpResponse<String> answer = client.send(request.build(), BodyHandlers.ofString());
    return new Reply(answer.statusCode(), answer.body());
  }

  /** Creates an object that is written as YAML or JSON. */
  Reply create(String path, String yaml) throws IOException, InterruptedException {
    return send("POST", path, "application/yaml", yaml);
  }

  /** Has an object read that is written as YAML, and not stored. */
  Reply tryManifest(String yaml) throws IOException, InterruptedException {
    Matcher kind = Pattern.compile("(?m)^kind: (\\w+)$").matcher(yaml);
    assertThat(kind.find()).as(yaml).isTrue();
    Matcher namespace = Pattern.compile("(?m)^metadata: .*namespace: ([\\w-]+)").matcher(yaml);
    String within = "namespaces/" + (namespace.find() ? namespace.group(1) : "default") + "/";
    String path =
        switch (kind.group(1)) {
          case "Pod" -> "/api/v1/" + within + "pods";
          case "ConfigMap" -> "/api/v1/" + within + "configmaps";
          case "Service" -> "/api/v1/" + within + "services";
          case "PersistentVolumeClaim" -> "/api/v1/" + within + "persistentvolumeclaims";
          case "Deployment" -> "/apis/apps/v1/" + within + "deployments";
          case "Job" -> "/apis/batch/v1/" + within + "jobs";
          case "PodDisruptionBudget" -> "/apis/policy/v1/" + within + "poddisruptionbudgets";
          case "NetworkPolicy" -> "/apis/networking.k8s.io/v1/" + within + "networkpolicies";
          case "ValidatingWebhookConfiguration" ->
              "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations";
          case "ValidatingAdmissionPolicy" ->
              "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies";
          case "ValidatingAdmissionPolicyBinding" ->
              "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings";
          default -> throw new AssertionError("no path for " + kind.group(1));
        };
    return create(path + "?dryRun=All&fieldValidation=Strict", yaml);
  }

  /** Creates a pod, or only tries to. */
  Reply createPod(String yaml, boolean dryRun) throws IOException, InterruptedException {
    return create("/api/v1/namespaces/default/pods" + (dryRun ? "?dryRun=All" : ""), yaml);
  }

  @Override
  public void close() {
    for (int i = processes.size() - 1; i >= 0; i--) {
      processes.get(i).destroyForcibly();
      processes.get(i).onExit().join();
    }
  }
}
