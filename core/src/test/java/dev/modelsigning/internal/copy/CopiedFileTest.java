package dev.modelsigning.internal.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.model.ModelFile;
import dev.modelsigning.model.Version;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CopiedFileTest {

  @TempDir private Path place;

  /** A file whose name and length differ on every call. */
  private static final class Fickle implements ModelFile {
    private int asked;

    @Override
    public String name() {
      return "name" + asked++;
    }

    @Override
    public String location() {
      return "nowhere";
    }

    @Override
    public long size() {
      return 1L + asked++;
    }

    @Override
    public Version version() {
      throw new UnsupportedOperationException();
    }

    @Override
    public ReadableByteChannel open(long from, long to) {
      return Channels.newChannel(
          new ByteArrayInputStream("content".getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    public void requireUnchanged() {}

    @Override
    public boolean cheapRanges() {
      return false;
    }
  }

  @Test
  void hasTheNameAndTheLengthThatWereJudged() throws Exception {
    Path target = place.resolve("copy");
    try (FreshDirectory directory = FreshDirectory.begin(target)) {
      CopiedFile file = new CopiedFile(new Fickle(), directory, done -> {});
      String name = file.name();
      long size = file.size();
      try (ReadableByteChannel part = file.open(0, size)) {
        assertThat(part.read(ByteBuffer.allocate((int) size))).isEqualTo((int) size);
      }
      assertThat(file.size()).isEqualTo(size);
      directory.publish();
      assertThat(target.resolve(name)).hasSize(size);
    }
    try (var files = Files.list(target)) {
      assertThat(files).hasSize(1);
    }
  }

  /** A file whose channel returns wrong counts of bytes. */
  private static final class Lying implements ModelFile {
    private final int said;

    Lying(int said) {
      this.said = said;
    }

    @Override
    public String name() {
      return "name";
    }

    @Override
    public String location() {
      return "nowhere";
    }

    @Override
    public long size() {
      return 4;
    }

    @Override
    public Version version() {
      throw new UnsupportedOperationException();
    }

    @Override
    public ReadableByteChannel open(long from, long to) {
      ReadableByteChannel source = Channels.newChannel(new ByteArrayInputStream(new byte[2]));
      return new ReadableByteChannel() {
        @Override
        public int read(ByteBuffer block) throws IOException {
          source.read(block);
          return said;
        }

        @Override
        public boolean isOpen() {
          return source.isOpen();
        }

        @Override
        public void close() throws IOException {
          source.close();
        }
      };
    }

    @Override
    public void requireUnchanged() {}

    @Override
    public boolean cheapRanges() {
      return false;
    }
  }

  /** The hasher uses the stated count or the buffer, and the copy must match it. */
  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 1, 3, 4})
  void isNotMadeOfWhatWasNotRead(int said) throws Exception {
    Path target = place.resolve("copy");
    try (FreshDirectory directory = FreshDirectory.begin(target)) {
      CopiedFile file = new CopiedFile(new Lying(said), directory, done -> {});
      try (ReadableByteChannel part = file.open(0, 4)) {
        assertThatThrownBy(() -> part.read(ByteBuffer.allocate(4)))
            .isInstanceOf(IOException.class)
            .hasMessageContaining("found 2");
      }
    }
    assertThat(target).doesNotExist();
  }
}
