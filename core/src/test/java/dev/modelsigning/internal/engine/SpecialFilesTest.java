package dev.modelsigning.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.modelsigning.internal.hash.HashFunction;
import dev.modelsigning.testing.Fifos;
import dev.modelsigning.testing.HashThreads;
import dev.modelsigning.testing.Watching;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.nio.ByteBuffer;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that become something else, or change unseen, on file systems of the platform. */
@Timeout(60)
class SpecialFilesTest {

  @TempDir Path directory;

  private FileHash found(Path file) throws IOException {
    return FileHash.of(
        file,
        Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS),
        FileHash.WHOLE,
        false);
  }

  private List<FileHash> others() throws IOException {
    List<FileHash> work = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      work.add(found(Files.write(directory.resolve("other" + i), new byte[i])));
    }
    return work;
  }

  private static List<byte[][]> hash(int threads, List<FileHash> work) throws IOException {
    return new ParallelFileHasher(HashFunction::sha256, threads, bytes -> {}).hash(work);
  }

  @ParameterizedTest
  @CsvSource({"1, 5", "1, 0", "2, 5", "4, 2000000"})
  @DisabledOnOs(OS.WINDOWS)
  void doesNotWaitForAFileThatBecameAFifo(int threads, int size) throws Exception {
    Path file = Files.write(directory.resolve("file"), new byte[size]);
    List<FileHash> work = others();
    work.add(found(file));
    Files.delete(file);
    Fifos.make(file);

    assertThatThrownBy(() -> hash(threads, work))
        .isInstanceOf(FileChangedException.class)
        .hasMessage(
            file + ": changed while it was being hashed: it is not a regular file any more");
    Fifos.letGo(file); // the thread that was left behind
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 0})
  @DisabledOnOs(OS.WINDOWS)
  void readsNothingFromAFifoThatSomebodyWritesInto(int size) throws Exception {
    Path file = Files.write(directory.resolve("file"), new byte[size]);
    List<FileHash> work = List.of(found(file));
    Files.delete(file);
    Fifos.make(file);
    CountDownLatch over = new CountDownLatch(1);
    Thread writer = Fifos.keepOpen(file, new byte[0], over);

    HashThreads.run(() -> {
      assertThatThrownBy(() -> hash(1, work))
          .isInstanceOf(FileChangedException.class)
          .hasMessageContaining("it is not a regular file any more");
      return null;
    });
    over.countDown();
    writer.join();
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void readsNothingFromADirectoryOrALinkThatAFileBecame() throws Exception {
    Path file = Files.write(directory.resolve("file"), new byte[5]);
    List<FileHash> work = List.of(found(file));
    Files.delete(file);
    Files.createSymbolicLink(file, Path.of("/dev/zero"));
    assertThatThrownBy(() -> hash(1, work)).hasMessageContaining(file.toString());
    Files.delete(file);
    Files.createDirectory(file);
    assertThatThrownBy(() -> hash(1, work)).hasMessageContaining(file.toString());
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void readsNothingFromADeviceThatTheTargetOfALinkBecame() throws Exception {
    Path target = Files.write(directory.resolve("target"), new byte[0]);
    Path link = Files.createSymbolicLink(directory.resolve("link"), target);
    FileHash work =
        FileHash.of(
            link, Files.readAttributes(link, BasicFileAttributes.class), FileHash.WHOLE, true);
    Files.delete(link);
    Files.createSymbolicLink(link, Path.of("/dev/zero"));
    assertThatThrownBy(() -> hash(1, List.of(work)))
        .isInstanceOf(FileChangedException.class)
        .hasMessage(link + ": changed while it was being hashed: expected 0 bytes, found more");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  @DisabledOnOs(OS.WINDOWS)
  void endsWhenItsThreadIsInterruptedWhileAFifoIsOpened(int threads) throws Exception {
    Path file = Files.write(directory.resolve("file"), new byte[5]);
    List<FileHash> work = List.of(found(file));
    Files.delete(file);
    Fifos.make(file);
    Thread caller = Thread.currentThread();
    Thread interrupter =
        new Thread(() -> {
          try {
            Watching.until("a thread opens the FIFO", SpecialFilesTest::somebodyOpens);
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
          caller.interrupt();
        });
    interrupter.start();
    Throwable failure = catchThrowable(() -> hash(threads, work));
    assertThat(Thread.interrupted()).isTrue();
    assertThat(failure)
        .isInstanceOf(InterruptedIOException.class)
        .hasMessage("hashing was interrupted");
    interrupter.join();
    Fifos.letGo(file);
  }

  /** The calling thread only monitors, so it is one of the hashing threads. */
  private static boolean somebodyOpens() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("model-hash"))
        .anyMatch(thread -> Watching.isInSystemFrom(FileOpening.class, thread));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void noticesAWriteOfWhichTheTimeWasPutBack(int threads) throws Exception {
    Path file = Files.write(directory.resolve("file"), new byte[20_000_000]);
    assumeTrue(
        file.getFileSystem().supportedFileAttributeViews().contains("unix"),
        "this file system has no change time");
    FileTime modified = Files.getLastModifiedTime(file);
    List<FileHash> work = List.of(found(file));
    AtomicBoolean done = new AtomicBoolean();
    ParallelFileHasher hasher =
        new ParallelFileHasher(
            HashFunction::sha256,
            threads,
            bytes -> {
              if (!done.getAndSet(true)) {
                try (var channel = Files.newByteChannel(file, StandardOpenOption.WRITE)) {
                  channel.position(19_000_000).write(ByteBuffer.wrap(new byte[] {1}));
                } catch (IOException e) {
                  throw new AssertionError(e);
                }
                try {
                  Files.setLastModifiedTime(file, modified);
                } catch (IOException e) {
                  throw new AssertionError(e);
                }
              }
            });
    assertThatThrownBy(() -> hasher.hash(work))
        .isInstanceOf(FileChangedException.class)
        .hasMessageContaining("its change time went from");
    assertThat(Files.getLastModifiedTime(file)).isEqualTo(modified);
  }

  @Test
  void doesNotHoldAWholeEntryOfAZipFileInMemory() throws Exception {
    MemoryPoolMXBean old =
        ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getName().matches(".*(Old|Tenured).*"))
            .findFirst()
            .orElseThrow();
    Path zip = directory.resolve("a.zip");
    int size = 600 << 20;
    try (FileSystem system = FileSystems.newFileSystem(zip, Map.of("create", "true"));
        OutputStream stream = Files.newOutputStream(system.getPath("/large"))) {
      for (int i = 0; i < 600; i++) {
        stream.write(new byte[1 << 20]);
      }
    }
    try (FileSystem system = FileSystems.newFileSystem(zip)) {
      Path entry = system.getPath("/large");
      FileHash work =
          FileHash.of(
              entry, Files.readAttributes(entry, BasicFileAttributes.class), FileHash.WHOLE, false);
      assertThat(work.size()).isEqualTo(size);
      System.gc();
      old.resetPeakUsage();
      long before = old.getUsage().getUsed();
      assertThat(hash(2, List.of(work))).hasSize(1);
      assertThat(old.getPeakUsage().getUsed() - before).isLessThan(200 << 20);
    }
  }
}
