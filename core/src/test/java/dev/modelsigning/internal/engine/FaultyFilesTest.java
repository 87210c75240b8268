package dev.modelsigning.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.modelsigning.internal.hash.HashFunction;
import dev.modelsigning.testing.FaultyFileSystem;
import dev.modelsigning.testing.FaultyFileSystem.Fault;
import dev.modelsigning.testing.HashThreads;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that cannot be read completely, change meanwhile, or never end. */
class FaultyFilesTest {

  private static final int SIZE = 3_000_000;
  private static final long TERABYTE = 1L << 40;

  private FaultyFileSystem files;
  private Path directory;

  @BeforeEach
  void makeDirectory() throws IOException {
    files = new FaultyFileSystem(Jimfs.newFileSystem(Configuration.unix()));
    directory = Files.createDirectory(files.getPath("/model"));
  }

  /** Ends reads that are stuck, too. */
  @AfterEach
  void close() throws IOException {
    files.close();
  }

  private Path write(String name, int size) throws IOException {
    byte[] content = new byte[size];
    new Random(size).nextBytes(content);
    return Files.write(directory.resolve(name), content);
  }

  private static FileHash found(Path file) throws IOException {
    return found(file, FileHash.WHOLE);
  }

  private static FileHash found(Path file, long rangeSize) throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
    return FileHash.of(file, attributes, rangeSize, false);
  }

  /** A file that is read for hours. */
  private FileHash endless(String name, long size) throws IOException {
    Path file = write(name, 0);
    files.withEndless(file);
    FileHash empty = found(file);
    return new FileHash(file, size, empty.modified(), null, empty.key(), FileHash.WHOLE, false);
  }

  private static List<byte[][]> hash(int threads, List<FileHash> work) throws Exception {
    return hash(HashFunction::sha256, threads, work);
  }

  private static List<byte[][]> hash(
      Supplier<HashFunction> function, int threads, List<FileHash> work) throws Exception {
    return HashThreads.run(() -> new ParallelFileHasher(function, threads, bytes -> {}).hash(work));
  }

  /** A file among others. */
  private List<FileHash> amongOthers(Path file, long rangeSize) throws IOException {
    List<FileHash> work = new ArrayList<>();
    work.add(found(write("before", 100_000), rangeSize));
    work.add(found(file, rangeSize));
    for (int i = 0; i < 50; i++) {
      work.add(found(write("after" + i, i), rangeSize));
    }
    return work;
  }

  // Errors of the device

  @ParameterizedTest
  @CsvSource({
    "1, 0", "1, 1", "1, 1500000", "1, 2999999",
    "2, 0", "2, 1", "2, 1500000", "2, 2999999",
    "5, 0", "5, 1", "5, 1500000", "5, 2999999"
  })
  void namesTheFileOfWhichAByteCannotBeRead(int threads, long offset) throws Exception {
    Path file = write("weights", SIZE);
    files.beforeByte(
        offset,
        file,
        () -> {
          throw new IOException("Input/output error");
        });

    for (long rangeSize : new long[] {FileHash.WHOLE, 1_000_000}) {
      List<FileHash> work = amongOthers(file, rangeSize);
      assertThatThrownBy(() -> hash(threads, work))
          .isInstanceOfSatisfying(
              FileSystemException.class,
              e -> {
                assertThat(e.getFile()).isEqualTo("/model/weights");
                assertThat(e.getReason()).contains("Input/output error");
              });
    }
  }

  static Stream<Fault> faultsWithoutAMessage() {
    return Stream.of(
        () -> {
          throw new IOException();
        },
        () -> {
          throw new ClosedChannelException();
        },
        () -> {
          throw new IOException(null, new IllegalStateException());
        });
  }

  @ParameterizedTest
  @MethodSource("faultsWithoutAMessage")
  void namesTheFileWhereTheErrorSaysNothing(Fault fault) throws Exception {
    Path file = write("weights", SIZE);
    files.beforeByte(700_000, file, fault);
    List<FileHash> work = amongOthers(file, FileHash.WHOLE);

    assertThatThrownBy(() -> hash(2, work))
        .isInstanceOfSatisfying(
            FileSystemException.class, e -> assertThat(e.getFile()).isEqualTo("/model/weights"));
  }

  /** Its exception class is that of interruptions, but nothing was interrupted. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void namesTheFileOfWhichAReadTakesTooLong(int threads) throws Exception {
    Path file = write("weights", SIZE);
    files.beforeByte(
        700_000,
        file,
        () -> {
          throw new SocketTimeoutException("Read timed out");
        });
    List<FileHash> work = amongOthers(file, FileHash.WHOLE);

    assertThatThrownBy(() -> hash(threads, work))
        .isInstanceOfSatisfying(
            FileSystemException.class,
            e -> {
              assertThat(e.getFile()).isEqualTo("/model/weights");
              assertThat(e.getReason()).contains("Read timed out");
            });
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void namesTheFileThatCannotBeOpened(int threads) throws Exception {
    Path file = write("weights", SIZE);
    files.beforeOpening(
        file,
        () -> {
          throw new IOException("Stale file handle");
        });
    List<FileHash> work = amongOthers(file, FileHash.WHOLE);

    assertThatThrownBy(() -> hash(threads, work))
        .isInstanceOfSatisfying(
            FileSystemException.class,
            e -> {
              assertThat(e.getFile()).isEqualTo("/model/weights");
              assertThat(e.getReason()).contains("Stale file handle");
            });
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void namesTheFileOfWhichTheAttributesCannotBeReadAgain(int threads) throws Exception {
    Path file = write("weights", SIZE);
    List<FileHash> work = amongOthers(file, FileHash.WHOLE);
    files.beforeAttributes(
        file,
        () -> {
          throw new IOException("Stale file handle");
        });

    assertThatThrownBy(() -> hash(threads, work))
        .isInstanceOfSatisfying(
            FileSystemException.class, e -> assertThat(e.getFile()).isEqualTo("/model/weights"));
  }

  static Stream<Throwable> unexpected() {
    return Stream.of(
        new IllegalStateException("odd"),
        new UncheckedIOException("odd", new IOException("cause")),
        new SecurityException("odd"),
        new OutOfMemoryError("odd"),
        new StackOverflowError("odd"),
        new InternalError("odd"),
        new NoClassDefFoundError("odd"));
  }

  @ParameterizedTest
  @MethodSource("unexpected")
  void failsWithWhatAFileSystemShouldNotThrow(Throwable odd) throws Exception {
    Path file = write("weights", SIZE);
    files.beforeByte(
        700_000,
        file,
        () -> {
          if (odd instanceof Error error) {
            throw error;
          }
          throw (RuntimeException) odd;
        });
    List<FileHash> work = amongOthers(file, FileHash.WHOLE);

    for (int threads : new int[] {1, 2, 5}) {
      Throwable thrown = catchThrowable(() -> hash(threads, work));
      assertThat(thrown).isInstanceOf(odd.getClass()).hasMessage("odd");
    }
  }

  @Test
  void endsOtherWorkAtTheFirstError() throws Exception {
    FileHash broken = endless("broken", 2 * TERABYTE);
    files.beforeByte(
        1_000_000,
        broken.path(),
        () -> {
          throw new IOException("Input/output error");
        });
    List<FileHash> work =
        List.of(endless("a", TERABYTE), broken, endless("b", TERABYTE), endless("c", TERABYTE));

    for (int threads : new int[] {1, 2, 8}) {
      assertThatThrownBy(() -> hash(threads, work))
          .isInstanceOfSatisfying(
              FileSystemException.class, e -> assertThat(e.getFile()).isEqualTo("/model/broken"));
    }
  }

  // Slow devices

  static Stream<Supplier<HashFunction>> functions() {
    return Stream.of(HashFunction::sha256, HashFunction::blake2b512, HashFunction::blake3);
  }

  @ParameterizedTest
  @MethodSource("functions")
  void getsTheSameDigestsFromReadsThatAreShortOrEmpty(Supplier<HashFunction> function)
      throws Exception {
    Path file = write("weights", 200_003);
    for (long rangeSize : new long[] {FileHash.WHOLE, 65_536}) {
      List<FileHash> work = amongOthers(file, rangeSize);
      byte[][][] expected = hash(function, 1, work).toArray(byte[][][]::new);
      for (int longest : new int[] {1, 63, 64, 1023, 4097}) {
        files.withReadsOfAtMost(longest).withEmptyReads(longest == 1 ? 0 : 3);
        for (int threads : new int[] {1, 3}) {
          assertThat(hash(function, threads, work).toArray(byte[][][]::new))
              .isDeepEqualTo(expected);
        }
      }
      files.withReadsOfAtMost(Integer.MAX_VALUE).withEmptyReads(0);
    }
  }

  // Changes

  private void refusesAChange(long offset, Fault change, String reason) throws Exception {
    Path file = write("weights", SIZE);
    for (int threads : new int[] {1, 2}) {
      write("weights", SIZE);
      List<FileHash> work = amongOthers(file, FileHash.WHOLE);
      files.beforeByte(offset, file, change);
      assertThatThrownBy(() -> hash(threads, work))
          .isInstanceOfSatisfying(
              FileChangedException.class,
              e -> {
                assertThat(e.getFile()).isEqualTo("/model/weights");
                assertThat(e.getReason()).contains(reason);
              });
    }
  }

  private Path real(String name) {
    return files.real(directory.resolve(name));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 1_500_000, 2_999_999})
  void refusesAFileThatEndsBeforeTheNextByte(long offset) throws Exception {
    refusesAChange(
        offset,
        () -> {
          try (var channel = Files.newByteChannel(real("weights"), StandardOpenOption.WRITE)) {
            channel.truncate(offset);
          }
        },
        "expected 3000000 bytes, found " + offset);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 1_500_000, 2_999_999})
  void refusesAFileThatGrowsBeforeTheNextByte(long offset) throws Exception {
    refusesAChange(
        offset,
        () -> Files.write(real("weights"), new byte[1], StandardOpenOption.APPEND),
        "expected 3000000 bytes, found");
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 1_500_000, 2_999_999})
  void refusesAFileThatIsReplacedBeforeTheNextByte(long offset) throws Exception {
    refusesAChange(
        offset,
        () -> {
          Path other = Files.write(real("other"), new byte[SIZE]);
          Files.setLastModifiedTime(other, Files.getLastModifiedTime(real("weights")));
          Files.delete(real("weights"));
          Files.move(other, real("weights"));
        },
        "replaced");
  }

  @Test
  void refusesAFileThatIsReplacedBeforeItIsOpened() throws Exception {
    Path file = write("weights", SIZE);
    List<FileHash> work = amongOthers(file, FileHash.WHOLE);
    Path other = Files.write(real("other"), new byte[SIZE]);
    Files.setLastModifiedTime(other, Files.getLastModifiedTime(real("weights")));
    Files.delete(real("weights"));
    Files.move(other, real("weights"));

    assertThatThrownBy(() -> hash(2, work))
        .isInstanceOf(FileChangedException.class)
        .hasMessage(file + ": changed while it was being hashed: it was replaced by another file");
  }

  @Test
  void namesAFileThatIsReplacedByALink() throws Exception {
    Path file = write("weights", SIZE);
    List<FileHash> work = amongOthers(file, FileHash.WHOLE);
    Files.move(real("weights"), real("moved"));
    Files.createSymbolicLink(real("weights"), real("moved"));

    assertThatThrownBy(() -> hash(2, work))
        .isInstanceOfSatisfying(
            FileSystemException.class, e -> assertThat(e.getFile()).isEqualTo("/model/weights"));
  }

  // Interruption

  /** Whether hashing ended as it should, and whether its thread could tell that afterwards. */
  private static void requireInterrupted(int threads, List<FileHash> work, Thread[] caller)
      throws Exception {
    HashThreads.run(() -> {
      caller[0] = Thread.currentThread();
      ParallelFileHasher hasher =
          new ParallelFileHasher(HashFunction::sha256, threads, bytes -> {});
      assertThatThrownBy(() -> hasher.hash(work))
          .isInstanceOf(InterruptedIOException.class)
          .hasMessage("hashing was interrupted");
      assertThat(Thread.interrupted()).as("interrupted status").isTrue();
      return null;
    });
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 8})
  void endsWhenItsThreadIsInterruptedWhileAFileIsRead(int threads) throws Exception {
    Thread[] caller = new Thread[1];
    FileHash file = endless("weights", TERABYTE);
    files.beforeByte(5_000_000, file.path(), () -> caller[0].interrupt());

    requireInterrupted(threads, List.of(file, endless("more", TERABYTE / 2)), caller);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 8})
  void endsWhenItsThreadIsInterruptedBetweenManyFiles(int threads) throws Exception {
    Thread[] caller = new Thread[1];
    List<FileHash> work = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      work.add(found(write("f" + i, i % 100)));
    }
    work.add(endless("weights", TERABYTE));
    files.beforeOpening(directory.resolve("f500"), () -> caller[0].interrupt());

    requireInterrupted(threads, work, caller);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 8})
  void doesNotBeginIfItsThreadIsInterruptedAlready(int threads) throws Exception {
    List<FileHash> work = List.of(endless("a", TERABYTE), endless("b", TERABYTE));

    HashThreads.run(() -> {
      Thread.currentThread().interrupt();
      ParallelFileHasher hasher =
          new ParallelFileHasher(HashFunction::sha256, threads, bytes -> {});
      assertThatThrownBy(() -> hasher.hash(work))
          .isInstanceOf(InterruptedIOException.class)
          .hasMessage("hashing was interrupted");
      assertThat(Thread.interrupted()).isTrue();
      return null;
    });
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 8})
  void endsReadsThatReturnNothingWhenItsThreadIsInterrupted(int threads) throws Exception {
    Thread[] caller = new Thread[1];
    FileHash file = endless("weights", TERABYTE);
    files
        .withEmptyReads(Integer.MAX_VALUE)
        .afterEmptyReads(1000, file.path(), () -> caller[0].interrupt());

    requireInterrupted(threads, List.of(file), caller);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void endsAReadThatHangsWhenItsThreadIsInterrupted(int threads) throws Exception {
    Thread[] caller = new Thread[1];
    FileHash file = endless("weights", TERABYTE);
    files.beforeByte(
        5_000_000,
        file.path(),
        () -> {
          caller[0].interrupt();
          try {
            new CountDownLatch(1).await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClosedByInterruptException();
          }
        });

    requireInterrupted(threads, List.of(file, endless("more", TERABYTE / 2)), caller);
  }

  @Test
  void canBeUsedAgainAfterAFailure() throws Exception {
    Path file = write("weights", SIZE);
    List<FileHash> work = amongOthers(file, FileHash.WHOLE);
    ParallelFileHasher hasher = new ParallelFileHasher(HashFunction::sha256, 2, bytes -> {});
    byte[][][] expected = hasher.hash(work).toArray(byte[][][]::new);
    boolean[] healed = new boolean[1];
    files.beforeByte(
        700_000,
        file,
        () -> {
          if (!healed[0]) {
            throw new IOException("Input/output error");
          }
        });
    assertThatThrownBy(() -> hasher.hash(work))
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining(file + ": Input/output error");

    healed[0] = true;
    assertThat(HashThreads.run(() -> hasher.hash(work)).toArray(byte[][][]::new))
        .isDeepEqualTo(expected);
  }
}
