package dev.modelsigning.internal.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.modelsigning.internal.file.MountedFile.Source;
import dev.modelsigning.testing.TimedProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Overwriting a file in place; cases that require a mount are tests of the command line. */
@Timeout(60)
class MountedFileTest {

  @TempDir Path directory;

  private static byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  @ParameterizedTest
  @CsvSource({"0, 300000", "300000, 0", "200000, 300000", "300000, 200000", "300000, 300000"})
  void writesOverWhatWasLongerOrShorter(int before, int after) throws Exception {
    byte[] content = bytes(after);
    Path copy = Files.write(directory.resolve("copy"), content);
    for (Source source : new Source[] {Source.of(content), Source.of(copy)}) {
      Path file = Files.write(directory.resolve("file"), bytes(before + 1));
      MountedFile.of(file, after).write(source, after);
      assertThat(file).hasBinaryContent(content);
    }
  }

  @Test
  void leavesTheFileAloneUntilItIsWritten() throws Exception {
    Path file = Files.writeString(directory.resolve("file"), "old");
    assertThat(MountedFile.of(file, 100).target()).isEqualTo(file);
    assertThat(file).hasContent("old");
    assertThatThrownBy(() -> MountedFile.of(file, Long.MAX_VALUE))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no space left where it is mounted from");
    assertThatThrownBy(() -> MountedFile.of(directory.resolve("absent"), 1))
        .isInstanceOf(NoSuchFileException.class);
  }

  /** An attacker who can replace the parent directory cannot redirect the write. */
  @Test
  void followsNoLinkThatAppearsMeanwhile() throws Exception {
    Path other = Files.writeString(directory.resolve("other"), "of somebody else");
    Path file = Files.writeString(directory.resolve("file"), "old");
    MountedFile mounted = MountedFile.of(file, 3);
    Files.delete(file);
    Files.createSymbolicLink(file, other);

    assertThatThrownBy(() -> mounted.write(Source.of(bytes(3)), 3)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> MountedFile.of(file, 3)).isInstanceOf(IOException.class);
    assertThat(other).hasContent("of somebody else");
  }

  /** An interrupt closes channels; an operation that has begun is completed nevertheless. */
  @Test
  void isEndedByNoInterrupt() throws Exception {
    byte[] content = bytes(300_000);
    Path copy = Files.write(directory.resolve("copy"), content);
    for (Source source : new Source[] {Source.of(content), Source.of(copy)}) {
      for (int interruptedAt = 0; interruptedAt < 3; interruptedAt++) {
        Path file = Files.write(directory.resolve("file"), bytes(100_000));
        List<Long> copies = new ArrayList<>();
        int at = interruptedAt;
        MountedFile mounted = MountedFile.of(file, 0);
        if (at == 0) {
          Thread.currentThread().interrupt();
        }
        mounted.write(
            (from, length, target) -> {
              copies.add(from);
              if (copies.size() == at) {
                Thread.currentThread().interrupt();
              }
              source.copy(from, length, target);
            },
            content.length);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(file).hasBinaryContent(content);
        // What is longer comes first, again after each interrupt.
        assertThat(copies.get(0)).isEqualTo(100_000);
        assertThat(copies).hasSize(at + 2);
      }
    }
  }

  @Test
  void keepsWhatWasThereIfTheNewContentEndsEarly() throws Exception {
    Path file = Files.writeString(directory.resolve("file"), "old");
    Path copy = Files.writeString(directory.resolve("copy"), "longer");
    assertThatThrownBy(() -> MountedFile.of(file, 0).write(Source.of(copy), 100))
        .isInstanceOf(IOException.class)
        .hasMessage("the new content ended early");
    assertThat(file).hasContent("old");
  }

  private static int run(Object... command) throws Exception {
    List<String> strings = new ArrayList<>();
    for (Object each : command) {
      strings.add(each.toString());
    }
    return TimedProcess.start(
            new ProcessBuilder(strings)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD))
        .waitFor();
  }

  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "mounts a file system")
  void keepsWhatWasThereIfTheDiskGetsFull() throws Exception {
    Path small = Files.createDirectory(directory.resolve("small"));
    boolean mounted = run("mount", "-t", "tmpfs", "-o", "size=16k", "none", small) == 0;
    assumeTrue(mounted, "mounts a file system, which needs root");
    try {
      Path file = Files.writeString(small.resolve("file"), "old");
      byte[] content = bytes(100_000);
      Path copy = Files.write(directory.resolve("copy"), content);
      for (Source source : new Source[] {Source.of(content), Source.of(copy)}) {
        assertThatThrownBy(() -> MountedFile.of(file, 0).write(source, content.length))
            .isInstanceOf(IOException.class)
            .hasMessageContaining("space");
        assertThat(Files.readString(file, StandardCharsets.UTF_8)).isEqualTo("old");
      }
    } finally {
      run("umount", small);
    }
  }
}
