package dev.modelsigning.cli.interop.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.cli.testing.ToolProcess;
import dev.modelsigning.testing.TestCertificate;
import dev.modelsigning.testing.TimedProcess;
import dev.modelsigning.testing.Watching;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x509.GeneralName;

/** The packaged tool as a running webhook. */
final class Webhook implements AutoCloseable {

  private static final Executor TIME_OUT = CompletableFuture.delayedExecutor(30, TimeUnit.MINUTES);

  private static final Pattern LISTENING =
      Pattern.compile(
          "reviews at (https://127\\.0\\.0\\.1:\\d+)/validate, metrics at (\\S+)/metrics");

  private final Process process;
  private final Path log;
  private final Path errors;
  private final Path authorityFile;
  private final String address;
  private final String status;
  private final HttpClient client;

  /**
   * Starts one with a certificate of an own authority.
   *
   * @param directory where its files are; it is made
   * @param options those besides certificate and addresses
   */
  Webhook(Path directory, List<String> options) throws Exception {
    Files.createDirectories(directory);
    TestCertificate authority = TestCertificate.root("CN=Webhooks");
    authorityFile = TestCertificate.write(directory.resolve("ca.crt"), authority);
    writeCertificate(directory, authority);
    log = directory.resolve("webhook.log");
    errors = directory.resolve("webhook.err");
    List<String> command = new ArrayList<>(ToolProcess.java(ToolProcess.packagedJar()));
    command.addAll(
        List.of(
            "serve",
            "admission",
            "--tls-cert",
            directory.resolve("tls.crt").toString(),
            "--tls-key",
            directory.resolve("tls.key").toString(),
            "--listen",
            "127.0.0.1:0",
            "--status-listen",
            "127.0.0.1:0"));
    command.addAll(options);
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(log.toFile()).redirectError(errors.toFile());
    builder.environment().put("HOME", directory.toString());
    builder.environment().put("DOCKER_CONFIG", directory.toString());
    process = TimedProcess.start(builder, TIME_OUT);
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    try {
      Watching.until(
          "the webhook listens or has ended",
          () -> !process.isAlive() || LISTENING.matcher(log()).find());
      Matcher listening = LISTENING.matcher(log());
      assertThat(listening.find()).as(() -> log() + errors()).isTrue();
      address = listening.group(1);
      status = listening.group(2);
      client = client(authority);
    } catch (Exception | Error e) {
      close();
      throw e;
    }
  }

  /** Writes a certificate for this machine, and its key. */
  static void writeCertificate(Path directory, TestCertificate authority) throws Exception {
    TestCertificate server =
        TestCertificate.named("CN=webhook")
            .names(GeneralName.iPAddress, "127.0.0.1")
            .issuedBy(authority);
    server.writeKey(directory.resolve("tls.key"));
    TestCertificate.write(directory.resolve("tls.crt"), server);
  }

  private static HttpClient client(TestCertificate authority) throws Exception {
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

  /** Where it is asked. */
  String url() {
    return address + "/validate";
  }

  /** The authority of its certificate, as a configuration has it. */
  String authority() throws IOException {
    return Base64.getEncoder().encodeToString(Files.readAllBytes(authorityFile));
  }

  /** What it printed so far. */
  String log() {
    return read(log);
  }

  private String errors() {
    return read(errors);
  }

  private static String read(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One of its pages. */
  HttpResponse<String> page(String path) throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(URI.create(status + path)).timeout(Duration.ofSeconds(20)).build(),
        BodyHandlers.ofString());
  }

  /** Sends it a review, as the API server does. */
  HttpResponse<String> review(String content) throws IOException, InterruptedException {
    return client.send(request(content), BodyHandlers.ofString());
  }

  /** The same without waiting for the answer. */
  CompletableFuture<HttpResponse<String>> reviewLater(String content) {
    return client.sendAsync(request(content), BodyHandlers.ofString());
  }

  private HttpRequest request(String content) {
    return HttpRequest.newBuilder(URI.create(url() + "?timeout=10s"))
        .timeout(Duration.ofSeconds(60))
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(content))
        .build();
  }

  /** Tells it to end, as the kubelet does. */
  void terminate() {
    process.destroy();
  }

  /** Waits until it ended; returns its exit status. */
  int exit() throws InterruptedException {
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}
