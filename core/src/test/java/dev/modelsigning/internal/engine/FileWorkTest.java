package dev.modelsigning.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file that changes while a tap reads it once more. */
class FileWorkTest {

  private static final int SIZE = 10;

  @TempDir Path directory;

  private final List<Long> ended = new ArrayList<>();

  /** What a tap does when the whole file was read. */
  private interface End {
    void end(ReadableByteChannel channel) throws IOException;
  }

  private Path write() throws IOException {
    return Files.write(directory.resolve("weights"), new byte[SIZE]);
  }

  private FileWork work(Path file, int parts, End end) throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
    FileTap tap =
        new FileTap() {
          @Override
          public boolean accept(ByteBuffer block) {
            return true;
          }

          @Override
          public void end(ReadableByteChannel channel, long seen) throws IOException {
            ended.add(seen);
            end.end(channel);
          }
        };
    DirectoryScan.Result result =
        new DirectoryScan.Result() {
          @Override
          public void digests(byte[][] digests) {}

          @Override
          public FileTap tap(ByteBuffer start) {
            return tap;
          }
        };
    FileWork work =
        FileWork.inRanges(FileHash.of(file, attributes, FileHash.WHOLE, false), parts, result);
    work.begin(ByteBuffer.allocate(SIZE), SIZE);
    return work;
  }

  private static void end(FileWork work, Path file) throws IOException {
    try (ReadableByteChannel channel = Files.newByteChannel(file)) {
      work.endReading(channel);
    }
  }

  @Test
  void refusesAFileThatChangesBeforeTheTapEnds() throws Exception {
    Path file = write();
    FileWork work = work(file, 1, channel -> {});
    Files.write(file, new byte[SIZE + 1]);

    assertThatThrownBy(() -> end(work, file))
        .isInstanceOf(FileChangedException.class)
        .hasMessageContaining("expected 10 bytes, found 11");
  }

  @Test
  void refusesAFileThatChangesWhileTheTapReads() throws Exception {
    Path file = write();
    FileWork work = work(file, 1, channel -> Files.write(file, new byte[SIZE + 1]));

    assertThatThrownBy(() -> end(work, file)).isInstanceOf(FileChangedException.class);
    assertThat(ended).containsExactly((long) SIZE);
  }

  @Test
  void saysThatTheFileChangedIfTheTapFailsFromThat() throws Exception {
    Path file = write();
    IOException error = new IOException("the file ends early");
    FileWork work =
        work(
            file,
            1,
            channel -> {
              Files.write(file, new byte[1]);
              throw error;
            });

    assertThatThrownBy(() -> end(work, file))
        .isInstanceOf(FileChangedException.class)
        .hasMessageContaining("expected 10 bytes, found 1")
        .hasSuppressedException(error);
  }

  @Test
  void saysThatTheFileChangedIfTheTapDidNotExpectIt() throws Exception {
    Path file = write();
    IllegalStateException error = new IllegalStateException("other bytes than before");
    FileWork work =
        work(
            file,
            1,
            channel -> {
              Files.write(file, new byte[1]);
              throw error;
            });

    assertThatThrownBy(() -> end(work, file))
        .isInstanceOf(FileChangedException.class)
        .hasSuppressedException(error);
  }

  @Test
  void passesOnTheErrorOfATapOfAnUnchangedFile() throws Exception {
    Path file = write();
    IOException error = new IOException("Input/output error");
    FileWork work =
        work(
            file,
            1,
            channel -> {
              throw error;
            });

    assertThatThrownBy(() -> end(work, file)).isSameAs(error);
  }

  @Test
  void comparesAfterEachPartAndEndsTheTapWithTheLast() throws Exception {
    Path file = write();
    FileWork work = work(file, 3, channel -> {});

    assertThatCode(() -> end(work, file)).doesNotThrowAnyException();
    Files.write(file, new byte[SIZE + 1]);
    assertThatThrownBy(() -> end(work, file)).isInstanceOf(FileChangedException.class);
    assertThat(ended).isEmpty();
    assertThatThrownBy(() -> end(work, file)).isInstanceOf(FileChangedException.class);
    assertThat(ended).hasSize(1);
  }

  @Test
  void comparesAFileWithoutATap() throws Exception {
    Path file = write();
    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
    FileWork work =
        FileWork.inRanges(FileHash.of(file, attributes, FileHash.WHOLE, false), 1, digests -> {});
    Files.write(file, new byte[0]);

    assertThatThrownBy(() -> end(work, file)).isInstanceOf(FileChangedException.class);
  }
}
