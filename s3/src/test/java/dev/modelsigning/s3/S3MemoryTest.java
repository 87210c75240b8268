package dev.modelsigning.s3;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.manifest.HashedModel;
import dev.modelsigning.manifest.ModelHasher;
import dev.modelsigning.statement.Statement;
import dev.modelsigning.testing.TestHttpServer;
import dev.modelsigning.testing.TestHttpServer.Received;
import dev.modelsigning.testing.TimedProcess;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Objects that are larger than memory, of which several parts are read at once. */
class S3MemoryTest {

  private static final String TAG = "\"0123456789abcdef0123456789abcdef\"";
  private static final List<String> KEYS = List.of("bert/a", "bert/b", "bert/c");
  private static final int SIZE = 40 * 1024 * 1024 + 17;

  @TempDir private Path directory;

  /** No two places in it are the same, nor in two objects. */
  private static byte[] content(int object) {
    ByteBuffer content = ByteBuffer.allocate(SIZE);
    for (int i = 0; content.remaining() >= Long.BYTES; i++) {
      content.putLong((object << 28L) + i);
    }
    return content.array();
  }

  private static void send(Received request, OutputStream connection) throws IOException {
    if (request.path().contains("list-type=2")) {
      String contents =
          KEYS.stream()
              .map(key ->
                  "<Contents><Key>%s</Key><LastModified>2026-01-01T00:00:00.000Z</LastModified><ETag>%s</ETag><Size>%d</Size></Contents>"
                      .formatted(key, TAG, SIZE))
              .collect(Collectors.joining());
      TestHttpServer.send(
          connection,
          200,
          ("<ListBucketResult><Name>models</Name>" + contents + "</ListBucketResult>")
              .getBytes(UTF_8),
          "Content-Type: application/xml");
      return;
    }
    String[] range =
        String.valueOf(request.headers().get("range")).replace("bytes=", "").split("-", 2);
    int first = Integer.parseInt(range[0]);
    int last = Integer.parseInt(range[1]);
    String key = request.path().substring(request.path().indexOf("bert/"));
    String head =
        "HTTP/1.1 206 Partial\r\nETag: %s\r\nContent-Range: bytes %d-%d/%d\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
            .formatted(TAG, first, last, SIZE, last + 1 - first);
    connection.write(head.getBytes(US_ASCII));
    connection.write(content(KEYS.indexOf(key.split("\\?", 2)[0])), first, last + 1 - first);
    connection.flush();
  }

  @Test
  void readsLargeObjectsInBuffersThatAreUsedAgain() throws Exception {
    Path model = Files.createDirectory(directory.resolve("bert"));
    for (int i = 0; i < KEYS.size(); i++) {
      Files.write(directory.resolve(KEYS.get(i)), content(i));
    }
    String expected = statement(ModelHasher.withDefaults().hash(model));

    try (TestHttpServer server =
        new TestHttpServer((request, number, connection) -> send(request, connection))) {
      Process process =
          TimedProcess.start(
              new ProcessBuilder(
                      Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                      "-Xmx48m",
                      "-XX:+ExitOnOutOfMemoryError",
                      "-cp",
                      System.getProperty("java.class.path"),
                      S3MemoryTest.class.getName(),
                      server.uri("/").toString())
                  .redirectErrorStream(true));
      String output = new String(process.getInputStream().readAllBytes(), UTF_8);

      assertThat(process.waitFor()).as(output).isZero();
      assertThat(output.lines()).last().isEqualTo(expected);
    }
  }

  /** What the other process runs. */
  public static void main(String[] args) throws Exception {
    S3Options options =
        S3Options.withDefaults()
            .withEnvironment(
                Map.of(
                    "AWS_ACCESS_KEY_ID",
                    "AKIDEXAMPLE",
                    "AWS_SECRET_ACCESS_KEY",
                    "SECRET-of-this-test",
                    "AWS_REGION",
                    "eu-central-1"))
            .withEndpoint(args[0]);
    try (S3Model model = S3Model.open(S3Reference.parse("s3://models/bert/"), options)) {
      System.out.println(statement(ModelHasher.withDefaults().hash(model)));
    }
  }

  private static String statement(HashedModel model) {
    return new String(Statement.about(model).toPayload().content().toArray(), UTF_8)
        .replace("\n", " ");
  }
}
