package dev.modelsigning.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class BytesTest {

  private static final byte[] CONTENT = "content of several bytes".getBytes(StandardCharsets.UTF_8);

  private static Bytes[] allKinds() {
    Bytes start = Bytes.of(Arrays.copyOf(CONTENT, 7));
    byte[] rest = Arrays.copyOfRange(CONTENT, 7, CONTENT.length);
    return new Bytes[] {
      Bytes.of(CONTENT),
      Bytes.wrap(Arrays.copyOf(CONTENT, 100), CONTENT.length),
      start.followedBy(Bytes.of(rest)),
      Bytes.produced(out -> out.write(CONTENT)),
      start.followedBy(
          Bytes.produced(out -> {
            for (byte one : rest) {
              out.write(one);
            }
          }))
    };
  }

  @Test
  void areTheSameWhereverTheyComeFrom() throws Exception {
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(CONTENT);
    for (Bytes bytes : allKinds()) {
      ByteArrayOutputStream written = new ByteArrayOutputStream();
      bytes.writeTo(written);
      assertThat(written.toByteArray()).isEqualTo(CONTENT);
      assertThat(bytes.toArray()).isEqualTo(CONTENT);
      assertThat(bytes.inputStream().readAllBytes()).isEqualTo(CONTENT);
      assertThat(bytes.length()).isEqualTo(CONTENT.length);
      assertThat(bytes.digest(MessageDigest.getInstance("SHA-256"))).isEqualTo(digest);
      assertThat(bytes).isEqualTo(Bytes.of(CONTENT)).hasSameHashCodeAs(Bytes.of(CONTENT));
      assertThat(bytes).isNotEqualTo(Bytes.of(digest));
    }
  }

  @Test
  void cannotBeChangedByAStreamTheyAreWrittenTo() throws Exception {
    OutputStream hostile =
        new OutputStream() {
          @Override
          public void write(int single) {}

          @Override
          public void write(byte[] array, int offset, int length) {
            Arrays.fill(array, (byte) 0);
          }
        };
    for (int kind = 0; kind < 3; kind++) {
      Bytes bytes = allKinds()[kind];
      bytes.writeTo(hostile);
      assertThat(bytes.toArray()).isEqualTo(CONTENT);
    }
  }

  @Test
  void failIfTheyAreNotAsManyTheNextTime() {
    int[] calls = new int[1];
    Bytes bytes = Bytes.produced(out -> out.write(new byte[++calls[0]]));
    assertThatThrownBy(() -> bytes.writeTo(OutputStream.nullOutputStream()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("expected 1 bytes as before, found 2");
  }

  @Test
  void doNotKeepAnArrayThatIsMuchLonger() {
    assertThat(Bytes.wrap(new byte[1_000_000], 10).shared()).hasSize(10);
  }
}
