package dev.modelsigning.s3;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.finding.Finding;
import dev.modelsigning.manifest.HashedModel;
import dev.modelsigning.manifest.ModelHasher;
import dev.modelsigning.model.HashOutcome.Hashed;
import dev.modelsigning.model.IrregularEntry;
import dev.modelsigning.model.Listing;
import dev.modelsigning.model.ModelFile;
import dev.modelsigning.model.Selection;
import dev.modelsigning.model.UncoveredEntry;
import dev.modelsigning.statement.Statement;
import dev.modelsigning.testing.TestHttpServer;
import dev.modelsigning.testing.TestHttpServer.Received;
import dev.modelsigning.testing.TimedProcess;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Objects of several parts, with little memory for those that are read at once. */
class S3MemoryTest {

  private static final String TAG = "\"0123456789abcdef0123456789abcdef\"";
  private static final List<String> KEYS = List.of("bert/a", "bert/b", "bert/c");
  private static final int SIZE = 40 * 1024 * 1024 + 17;

  @TempDir private Path directory;

  private final List<byte[]> contents = List.of(content(0), content(1), content(2));

  /** No two places in it are the same, nor in two objects. */
  private static byte[] content(int object) {
    ByteBuffer content = ByteBuffer.allocate(SIZE);
    for (int i = 0; content.remaining() >= Long.BYTES; i++) {
      content.putLong((object << 28L) + i);
    }
    return content.array();
  }

  private void send(Received request, OutputStream connection) throws IOException {
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
    connection.write(contents.get(KEYS.indexOf(key.split("\\?", 2)[0])), first, last + 1 - first);
    connection.flush();
  }

  /**
   * With memory for one part at once, and for several. With little outside of the heap, buffers are
   * in the heap.
   */
  @ParameterizedTest
  @ValueSource(strings = {"-Xmx48m", "-Xmx200m", "-Xmx200m -XX:MaxDirectMemorySize=12m"})
  void readsLargeObjectsInBuffersThatAreUsedAgain(String memory) throws Exception {
    Path model = Files.createDirectory(directory.resolve("bert"));
    for (int i = 0; i < KEYS.size(); i++) {
      Files.write(directory.resolve(KEYS.get(i)), contents.get(i));
    }
    String expected = statement(ModelHasher.withDefaults().hash(model));

    try (TestHttpServer server =
        new TestHttpServer((request, number, connection) -> send(request, connection))) {
      List<String> command =
          new ArrayList<>(
              List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
      command.addAll(List.of(memory.split(" ", -1)));
      command.addAll(
          List.of(
              "-XX:+ExitOnOutOfMemoryError",
              "-cp",
              System.getProperty("java.class.path"),
              S3MemoryTest.class.getName(),
              server.uri("/").toString()));
      Process process = TimedProcess.start(new ProcessBuilder(command).redirectErrorStream(true));
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
      leaveEarly(model);
      System.out.println(statement(ModelHasher.withDefaults().hash(model)));
    }
  }

  /** Closes objects while parts of them are being read. */
  private static void leaveEarly(S3Model model) throws Exception {
    Found found = new Found();
    model.list(Selection.builder().build(), Optional.empty(), found);
    List<ModelFile> files = found.files;
    for (int i = 0; i < 12; i++) {
      ModelFile file = files.get(i % files.size());
      try (ReadableByteChannel channel = file.open(0, file.size())) {
        assertThat(channel.read(ByteBuffer.allocate(100))).isPositive();
      }
    }
  }

  /** The files of a model. */
  private static final class Found implements Listing {
    private final List<ModelFile> files = Collections.synchronizedList(new ArrayList<>());

    @Override
    public void singleFile() {}

    @Override
    public boolean wants(ModelFile file) {
      return true;
    }

    @Override
    public void file(ModelFile file) {
      files.add(file);
    }

    @Override
    public void hashed(Hashed outcome) {}

    @Override
    public void leftOut(UncoveredEntry entry) {}

    @Override
    public void irregular(IrregularEntry entry) {}

    @Override
    public void finding(Finding finding) {}
  }

  private static String statement(HashedModel model) {
    return new String(Statement.about(model).toPayload().content().toArray(), UTF_8)
        .replace("\n", " ");
  }
}
