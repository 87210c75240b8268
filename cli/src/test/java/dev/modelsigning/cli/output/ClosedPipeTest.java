package dev.modelsigning.cli.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.modelsigning.testing.TimedProcess;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which write errors mean that the reader has exited. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "needs pipes of POSIX")
class ClosedPipeTest {

  @TempDir private Path directory;

  private Path pipe;

  @BeforeEach
  void makePipe() throws Exception {
    pipe = directory.resolve("pipe");
    assertThat(TimedProcess.start(new ProcessBuilder("mkfifo", pipe.toString())).waitFor())
        .isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "'pos:\t0\nflags:\t0100001\nmnt_id:\t14\n', true",
    "'pos:\t0\nflags:\t0104001\nmnt_id:\t14\n', false",
    "'pos:\t0\n', false",
    "'flags:\tx\n', false"
  })
  void areThoseOfAPipeWhoseWriterWaits(String information, boolean closed) throws Exception {
    Path file = Files.writeString(directory.resolve("information"), information);

    // What Linux says is believed, and nothing more is written.
    assertThat(ClosedPipe.is(pipe, file, channel(bytes -> fail("written to")))).isEqualTo(closed);
  }

  /**
   * On systems without information about blocking, such as macOS: the same channel of a real pipe,
   * before and after.
   */
  @Test
  void areThoseThatOneMoreByteIsRefusedWith() throws Exception {
    Path none = directory.resolve("none");
    Process reader =
        TimedProcess.start(
            new ProcessBuilder(
                "sh", "-c", "exec 3< \"$1\"; read line; exit", "sh", pipe.toString()));
    try (FileChannel writer = FileChannel.open(pipe, StandardOpenOption.WRITE)) {
      assertThat(ClosedPipe.is(pipe, none, writer)).isFalse();

      reader.getOutputStream().close();
      reader.waitFor();

      assertThat(ClosedPipe.is(pipe, none, writer)).isTrue();
    } finally {
      reader.destroyForcibly();
    }
  }

  @Test
  void areNoneWhereThereIsNoRoomForOneMoreByte() {
    assertThat(ClosedPipe.is(pipe, directory.resolve("none"), channel(bytes -> 0))).isFalse();
  }

  private static WritableByteChannel channel(ToIntFunction<ByteBuffer> write) {
    return new WritableByteChannel() {
      @Override
      public int write(ByteBuffer bytes) {
        return write.applyAsInt(bytes);
      }

      @Override
      public boolean isOpen() {
        return true;
      }

      @Override
      public void close() {}
    };
  }

  @Test
  void areNoneOfAFileADeviceOrNothing() throws Exception {
    Path none = directory.resolve("none");

    assertThat(
            ClosedPipe.is(
                Files.createFile(directory.resolve("file")),
                none,
                channel(bytes -> fail("written to"))))
        .isFalse();
    assertThat(ClosedPipe.is(Path.of("/dev/null"), none, channel(bytes -> fail("written to"))))
        .isFalse();
    assertThat(ClosedPipe.is(directory, none, channel(bytes -> fail("written to")))).isFalse();
    assertThat(ClosedPipe.is(none, none, channel(bytes -> fail("written to")))).isFalse();
  }
}
