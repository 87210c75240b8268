package dev.modelsigning.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.modelsigning.internal.hash.HashFunction;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ParallelFileHasherTest {

  @TempDir Path directory;

  private static FileHash of(Path path) throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
    return FileHash.of(path, attributes, FileHash.WHOLE, true);
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
    files.add(
        new FileHash(unreadable, 10, of(unreadable).modified(), null, null, FileHash.WHOLE, true));
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

  /** Large enough for pieces, for reading ahead and for several lots of ranges. */
  private static final int LARGE = 21 * 1024 * 1024 + 3;

  private static Supplier<HashFunction> functions(String algorithm) {
    return switch (algorithm) {
      case "blake2b" -> HashFunction::blake2b512;
      case "blake3" -> HashFunction::blake3;
      default -> HashFunction::sha256;
    };
  }

  private static byte[] digest(String algorithm, byte[] content, int from, int to) {
    HashFunction function = functions(algorithm).get();
    function.update(content, from, to - from);
    return function.digest();
  }

  @ParameterizedTest
  @CsvSource({
    "sha256, 1",
    "sha256, 2",
    "sha256, 7",
    "blake2b, 1",
    "blake2b, 3",
    "blake3, 1",
    "blake3, 2",
    "blake3, 8"
  })
  void hashesFilesOfAllSizes(String algorithm, int threads) throws IOException {
    byte[] content = new byte[LARGE];
    new Random(threads).nextBytes(content);
    int[] sizes = {
      0, 1, 5000, 1 << 20, (1 << 20) - 1, 4 << 20, (4 << 20) + 1, 8 << 20, LARGE, LARGE - 3
    };
    List<FileHash> files = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      int size = i < sizes.length ? sizes[i] : i * 10;
      Path file = directory.resolve("f" + i);
      files.add(of(Files.write(file, Arrays.copyOf(content, size))));
    }
    AtomicLong bytes = new AtomicLong();
    AtomicLong finished = new AtomicLong();
    ParallelFileHasher hasher =
        new ParallelFileHasher(
            functions(algorithm), threads, bytes::addAndGet, finished::addAndGet);
    List<byte[][]> digests = hasher.hash(files);
    for (int i = 0; i < files.size(); i++) {
      byte[] expected = digest(algorithm, content, 0, Math.toIntExact(files.get(i).size()));
      assertThat(digests.get(i)).as("file %d", i).isDeepEqualTo(new byte[][] {expected});
    }
    assertThat(bytes).hasValue(files.stream().mapToLong(FileHash::size).sum());
    assertThat(finished).hasValue(files.size());
  }

  @ParameterizedTest
  @CsvSource({
    "sha256, 2, 1000000",
    "sha256, 4, 9000000",
    "sha256, 1, 33",
    "blake3, 3, 10000000",
    "blake3, 2, 1048576",
    "blake2b, 2, 22000000"
  })
  void hashesRanges(String algorithm, int threads, int rangeSize) throws IOException {
    int size = rangeSize < 1000 ? 10_000 : LARGE;
    byte[] content = new byte[size];
    new Random(rangeSize).nextBytes(content);
    FileHash whole = of(Files.write(directory.resolve("file"), content));
    FileHash file =
        new FileHash(whole.path(), size, whole.modified(), null, whole.key(), rangeSize, true);
    ParallelFileHasher hasher = new ParallelFileHasher(functions(algorithm), threads, count -> {});
    byte[][] digests = hasher.hash(List.of(file)).get(0);
    assertThat(digests).hasNumberOfRows((size + rangeSize - 1) / rangeSize);
    for (int i = 0; i < digests.length; i++) {
      int end = Math.min(size, (i + 1) * rangeSize);
      assertThat(digests[i]).isEqualTo(digest(algorithm, content, i * rangeSize, end));
    }
  }

  /** With two threads, one reads and the other hashes. */
  @ParameterizedTest
  @CsvSource({"sha256, 1", "sha256, 2", "blake3, 2"})
  void noticesALargeFileThatChanges(String algorithm, int threads) throws IOException {
    for (String change : new String[] {"cut", "grown", "touched", "replaced"}) {
      Path path = directory.resolve(change);
      FileHash file = of(Files.write(path, new byte[LARGE]));
      AtomicBoolean changed = new AtomicBoolean();
      ParallelFileHasher hasher =
          new ParallelFileHasher(
              functions(algorithm),
              threads,
              bytes -> {
                if (changed.compareAndSet(false, true)) {
                  change(path, change);
                }
              });
      assertThatThrownBy(() -> hasher.hash(List.of(file)))
          .as(change)
          .isInstanceOfSatisfying(
              FileChangedException.class, e -> assertThat(e.getFile()).isEqualTo(path.toString()));
    }
  }

  private static void change(Path path, String change) {
    try {
      switch (change) {
        case "cut" -> FileChannel.open(path, StandardOpenOption.WRITE).truncate(100).close();
        case "grown" -> Files.write(path, new byte[1], StandardOpenOption.APPEND);
        case "touched" -> Files.setLastModifiedTime(path, FileTime.fromMillis(1));
        default -> {
          FileTime modified = Files.getLastModifiedTime(path);
          Path other = Files.write(path.resolveSibling("other"), new byte[LARGE]);
          Files.setLastModifiedTime(other, modified);
          Files.move(other, path, StandardCopyOption.ATOMIC_MOVE);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void leavesNoThreadBehind() throws IOException {
    FileHash file = of(Files.write(directory.resolve("file"), new byte[LARGE]));
    AtomicBoolean thrown = new AtomicBoolean();
    ParallelFileHasher hasher =
        new ParallelFileHasher(
            HashFunction::sha256,
            4,
            bytes -> {
              if (thrown.compareAndSet(false, true)) {
                throw new IllegalStateException("listener");
              }
            });
    assertThatThrownBy(() -> hasher.hash(List.of(file))).hasMessage("listener");
    assertThat(Thread.getAllStackTraces().keySet())
        .noneMatch(thread -> thread.getName().startsWith("model-hash-"));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void hashesNoFilesAtAll(int threads) throws IOException {
    ParallelFileHasher hasher = new ParallelFileHasher(HashFunction::sha256, threads, bytes -> {});
    assertThat(hasher.hash(List.of())).isEmpty();
  }

  @Test
  void needsAThread() {
    assertThatThrownBy(() -> new ParallelFileHasher(HashFunction::sha256, 0, bytes -> {}))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
