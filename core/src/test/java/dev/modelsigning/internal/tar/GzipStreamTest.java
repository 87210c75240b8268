package dev.modelsigning.internal.tar;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class GzipStreamTest {

  private static byte[] zip(byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bytes)) {
      out.write(content);
    }
    return bytes.toByteArray();
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  /** A stream from the network: it returns less than was asked for, and knows not what follows. */
  private static InputStream slow(byte[] bytes) {
    return new FilterInputStream(new ByteArrayInputStream(bytes)) {
      @Override
      public int read(byte[] into, int offset, int length) throws IOException {
        return super.read(into, offset, Math.min(7, length));
      }

      @Override
      public int available() {
        return 0;
      }
    };
  }

  private static byte[] unzip(byte[] bytes) throws IOException {
    byte[] result = new GzipStream(new ByteArrayInputStream(bytes)).readAllBytes();
    assertThat(new GzipStream(slow(bytes)).readAllBytes()).isEqualTo(result);
    return result;
  }

  @Test
  void oneMember() throws IOException {
    byte[] content = new byte[300_000];
    new Random(1).nextBytes(content);

    assertThat(unzip(zip(content))).isEqualTo(content);
    assertThat(unzip(zip(new byte[0]))).isEmpty();
  }

  @Test
  void severalMembers() throws IOException {
    byte[] one = "one".getBytes(UTF_8);
    byte[] two = "two".repeat(50_000).getBytes(UTF_8);

    assertThat(unzip(join(zip(one), zip(two), zip(new byte[0]), zip(one))))
        .isEqualTo(join(one, two, one));
  }

  @Test
  void allFieldsOfTheHeader() throws IOException {
    byte[] plain = zip("abc".getBytes(UTF_8));
    byte[] header = Arrays.copyOf(plain, 10);
    header[3] = 4 | 8 | 16;
    byte[] fields = {2, 0, 'x', 'y', 'n', 0, 'c', 0};

    assertThat(unzip(join(header, fields, Arrays.copyOfRange(plain, 10, plain.length))))
        .isEqualTo("abc".getBytes(UTF_8));
  }

  @Test
  void dataAfterTheEnd() throws IOException {
    for (int length : new int[] {1, 5, 18, 40, 100_000}) {
      byte[] bytes = join(zip("abc".getBytes(UTF_8)), "x".repeat(length).getBytes(UTF_8));

      assertThatThrownBy(() -> unzip(bytes)).isInstanceOf(IOException.class);
    }
    byte[] zeros = join(zip("abc".getBytes(UTF_8)), new byte[512]);
    assertThatThrownBy(() -> unzip(zeros)).hasMessageContaining("data after its end");
  }

  @Test
  void damaged() throws IOException {
    byte[] good = zip("some text".repeat(100).getBytes(UTF_8));
    for (int i = good.length - 8; i < good.length; i++) {
      byte[] bad = good.clone();
      bad[i] ^= 1;
      assertThatThrownBy(() -> unzip(bad)).hasMessageContaining("damaged");
    }
    for (int length = 0; length < good.length; length++) {
      byte[] cut = Arrays.copyOf(good, length);
      assertThatThrownBy(() -> unzip(cut)).isInstanceOf(IOException.class);
    }
    assertThatThrownBy(() -> unzip("{\"errors\": []}".getBytes(UTF_8)))
        .hasMessageContaining("is not compressed with gzip");
  }

  @Test
  void bomb() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bytes)) {
      byte[] zeros = new byte[1024 * 1024];
      for (int i = 0; i < 100; i++) {
        out.write(zeros);
      }
    }
    byte[] bomb = bytes.toByteArray();

    assertThatThrownBy(() ->
            new GzipStream(new ByteArrayInputStream(bomb))
                .transferTo(OutputStream.nullOutputStream()))
        .isInstanceOf(MalformedTarException.class)
        .hasMessageContaining("more than 100 times");
  }
}
