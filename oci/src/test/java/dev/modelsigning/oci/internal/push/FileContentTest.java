package dev.modelsigning.oci.internal.push;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.model.ModelFile;
import dev.modelsigning.model.Version;
import dev.modelsigning.oci.reference.OciDigest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Files while they are pushed, from a store that notices nothing by itself. */
class FileContentTest {

  private byte[] content = "the weights".getBytes(UTF_8);
  private final long size = content.length;
  private boolean changed;

  private final FileContent pushed = new FileContent(new Stored(), OciDigest.of(content));

  private final class Stored implements ModelFile {
    @Override
    public String name() {
      return "weights";
    }

    @Override
    public String location() {
      return "store/weights";
    }

    @Override
    public long size() {
      return size;
    }

    @Override
    public Version version() {
      return new Version() {
        @Override
        public String toString() {
          return "1";
        }
      };
    }

    @Override
    public ReadableByteChannel open(long from, long to) {
      return Channels.newChannel(
          new ByteArrayInputStream(Arrays.copyOfRange(content, (int) from, content.length)));
    }

    @Override
    public void requireUnchanged() throws IOException {
      if (changed) {
        throw new IOException("store/weights has another version");
      }
    }

    @Override
    public boolean cheapRanges() {
      return true;
    }
  }

  private byte[] read(long from) throws IOException {
    try (InputStream stream = pushed.open(from)) {
      return stream.readAllBytes();
    }
  }

  @Test
  void handsOutTheFileAndItsParts() throws IOException {
    assertThat(pushed.size()).isEqualTo(size);
    assertThat(read(0)).asString(UTF_8).isEqualTo("the weights");
    assertThat(read(4)).asString(UTF_8).isEqualTo("weights");
    assertThat(read(size)).isEmpty();
  }

  /** The registry must not get the last byte: without it, it has nothing. */
  @Test
  void keepsTheLastByteOfOtherContentBack() throws IOException {
    content[0] = 'T';
    try (InputStream stream = pushed.open(0)) {
      assertThat(stream.readNBytes((int) size - 1)).hasSize((int) size - 1);
      assertThatThrownBy(stream::read)
          .hasMessageContaining("store/weights")
          .hasMessageContaining("changed while it was pushed")
          .hasMessageContaining(OciDigest.of(content).toString());
    }
  }

  @Test
  void refusesAFileThatBecameShorterAndCutsOffWhatWasAdded() throws IOException {
    content = Arrays.copyOf(content, content.length + 3);
    assertThat(read(0)).hasSize((int) size);
    content = Arrays.copyOf(content, 5);
    assertThatThrownBy(() -> read(0)).hasMessageContaining("is shorter than it was");
  }

  @Test
  void refusesAnotherVersionAlsoInTheMiddle() {
    changed = true;
    assertThatThrownBy(() -> read(0)).hasMessageContaining("has another version");
    assertThatThrownBy(() -> read(4)).hasMessageContaining("has another version");
  }
}
