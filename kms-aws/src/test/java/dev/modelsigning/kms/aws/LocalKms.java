package dev.modelsigning.kms.aws;

import dev.modelsigning.aws.internal.ServiceHttp;
import dev.modelsigning.signingkey.EcdsaScheme;
import dev.modelsigning.testing.TimedProcess;
import dev.modelsigning.testing.Watching;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.KeySpec;
import software.amazon.awssdk.services.kms.model.KeyUsageType;

/**
 * A local-kms, which answers as AWS KMS does, with keys that really sign, for tests that are marked
 * {@link WithLocalKms}. It takes any credentials. It listens on all interfaces, as it cannot be
 * told otherwise, and has only keys that it made for the test.
 */
public final class LocalKms implements AutoCloseable {

  private static final Path ROOT = Path.of(System.getProperty("modelsigning.root"));

  private final Process process;
  private final Thread atExit;
  private final URI address;
  private final KmsClient client;

  private LocalKms(Path directory) throws IOException, InterruptedException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Path log = directory.resolve("kms.log");
    ProcessBuilder builder = new ProcessBuilder(program().toString());
    builder.environment().clear();
    builder
        .environment()
        .putAll(
            Map.of(
                "PORT",
                Integer.toString(port),
                "KMS_DATA_PATH",
                directory.resolve("kms-data").toString(),
                "KMS_SEED_PATH",
                directory.resolve("no-seed").toString(),
                "KMS_REGION",
                "eu-central-1"));
    builder.redirectErrorStream(true).redirectOutput(log.toFile());
    process = TimedProcess.start(builder);
    atExit = new Thread(process::destroyForcibly);
    Runtime.getRuntime().addShutdownHook(atExit);
    address = URI.create("http://127.0.0.1:" + port);
    client =
        KmsClient.builder()
            .endpointOverride(address)
            .region(Region.EU_CENTRAL_1)
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("any", "any")))
            .httpClient(new ServiceHttp(KmsService.NAME, address, Duration.ofSeconds(20)))
            .build();
    Watching.until(
        "local-kms listens or has ended",
        () -> !process.isAlive() || read(log).contains("started on"));
    if (!process.isAlive()) {
      throw new IOException("local-kms has ended: " + read(log));
    }
  }

  private static String read(Path log) {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts a server that keeps its keys in a directory. */
  public static LocalKms in(Path directory) throws IOException, InterruptedException {
    return new LocalKms(directory);
  }

  /** Whether to run tests with it: if it is installed, or required. */
  static boolean isThere() {
    return Files.isExecutable(program())
        || System.getenv("MODEL_SIGNING_KMS") != null
        || "true".equals(System.getenv("MODEL_SIGNING_REQUIRE_KMS"));
  }

  /** What {@code integration/kms/install} has built. */
  private static Path program() {
    String named = System.getenv("MODEL_SIGNING_KMS");
    Path directory = named == null ? ROOT.resolve(".cache/kms") : Path.of(named);
    return directory.resolve("bin/local-kms").toAbsolutePath();
  }

  /** Its address. */
  public URI address() {
    return address;
  }

  /** The URI of the key with an alias. */
  public String uri(String alias) {
    return "awskms://127.0.0.1:" + address.getPort() + "/alias/" + alias;
  }

  /** Credentials that it takes, and the region. */
  public static Map<String, String> environment() {
    return Map.of(
        "AWS_ACCESS_KEY_ID",
        "AKIDEXAMPLE",
        "AWS_SECRET_ACCESS_KEY",
        "SECRET-of-this-test",
        "AWS_REGION",
        "eu-central-1");
  }

  /** Makes a key with an alias; returns its id. */
  public String make(String alias, EcdsaScheme scheme) {
    return make(alias, "ECC_NIST_" + scheme.curve().replace("-", ""), KeyUsageType.SIGN_VERIFY);
  }

  String make(String alias, String spec, KeyUsageType usage) {
    String id =
        client
            .createKey(request -> request.keySpec(KeySpec.fromValue(spec)).keyUsage(usage))
            .keyMetadata()
            .keyId();
    client.createAlias(request -> request.aliasName("alias/" + alias).targetKeyId(id));
    return id;
  }

  /** Has an alias name another key. */
  void move(String alias, String id) {
    client.updateAlias(request -> request.aliasName("alias/" + alias).targetKeyId(id));
  }

  void disable(String id) {
    client.disableKey(request -> request.keyId(id));
  }

  void delete(String id) {
    client.scheduleKeyDeletion(request -> request.keyId(id).pendingWindowInDays(7));
  }

  @Override
  public void close() {
    client.close();
    process.destroyForcibly();
    Runtime.getRuntime().removeShutdownHook(atExit);
  }
}
