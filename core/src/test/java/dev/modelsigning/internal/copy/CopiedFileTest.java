package dev.modelsigning.internal.copy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.model.ModelFile;
import dev.modelsigning.model.Version;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CopiedFileTest {

  @TempDir private Path place;

  /** A file that has another name, and another length, each time somebody asks. */
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
}
