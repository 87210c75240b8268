package dev.modelsigning.oci.internal.registry;

import static dev.modelsigning.oci.internal.registry.RegistryTest.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import dev.modelsigning.oci.internal.image.Descriptor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Blobs that are pulled and pushed, over connections that are lost. */
@Timeout(60)
class BlobTest {

  private static final String REPOSITORY = FakeRegistry.REPOSITORY;
  private static final int LARGE = 3 * 1024 * 1024 + 17;

  @TempDir private Path home;
  private FakeRegistry server;
  private Registry registry;

  @BeforeEach
  void start() throws IOException {
    server = new FakeRegistry();
    registry = Registry.of(server.reference(":v1"), RegistryTest.settings(home, alone()));
  }

  /** From how many bytes on a blob has a connection of its own. */
  long alone() {
    return Long.MAX_VALUE;
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(1).nextBytes(bytes);
    return bytes;
  }

  private byte[] read(Descriptor blob, long from, long to) throws IOException {
    try (ReadableByteChannel channel = registry.open(REPOSITORY, blob, from, to)) {
      return Channels.newInputStream(channel).readAllBytes();
    }
  }

  /** Sends the beginning of what is asked, and closes the connection. */
  private static void sendAndCut(HttpExchange exchange, byte[] blob, int from, int number)
      throws IOException {
    if (from > 0) {
      exchange
          .getResponseHeaders()
          .add("Content-Range", "bytes " + from + "-" + (blob.length - 1) + "/" + blob.length);
    }
    exchange.sendResponseHeaders(from > 0 ? 206 : 200, blob.length - from);
    exchange.getResponseBody().write(blob, from, number);
    exchange.getResponseBody().flush();
  }

  private static int from(HttpExchange exchange) {
    String range = exchange.getRequestHeaders().getFirst("Range");
    return range == null ? 0 : Integer.parseInt(range.replaceAll("bytes=([0-9]+)-.*", "$1"));
  }

  // --- pull

  @Test
  void readsBlobsAndRanges() throws Exception {
    byte[] content = random(LARGE);
    Descriptor blob = server.put(content);
    assertThat(registry.blob(REPOSITORY, blob, LARGE)).isEqualTo(content);
    assertThat(server.requests.get(0).header("Range")).isEmpty();
    assertThat(read(blob, 10, 1_000_000)).isEqualTo(Arrays.copyOfRange(content, 10, 1_000_000));
    assertThat(read(blob, LARGE, LARGE)).isEmpty();
    assertThat(registry.has(REPOSITORY, blob.digest())).isTrue();
    assertThat(registry.has(REPOSITORY, Descriptor.of("a/b", bytes("x")).digest())).isFalse();
  }

  @Test
  void skipsWhereThereAreNoRanges() throws Exception {
    server.ranges = false;
    byte[] content = random(LARGE);
    Descriptor blob = server.put(content);
    assertThat(read(blob, 1_000_000, 1_000_100))
        .isEqualTo(Arrays.copyOfRange(content, 1_000_000, 1_000_100));
  }

  @Test
  void goesOnWhereTheConnectionWasLost() throws Exception {
    byte[] content = random(LARGE);
    Descriptor blob = server.put(content);
    List<Integer> starts = new ArrayList<>();
    server.interception =
        (exchange, number) -> {
          starts.add(from(exchange));
          if (number > 2) {
            return false;
          }
          sendAndCut(exchange, content, from(exchange), 500_000);
          return true;
        };
    assertThat(registry.blob(REPOSITORY, blob, LARGE)).isEqualTo(content);
    assertThat(starts).hasSize(3);
    assertThat(starts.get(2)).isGreaterThan(starts.get(1));
  }

  @Test
  void goesOnWithoutRangesToo() throws Exception {
    server.ranges = false;
    byte[] content = random(LARGE);
    Descriptor blob = server.put(content);
    server.interception =
        (exchange, number) -> {
          if (number > 1) {
            return false;
          }
          sendAndCut(exchange, content, 0, 500_000);
          return true;
        };
    assertThat(registry.blob(REPOSITORY, blob, LARGE)).isEqualTo(content);
  }

  @Test
  void givesUpOnConnectionsThatAreLostEachTime() {
    byte[] content = random(LARGE);
    Descriptor blob = server.put(content);
    server.interception =
        (exchange, number) -> {
          sendAndCut(exchange, content, from(exchange), 100);
          return true;
        };
    assertThatThrownBy(() -> registry.blob(REPOSITORY, blob, LARGE))
        .hasMessageContaining("@" + blob.digest())
        .hasMessageContaining("given up at ");
    assertThat(server.requests).hasSizeLessThan(30);
  }

  @Test
  void givesUpOnABlobThatDrips() {
    byte[] content = random(LARGE);
    Descriptor blob = server.put(content);
    server.interception =
        (exchange, number) -> {
          sendAndCut(exchange, content, from(exchange), 0);
          for (int i = from(exchange); i < LARGE; i++) {
            exchange.getResponseBody().write(content, i, 1);
            exchange.getResponseBody().flush();
            Thread.sleep(20);
          }
          return true;
        };
    assertThatThrownBy(() -> registry.blob(REPOSITORY, blob, LARGE))
        .hasMessageContaining("sent hardly anything for 1 s")
        .hasMessageContaining("given up at ");
  }

  @Test
  void refusesOtherBytes() {
    Descriptor blob = Descriptor.of("a/b", bytes("right"));
    server.blobs.put(blob.digest().toString(), bytes("wrong"));
    assertThatThrownBy(() -> registry.blob(REPOSITORY, blob, 100))
        .hasMessageContaining("@" + blob.digest())
        .hasMessageContaining("sent other bytes");
  }

  @Test
  void refusesOtherSizes() {
    Descriptor blob = Descriptor.of("a/b", bytes("right"));
    server.blobs.put(blob.digest().toString(), bytes("right and more"));
    assertThatThrownBy(() -> registry.blob(REPOSITORY, blob, 100))
        .hasMessageContaining("has another size: the manifest says 5, found '14'");
    assertThatThrownBy(() -> registry.blob(REPOSITORY, blob, 4))
        .hasMessageContaining("has 5 bytes, expected at most 4");
  }

  @Test
  void readsNoMoreThanTheSizeOfABodyWithoutEnd() {
    byte[] content = random(LARGE);
    Descriptor blob = server.put(content);
    server.interception =
        (exchange, number) -> {
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write(content);
          while (true) {
            exchange.getResponseBody().write(content);
          }
        };
    assertThatThrownBy(() -> registry.blob(REPOSITORY, blob, LARGE))
        .hasMessageContaining("sends more than the " + LARGE + " bytes");
  }

  @Test
  void refusesAnotherRange() {
    byte[] content = random(1000);
    Descriptor blob = server.put(content);
    server.interception =
        (exchange, number) -> {
          exchange.getResponseHeaders().add("Content-Range", "bytes 0-9/1000");
          FakeRegistry.send(exchange, 206, random(10));
          return true;
        };
    assertThatThrownBy(() -> read(blob, 10, 20)).hasMessageContaining("sends another range");
  }

  @Test
  void refusesAPageInPlaceOfABlob() {
    Descriptor blob = server.put(random(10));
    server.interception =
        (exchange, number) -> {
          exchange.getResponseHeaders().add("Content-Type", "text/html");
          FakeRegistry.send(exchange, 200, "<html>....");
          return true;
        };
    assertThatThrownBy(() -> registry.blob(REPOSITORY, blob, 10))
        .hasMessageContaining("answered with 'text/html', expected a blob");
  }

  @Test
  void followsARedirectToABlobStore() throws Exception {
    byte[] content = random(1000);
    Descriptor blob = server.put(content);
    try (FakeRegistry store = new FakeRegistry()) {
      store.put(content);
      server.interception =
          (exchange, number) -> {
            exchange
                .getResponseHeaders()
                .add(
                    "Location",
                    "http://" + store.host() + exchange.getRequestURI() + "?signature=s3cret");
            FakeRegistry.send(exchange, 307, "");
            return true;
          };
      assertThat(read(blob, 10, 20)).isEqualTo(Arrays.copyOfRange(content, 10, 20));
      assertThat(store.requests.get(0).header("Range")).contains("bytes=10-19");
    }
  }

  @Test
  void leavesThisMachineByTlsOnly() {
    Descriptor blob = server.put(random(10));
    server.interception =
        (exchange, number) -> {
          exchange.getResponseHeaders().add("Location", "http://192.0.2.1/blob?signature=s3cret");
          FakeRegistry.send(exchange, 307, "");
          return true;
        };
    assertThatThrownBy(() -> registry.blob(REPOSITORY, blob, 10))
        .hasMessageContaining("plain http is used within this machine only")
        .message()
        .doesNotContain("s3cret");
  }

  // --- push

  /** Content that counts what is read of it. */
  private static BlobContent content(byte[] bytes, List<Long> opened) {
    return new BlobContent() {
      @Override
      public long size() {
        return bytes.length;
      }

      @Override
      public InputStream open(long from) {
        opened.add(from);
        return new ByteArrayInputStream(bytes, (int) from, bytes.length - (int) from);
      }
    };
  }

  private List<Long> push(byte[] bytes) throws IOException {
    List<Long> opened = new ArrayList<>();
    registry.push(REPOSITORY, Descriptor.of("a/b", bytes), content(bytes, opened), sent -> {});
    assertThat(server.blobs.get(Descriptor.of("a/b", bytes).digest().toString())).isEqualTo(bytes);
    return opened;
  }

  @Test
  void pushesSmallAndLargeBlobs() throws Exception {
    push(new byte[0]);
    push(bytes("{}"));
    assertThat(server.requests("PATCH")).isEmpty();
    List<Long> told = new ArrayList<>();
    byte[] large = random(LARGE);
    Descriptor blob = Descriptor.of("a/b", large);
    registry.push(REPOSITORY, blob, BlobContent.of(large), told::add);
    assertThat(server.blobs.get(blob.digest().toString())).isEqualTo(large);
    assertThat(server.requests("PATCH")).hasSize(1);
    assertThat(told).isSorted().endsWith((long) LARGE);
    assertThat(server.requests("PUT").get(2).path()).contains("_state=a;b%3D&digest=sha256");
  }

  @Test
  void pushesNothingThatIsThere() throws Exception {
    server.put(bytes("here"));
    assertThat(push(bytes("here"))).isEmpty();
    assertThat(server.requests).hasToString("[HEAD " + server.requests.get(0).path() + "]");
  }

  @Test
  void goesOnWhereAnUploadWasLost() throws Exception {
    AtomicInteger patches = new AtomicInteger();
    server.interception =
        (exchange, number) -> {
          if (exchange.getRequestMethod().equals("PATCH") && patches.incrementAndGet() == 1) {
            String id = exchange.getRequestURI().getPath().replaceFirst(".*/", "");
            ByteArrayOutputStream upload = server.uploads.get(id);
            upload.write(exchange.getRequestBody().readNBytes(1_500_000));
            return true; // closes the connection without an answer
          }
          return false;
        };
    assertThat(push(random(LARGE))).containsExactly(0L, 1_500_000L);
    assertThat(server.requests("PATCH").get(1).header("Content-Range"))
        .contains("1500000-" + (LARGE - 1));
  }

  @Test
  void beginsAgainWhenTheRegistryForgotTheUpload() throws Exception {
    AtomicInteger patches = new AtomicInteger();
    server.interception =
        (exchange, number) -> {
          if (exchange.getRequestMethod().equals("PATCH") && patches.incrementAndGet() == 1) {
            server.uploads.clear();
            exchange.getRequestBody().readNBytes(100_000);
            return true;
          }
          return false;
        };
    push(random(LARGE));
    assertThat(server.requests("POST")).hasSize(2);
  }

  @Test
  void pushesPartsWhereLongOnesAreRefused() throws Exception {
    int limit = 4 * 1024 * 1024;
    server.interception =
        (exchange, number) -> {
          String length = exchange.getRequestHeaders().getFirst("Content-Length");
          if (exchange.getRequestMethod().equals("PATCH")
              && (length == null || Integer.parseInt(length) > limit)) {
            exchange.getRequestBody().readAllBytes();
            FakeRegistry.send(exchange, 413, "too large");
            return true;
          }
          return false;
        };
    push(random(10_000_000));
    assertThat(server.requests("PATCH")).hasSize(4);
    assertThat(server.requests("PATCH").get(3).header("Content-Range")).contains("8388608-9999999");
  }

  @Test
  void findsABlobWhoseLastAnswerWasLost() throws Exception {
    AtomicInteger puts = new AtomicInteger();
    server.interception =
        (exchange, number) -> {
          if (exchange.getRequestMethod().equals("PUT") && puts.incrementAndGet() == 1) {
            server.put(exchange.getRequestBody().readAllBytes());
            server.uploads.clear();
            return true;
          }
          return false;
        };
    push(bytes("small"));
    assertThat(server.requests("POST")).hasSize(1);
  }

  @Test
  void givesUpOnUploadsThatAreLostEachTime() {
    server.interception =
        (exchange, number) -> {
          if (exchange.getRequestMethod().equals("PATCH")) {
            exchange.getRequestBody().readNBytes(100);
            return true;
          }
          return false;
        };
    byte[] large = random(LARGE);
    assertThatThrownBy(() -> push(large))
        .hasMessageContaining("@" + Descriptor.of("a/b", large).digest())
        .hasMessageContaining("given up at 0 bytes of " + LARGE);
  }

  @Test
  void givesUpOnARegistryThatTakesNothingIn() {
    server.interception =
        (exchange, number) -> {
          if (exchange.getRequestMethod().equals("PATCH")) {
            Thread.sleep(20_000);
            return true;
          }
          return false;
        };
    byte[] large = random(64 * 1024 * 1024);
    assertThatThrownBy(() -> push(large)).hasMessageContaining("did not answer within 1 s");
  }

  @Test
  void saysThatTheContentHasChanged() {
    byte[] large = random(LARGE);
    BlobContent shorter =
        new BlobContent() {
          @Override
          public long size() {
            return LARGE;
          }

          @Override
          public InputStream open(long from) {
            return new ByteArrayInputStream(large, (int) from, 2_000_000 - (int) from);
          }
        };
    assertThatThrownBy(
            () -> registry.push(REPOSITORY, Descriptor.of("a/b", large), shorter, sent -> {}))
        .hasMessageContaining("what is pushed has become shorter");
    assertThatThrownBy(() ->
            registry.push(
                REPOSITORY,
                Descriptor.of("a/b", bytes("right")),
                BlobContent.of(bytes("wrong")),
                sent -> {}))
        .hasMessageContaining("answered 400")
        .hasMessageContaining("DIGEST_INVALID");
    assertThat(server.blobs).isEmpty();
  }

  @Test
  void uploadsToNoOtherHost() throws Exception {
    try (FakeRegistry other = new FakeRegistry()) {
      server.interception =
          (exchange, number) -> {
            if (exchange.getRequestMethod().equals("POST")) {
              exchange.getResponseHeaders().add("Location", "http://" + other.host() + "/up?t=s3c");
              exchange.sendResponseHeaders(202, -1);
              return true;
            }
            return false;
          };
      assertThatThrownBy(() -> push(bytes("small")))
          .hasMessageContaining("as the place of an upload, which is not used")
          .message()
          .doesNotContain("s3c");
      assertThat(other.requests).isEmpty();
    }
  }
}
