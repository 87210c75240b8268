package dev.modelsigning.hash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ParallelFileHasherTest {

  @TempDir Path directory;

  private static FileHash of(Path path) throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
    return new FileHash(
        path,
        attributes.size(),
        attributes.lastModifiedTime(),
        attributes.fileKey(),
        FileHash.WHOLE,
        true);
  }

  private List<FileHash> files(int number, int size) throws IOException {
    List<FileHash> files = new ArrayList<>();
    for (int i = 0; i < number; i++) {
      files.add(of(Files.write(directory.resolve("f" + i), new byte[size])));
    }
    return files;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void endsWhenItsThreadIsInterrupted(int threads) throws IOException {
    List<FileHash> files = files(4, 2_000_000);
    Thread caller = Thread.currentThread();
    ParallelFileHasher hasher =
        new ParallelFileHasher(HashFunction::sha256, threads, bytes -> caller.interrupt());
    try {
      assertThatThrownBy(() -> hasher.hash(files)).isInstanceOf(InterruptedIOException.class);
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void namesTheFileThatCannotBeRead(int threads) throws IOException {
    Path unreadable = Path.of("/proc/self/mem");
    assumeTrue(Files.exists(unreadable), "needs a file that cannot be read, as Linux has it");
    List<FileHash> files = files(2, 10);
    files.add(new FileHash(unreadable, 10, of(unreadable).modified(), null, FileHash.WHOLE, true));
    ParallelFileHasher hasher = new ParallelFileHasher(HashFunction::sha256, threads, bytes -> {});
    assertThatThrownBy(() -> hasher.hash(files))
        .isInstanceOfSatisfying(
            FileSystemException.class, e -> assertThat(e.getFile()).isEqualTo("/proc/self/mem"));
  }

  @Test
  void failsWithWhatTheListenerThrows() throws IOException {
    List<FileHash> files = files(3, 10);
    ParallelFileHasher hasher =
        new ParallelFileHasher(
            HashFunction::sha256,
            2,
            bytes -> {
              throw new IllegalStateException("listener");
            });
    assertThatThrownBy(() -> hasher.hash(files)).hasMessage("listener");
  }

  @Test
  void needsAThread() {
    assertThatThrownBy(() -> new ParallelFileHasher(HashFunction::sha256, 0, bytes -> {}))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
