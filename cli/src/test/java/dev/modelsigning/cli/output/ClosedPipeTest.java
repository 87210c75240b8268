package dev.modelsigning.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What errors of writing mean that the reader has gone. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "needs pipes of POSIX")
class ClosedPipeTest {

  @TempDir private Path directory;

  private Path pipe;

  @BeforeEach
  void makePipe() throws Exception {
    pipe = directory.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
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

    assertThat(ClosedPipe.is(pipe, file)).isEqualTo(closed);
  }

  @Test
  void areThoseOfAPipeWhereNobodySaysHowItWaits() {
    assertThat(ClosedPipe.is(pipe, directory.resolve("none"))).isTrue();
  }

  @Test
  void areNoneOfAFileADeviceOrNothing() throws Exception {
    Path none = directory.resolve("none");

    assertThat(ClosedPipe.is(Files.createFile(directory.resolve("file")), none)).isFalse();
    assertThat(ClosedPipe.is(Path.of("/dev/null"), none)).isFalse();
    assertThat(ClosedPipe.is(directory, none)).isFalse();
    assertThat(ClosedPipe.is(none, none)).isFalse();
  }
}
