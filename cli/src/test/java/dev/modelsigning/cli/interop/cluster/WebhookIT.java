package dev.modelsigning.cli.interop.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.cli.Invocation;
import dev.modelsigning.testing.OciTools;
import dev.modelsigning.testing.OnOneJdk;
import dev.modelsigning.testing.RegistryServer;
import dev.modelsigning.testing.TestCertificate;
import dev.modelsigning.testing.TestHttpServer;
import dev.modelsigning.testing.Watching;
import dev.modelsigning.testing.WithOciPeers;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged webhook with real registries, asked as the API server asks. */
@WithOciPeers
@OnOneJdk
class WebhookIT {

  @TempDir private static Path place;
  private static ClusterScene scene;
  private static String signed;

  @TempDir private Path directory;

  @BeforeAll
  static void start() throws Exception {
    scene = new ClusterScene(place.resolve("scene"));
    signed = scene.pushSigned("fraud/v3", "team");
  }

  @AfterAll
  static void end() {
    if (scene != null) {
      scene.close();
    }
  }

  private Webhook webhook(String... options) throws Exception {
    return new Webhook(directory.resolve("webhook"), scene.options(options));
  }

  static String review(String image) {
    return """
    {"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","request":{"uid":"u-1",
     "resource":{"group":"","version":"v1","resource":"pods"},"operation":"CREATE",
     "namespace":"team","object":{"kind":"Pod","apiVersion":"v1","metadata":{},
     "spec":{"volumes":[{"name":"m","image":{"reference":"%s"}}]}}}}
    """
        .formatted(image);
  }

  /** Who names none learns that from the log, and no model is admitted, whoever signed it. */
  @Test
  void refusesEveryModelIfNoRegistryMayBeAsked() throws Exception {
    List<String> policyAlone = scene.options().subList(0, 2);
    try (Webhook webhook = new Webhook(directory.resolve("webhook"), policyAlone)) {
      assertThat(ask(webhook, signed))
          .contains("\"allowed\":false", "it is in none of the registries that may be asked");
      assertThat(webhook.log()).contains("\"event\":\"no-registry\"");
    }
  }

  private static String ask(Webhook webhook, String model) throws Exception {
    HttpResponse<String> answer = webhook.review(review(scene.registry.reference(model)));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return answer.body();
  }

  @Test
  void decidesByThePolicyAndWithoutTheFiles() throws Exception {
    String searched = scene.pushSigned("searched/v1", "team");
    String sandbox = scene.push("sandbox/try");
    String stranger = scene.pushSigned("sandbox/strange", "stranger");
    String inSandbox = scene.pushSigned("sandbox/signed", "team");
    String nowhere = scene.pushSigned("other/v1", "team");
    String blake =
        Invocation.of(
                "sign",
                "key",
                scene.reference(scene.push("fraud/blake")),
                "--private-key",
                scene.key("team"),
                "--hash-algorithm",
                "blake3")
            .assertSucceeded()
            .out();
    assertThat(blake).contains("fraud/blake");
    try (Webhook webhook = webhook()) {
      assertThat(ask(webhook, signed)).contains("\"allowed\":true");
      assertThat(ask(webhook, searched))
          .contains("\"allowed\":false", "which are not read here; verify the model in an init");
      assertThat(ask(webhook, sandbox))
          .contains("\"allowed\":true", "\"warnings\":[\"not verified: ", "only warns");
      assertThat(ask(webhook, stranger))
          .contains("\"allowed\":true", "\"warnings\":[\"not verified: ", "only warns");
      assertThat(ask(webhook, inSandbox)).contains("\"allowed\":true");
      assertThat(ask(webhook, nowhere))
          .contains("\"allowed\":false", "a rule for this model: no rule of ");
      assertThat(ask(webhook, "fraud/v3@sha256:" + "ab".repeat(32)))
          .contains("\"allowed\":false", "\"code\":403", "has no manifest with this digest");
    }
  }

  /** Without a word about it, a directory that oras packed is an archive. */
  @Test
  void deniesWhatWouldHaveToBeRead() throws Exception {
    OciTools tools = OciTools.at(directory.resolve("home"), List.of(scene.registry));
    Path model = Files.createDirectories(directory.resolve("model/sub"));
    Files.writeString(model.resolve("weights.bin"), "weights");
    String tagged = scene.registry.reference("fraud/archive:1");
    tools.oras(model.getParent(), "push", tagged, "sub").succeeds();
    Invocation.of("sign", "key", "oci://" + tagged, "--private-key", scene.key("team"))
        .assertSucceeded();
    String digest = tools.crane("digest", tagged).succeeds();
    try (Webhook webhook = webhook()) {
      assertThat(ask(webhook, "fraud/archive@" + digest))
          .contains("\"allowed\":false")
          .contains("is an archive, whose files are known only when it is read");
    }
  }

  @Test
  void takesAChangedPolicyAndKeepsTheOldOneIfItIsBroken() throws Exception {
    String wrong = scene.pushSigned("fraud/stranger", "stranger");
    try (Webhook webhook = webhook("--reload", "100ms")) {
      assertThat(ask(webhook, wrong)).contains("\"allowed\":false");

      scene.writePolicy("[team, stranger]");
      Watching.until("it is loaded", () -> webhook.log().contains("\"policy-loaded\""));
      assertThat(ask(webhook, wrong)).contains("\"allowed\":true");

      scene.writePolicy("[nobody]");
      Watching.until("it is refused", () -> webhook.log().contains("\"policy-refused\""));
      assertThat(webhook.log())
          .contains("what they had before goes on to count: ")
          .contains("policy.yaml:6: error: models[0].signatures.of");
      assertThat(webhook.page("/metrics").body())
          .contains("model_signing_admission_policy_current 0\n");
      assertThat(ask(webhook, wrong)).contains("\"allowed\":true");
      // Not even the file of a key may be missing.
      scene.writePolicy("[team]");
      Files.move(scene.publicKey("team"), directory.resolve("kept"));
      Watching.until("the key is missed", () -> webhook.log().contains("team.pub: no such file"));
      Files.move(directory.resolve("kept"), scene.publicKey("team"));
      Watching.until(
          "it is loaded again", () -> webhook.log().split("\"policy-loaded\"", -1).length == 3);
      assertThat(ask(webhook, wrong)).contains("\"allowed\":false");
      assertThat(webhook.page("/metrics").body())
          .contains("model_signing_admission_policy_current 1\n");
    } finally {
      scene.writePolicy("[team]");
    }
  }

  /** A verdict that its time changes is not used when that has come. */
  @Test
  void keepsNoVerdictBeyondTheEndOfACertificate() throws Exception {
    TestCertificate root = TestCertificate.root("CN=root");
    TestCertificate person =
        TestCertificate.named("CN=carol")
            .signer()
            .valid(Instant.now().minusSeconds(60), Instant.now().plusSeconds(1800))
            .issuedBy(root);
    TestCertificate.write(directory.resolve("root.pem"), root);
    Path policy =
        Files.writeString(
            directory.resolve("policy.yaml"),
            """
            version: 1
            signers:
              carol: { certificate: { identity: CN=carol, trust: root.pem } }
            models:
              - { match: "**", signatures: { of: [carol] } }
            """);
    String model = scene.push("fraud/brief");
    Invocation.of(
            "sign",
            "certificate",
            scene.reference(model),
            "--private-key",
            person.writeKey(directory.resolve("carol.key")),
            "--signing-certificate",
            TestCertificate.write(directory.resolve("carol.pem"), person),
            "--certificate-chain",
            directory.resolve("root.pem"))
        .assertSucceeded();
    for (String keep : List.of("10m", "1h")) {
      try (Webhook webhook = webhook("--policy", policy.toString(), "--keep", keep)) {
        assertThat(ask(webhook, model)).contains("\"allowed\":true");
        assertThat(ask(webhook, model)).contains("\"allowed\":true");
        assertThat(webhook.page("/metrics").body())
            .contains(
                "model_signing_admission_verdicts_reused_total "
                    + (keep.equals("10m") ? "1" : "0")
                    + "\n");
      }
    }
  }

  @Test
  void takesAChangedCertificateAndKeepsTheOldOneIfItIsHalf() throws Exception {
    try (Webhook webhook = webhook("--reload", "100ms")) {
      Path own = directory.resolve("webhook");
      Path next = Files.createDirectory(directory.resolve("next"));
      Webhook.writeCertificate(next, TestCertificate.root("CN=next"));
      Files.move(
          next.resolve("tls.key"), own.resolve("tls.key"), StandardCopyOption.REPLACE_EXISTING);
      Watching.until("it is refused", () -> webhook.log().contains("\"certificate-refused\""));
      assertThat(webhook.log()).contains("this is the private key of another certificate");
      assertThat(ask(webhook, signed)).contains("\"allowed\":true");
      assertThat(webhook.page("/metrics").body())
          .contains("model_signing_admission_certificate_current 0\n");

      Files.move(
          next.resolve("tls.crt"), own.resolve("tls.crt"), StandardCopyOption.REPLACE_EXISTING);
      Watching.until("it is loaded", () -> webhook.log().contains("\"certificate-loaded\""));
      assertThat(webhook.page("/metrics").body())
          .contains("model_signing_admission_certificate_current 1\n");
    }
  }

  @Test
  void answersAThousandAtOnce() throws Exception {
    try (Webhook webhook = webhook()) {
      // What a program does first takes long; that is not what this is about.
      assertThat(ask(webhook, signed)).contains("\"allowed\":true");
      List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
      for (int i = 0; i < 1_000; i++) {
        String model = i % 2 == 0 ? signed : "fraud/v3@sha256:" + "%064x".formatted(i % 50);
        answers.add(webhook.reviewLater(review(scene.registry.reference(model))));
      }

      for (int i = 0; i < answers.size(); i++) {
        HttpResponse<String> answer = answers.get(i).join();
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("\"allowed\":" + (i % 2 == 0));
      }
      assertThat(ask(webhook, signed)).contains("\"allowed\":true");
    }
  }

  /** A registry that never answers takes neither the time nor the threads of the others. */
  @Test
  void answersInTimeWhateverARegistryDoes() throws Exception {
    try (TestHttpServer silent = new TestHttpServer(TestHttpServer.silent());
        TestHttpServer dripping = new TestHttpServer(TestHttpServer.dripping());
        Webhook webhook =
            webhook(
                "--timeout",
                "3s",
                "--registry",
                "127.0.0.1:" + silent.port(),
                "--registry",
                "127.0.0.1:" + dripping.port())) {
      List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        int port = i % 2 == 0 ? silent.port() : dripping.port();
        answers.add(
            webhook.reviewLater(
                review("127.0.0.1:" + port + "/fraud/m@sha256:" + "%064x".formatted(i))));
      }
      assertThat(ask(webhook, signed)).contains("\"allowed\":true");
      for (CompletableFuture<HttpResponse<String>> answer : answers) {
        assertThat(answer.join().body()).contains("\"allowed\":false", "try again");
      }
    }
  }

  @Test
  void sendsCredentialsToTheRegistryThatIsListedAndNobodyElse() throws Exception {
    try (RegistryServer closed =
            RegistryServer.distribution(
                directory.resolve("closed"), RegistryServer.Option.PASSWORD);
        TestHttpServer stranger =
            new TestHttpServer(
                TestHttpServer.answering(401, "", "WWW-Authenticate: Basic realm=\"x\""))) {
      OciTools tools = OciTools.at(directory.resolve("home"), List.of(closed));
      Path model = Files.createDirectories(directory.resolve("model"));
      Files.writeString(model.resolve("weights.bin"), "weights");
      Map<String, String> environment = Map.of("DOCKER_CONFIG", tools.dockerConfig().toString());
      String tagged = closed.reference("fraud/closed:1");
      Invocation.in(environment, "oci", "push", model, "oci://" + tagged).assertSucceeded();
      Invocation.in(
              environment, "sign", "key", "oci://" + tagged, "--private-key", scene.key("team"))
          .assertSucceeded();
      String image = closed.reference("fraud/closed@" + tools.crane("digest", tagged).succeeds());
      Files.createDirectories(directory.resolve("webhook"));
      String login = RegistryServer.USER + ":" + RegistryServer.PASSWORD;
      String credential =
          "{\"auth\":\""
              + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8))
              + "\"}";
      Files.writeString(
          directory.resolve("webhook/config.json"),
          "{\"auths\":{\"%s\":%s,\"127.0.0.1:%d\":%s}}"
              .formatted(closed.address(), credential, stranger.port(), credential));
      try (Webhook webhook = webhook("--registry", closed.address())) {
        assertThat(webhook.review(review(image)).body()).contains("\"allowed\":true");
        assertThat(
                webhook
                    .review(
                        review(
                            "127.0.0.1:" + stranger.port() + "/fraud/m@sha256:" + "ab".repeat(32)))
                    .body())
            .contains("\"allowed\":false", "it is in none of the registries");
        assertThat(stranger.requests()).isEmpty();
        assertThat(webhook.log()).doesNotContain(RegistryServer.PASSWORD);
      }
    }
  }

  /** Connections on which hardly anything comes end, and do not take the threads of others. */
  @Test
  void endsConnectionsOnWhichNothingComes() throws Exception {
    try (Webhook webhook = webhook()) {
      URI address = URI.create(webhook.url());
      List<Socket> idle = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), address.getPort());
        idle.add(socket);
        // The beginning of a handshake, which takes a thread.
        OutputStream out = socket.getOutputStream();
        out.write(new byte[] {0x16, 3, 1, 2});
        out.flush();
      }
      assertThat(webhook.page("/healthz").statusCode()).isEqualTo(200);
      for (Socket socket : idle) {
        socket.setSoTimeout((int) Duration.ofSeconds(60).toMillis());
        try (socket) {
          assertThat(socket.getInputStream().read()).isLessThan(0x17);
        } catch (IOException e) {
          assertThat(e).hasMessageContaining("reset");
        }
      }
      assertThat(ask(webhook, signed)).contains("\"allowed\":true");
    }
  }

  @Test
  void endsGracefullyWhenItIsTold() throws Exception {
    try (Webhook webhook = webhook()) {
      assertThat(webhook.page("/readyz").body()).isEqualTo("ok\n");
      webhook.terminate();
      Watching.until("it ends", () -> webhook.log().contains("\"event\":\"ending\""));

      assertThat(webhook.page("/readyz").statusCode()).isEqualTo(503);
      assertThat(ask(webhook, signed)).contains("\"allowed\":true");
      assertThat(webhook.exit()).isEqualTo(128 + 15);
      assertThat(webhook.log()).contains("\"event\":\"ended\"");
      assertThatThrownBy(() -> webhook.page("/healthz")).isInstanceOf(IOException.class);
    }
  }

  @Test
  void doesNotBeginWithoutAPolicyThatCanBeUsed() throws Exception {
    Path policy =
        Files.write(
            directory.resolve("policy.yaml"),
            "version: 1\nmodels: []\n".getBytes(StandardCharsets.UTF_8));
    Webhook.writeCertificate(directory, TestCertificate.root("CN=ca"));

    Invocation.of(
            "serve",
            "admission",
            "--policy",
            policy,
            "--tls-cert",
            directory.resolve("tls.crt"),
            "--tls-key",
            directory.resolve("tls.key"),
            "--listen",
            "127.0.0.1:0",
            "--registry",
            "r.example")
        .assertFailed("Serving failed with error", "policy.yaml:");
  }
}
