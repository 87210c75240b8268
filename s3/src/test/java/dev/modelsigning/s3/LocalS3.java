package dev.modelsigning.s3;

import dev.modelsigning.aws.internal.ServiceHttp;
import dev.modelsigning.testing.TimedProcess;
import dev.modelsigning.testing.Watching;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;

/**
 * A server that answers as S3 does, with one bucket, for tests that are marked {@link WithLocalS3}:
 * versitygw, which keeps objects in files, or moto, which keeps them in memory.
 */
public final class LocalS3 implements AutoCloseable {

  /** The name of the bucket. */
  public static final String BUCKET = "models";

  private static final Path ROOT = Path.of(System.getProperty("modelsigning.root"));
  static final String ID = "AKIDEXAMPLE";
  static final String SECRET = "SECRET-of-this-test";

  private final Process process;
  private final Thread atExit;
  private final URI address;
  private final S3Client client;

  /** The servers. */
  public enum Kind {
    /** The gateway to a file system. */
    VERSITYGW,
    /** The mock of AWS. */
    MOTO;

    private List<String> command(int port, Path directory) throws IOException {
      return this == MOTO
          ? List.of(
              program("moto/bin/moto_server").toString(),
              "-H",
              "127.0.0.1",
              "-p",
              Integer.toString(port))
          : List.of(
              program("bin/versitygw").toString(),
              "--port",
              "127.0.0.1:" + port,
              "posix",
              Files.createDirectories(directory.resolve("versitygw")).toString());
    }
  }

  private LocalS3(Kind kind, Path directory) throws IOException, InterruptedException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Path log = directory.resolve(kind + ".log");
    ProcessBuilder builder = new ProcessBuilder(kind.command(port, directory));
    builder.environment().clear();
    builder
        .environment()
        .putAll(
            Map.of(
                "PATH",
                System.getenv("PATH"),
                "LC_ALL",
                "C.UTF-8",
                "HOME",
                directory.toString(),
                "ROOT_ACCESS_KEY",
                ID,
                "ROOT_SECRET_KEY",
                SECRET));
    builder.redirectErrorStream(true).redirectOutput(log.toFile());
    process = TimedProcess.startLong(builder);
    atExit = new Thread(process::destroyForcibly);
    Runtime.getRuntime().addShutdownHook(atExit);
    address = URI.create("http://127.0.0.1:" + port);
    client =
        S3Client.builder()
            .endpointOverride(address)
            .region(Region.US_EAST_1)
            .forcePathStyle(true)
            .serviceConfiguration(s3 -> s3.chunkedEncodingEnabled(false))
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create(ID, SECRET)))
            .httpClient(new ServiceHttp("the store of the test", address, Duration.ofSeconds(60)))
            .build();
    Watching.until(kind + " listens or has ended", () -> !process.isAlive() || isListening(port));
    if (!process.isAlive()) {
      throw new IOException(kind + " has ended: " + Files.readString(log));
    }
    client.createBucket(request -> request.bucket(BUCKET));
  }

  private static boolean isListening(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Starts a server. */
  public static LocalS3 start(Kind kind, Path directory) throws IOException, InterruptedException {
    return new LocalS3(kind, directory);
  }

  /** Whether to run tests with them: if they are installed, or required. */
  static boolean isThere() {
    return Files.isExecutable(program("bin/versitygw"))
        || System.getenv("MODEL_SIGNING_S3") != null
        || "true".equals(System.getenv("MODEL_SIGNING_REQUIRE_S3"));
  }

  /** What {@code integration/s3/install} has installed. */
  static Path program(String name) {
    String named = System.getenv("MODEL_SIGNING_S3");
    Path directory = named == null ? ROOT.resolve(".cache/s3") : Path.of(named);
    return directory.resolve(name).toAbsolutePath();
  }

  /** The directory with the jars of a file system provider that others wrote. */
  public static Path provider() {
    return program("provider");
  }

  /** Credentials that it takes, as they stand in a URI: {@code ID:SECRET}. */
  public String credentials() {
    return ID + ":" + SECRET;
  }

  /** Its address. */
  public URI address() {
    return address;
  }

  /** The SDK's own client. */
  S3Client client() {
    return client;
  }

  /** Credentials that it takes, and its address. */
  public Map<String, String> environment() {
    return Map.of(
        "AWS_ACCESS_KEY_ID",
        ID,
        "AWS_SECRET_ACCESS_KEY",
        SECRET,
        "AWS_REGION",
        "us-east-1",
        "AWS_ENDPOINT_URL",
        address.toString());
  }

  /** Options with which it can be asked. */
  S3Options options() {
    return S3Options.withDefaults().withEnvironment(environment());
  }

  /** Writes an object. */
  public void put(String key, byte[] content) {
    put(key, content, request -> {});
  }

  /** Writes an object. */
  public void put(String key, String content) {
    put(key, content.getBytes(StandardCharsets.UTF_8));
  }

  void put(String key, byte[] content, Consumer<PutObjectRequest.Builder> more) {
    PutObjectRequest.Builder request = PutObjectRequest.builder().bucket(BUCKET).key(key);
    more.accept(request);
    client.putObject(request.build(), RequestBody.fromBytes(content));
  }

  /** Writes the files of a directory. */
  public void putAll(Path directory, String prefix) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      files
          .filter(Files::isRegularFile)
          .forEach(file -> {
            try {
              put(prefix + directory.relativize(file), Files.readAllBytes(file));
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    }
  }

  /** Reads an object. */
  public byte[] get(String key) {
    return client.getObjectAsBytes(request -> request.bucket(BUCKET).key(key)).asByteArray();
  }

  void delete(String key) {
    client.deleteObject(request -> request.bucket(BUCKET).key(key));
  }

  @Override
  public void close() {
    client.close();
    process.destroyForcibly();
    Runtime.getRuntime().removeShutdownHook(atExit);
  }
}
