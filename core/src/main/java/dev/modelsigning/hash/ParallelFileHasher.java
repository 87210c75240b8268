package dev.modelsigning.hash;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Hashes many files with several threads, longest work first. Memory use depends on the number of
 * threads and not on the size of the files. The first error ends all work and is reported.
 */
public final class ParallelFileHasher {

  private static final int BUFFER_SIZE = 256 * 1024;

  /** More threads than this only cost memory. */
  private static final int MAX_THREADS = 256;

  /** Ranges of one file are handed out in lots of at least this many bytes. */
  private static final long MIN_TASK_BYTES = 8L * 1024 * 1024;

  private final Supplier<HashFunction> functions;
  private final int parallelism;
  private final LongConsumer bytesHashed;

  /**
   * A hasher that can be used any number of times.
   *
   * @param functions makes the hash function, once for each thread
   * @param parallelism greatest number of threads, at least 1; more than 256 count as 256
   * @param bytesHashed is told the number of bytes after each piece of work; called by several
   *     threads at once
   */
  public ParallelFileHasher(
      Supplier<HashFunction> functions, int parallelism, LongConsumer bytesHashed) {
    if (parallelism < 1) {
      throw new IllegalArgumentException("parallelism must be at least 1, is " + parallelism);
    }
    this.functions = functions;
    this.parallelism = Math.min(parallelism, MAX_THREADS);
    this.bytesHashed = bytesHashed;
  }

  /**
   * Hashes files.
   *
   * @return for each file, in the order given, the digests of its ranges in ascending order
   * @throws FileChangedException if a file is not what it was when it was found
   * @throws InterruptedIOException if the calling thread is interrupted
   * @throws IOException if a file cannot be read; the message names it
   */
  public List<byte[][]> hash(List<FileHash> files) throws IOException {
    List<byte[][]> digests = new ArrayList<>(files.size());
    List<Task> tasks = new ArrayList<>();
    for (FileHash file : files) {
      byte[][] results = new byte[file.ranges()][];
      digests.add(results);
      addTasks(file, results, tasks);
    }
    tasks.sort(Comparator.comparingLong(Task::bytes).reversed());
    new Run(tasks).perform();
    return digests;
  }

  private static void addTasks(FileHash file, byte[][] results, List<Task> tasks) {
    int lot = results.length;
    // Only the default file system is known to seek cheaply; a zip entry is read from its start.
    if (file.rangeSize() != FileHash.WHOLE
        && file.path().getFileSystem().equals(FileSystems.getDefault())) {
      lot = (int) Math.min(lot, Math.max(1, MIN_TASK_BYTES / file.rangeSize()));
    }
    for (int first = 0; first < results.length; first += lot) {
      tasks.add(new Task(file, results, first, Math.min(results.length, first + lot)));
    }
  }

  /** Consecutive ranges of one file, from the first (inclusive) to the last (exclusive). */
  private static final class Task {
    private final FileHash file;
    private final byte[][] results;
    private final int first;
    private final int last;

    Task(FileHash file, byte[][] results, int first, int last) {
      this.file = file;
      this.results = results;
      this.first = first;
      this.last = last;
    }

    long bytes() {
      return file.end(last - 1) - file.start(first);
    }
  }

  /** One call of {@link #hash}: the queue and the first failure. */
  private final class Run {
    private final List<Task> tasks;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    Run(List<Task> tasks) {
      this.tasks = tasks;
    }

    void perform() throws IOException {
      int workers = Math.min(parallelism, tasks.size());
      if (workers <= 1) {
        work();
      } else {
        joinAll(start(workers));
      }
      rethrow();
    }

    private List<Thread> start(int workers) {
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < workers; i++) {
        Thread thread = new Thread(this::work, "model-hash-" + (i + 1));
        thread.setDaemon(true);
        thread.start();
        threads.add(thread);
      }
      return threads;
    }

    private void joinAll(List<Thread> threads) {
      boolean interrupted = false;
      for (Thread thread : threads) {
        while (thread.isAlive()) {
          try {
            thread.join();
          } catch (InterruptedException e) {
            interrupted = true;
            failure.compareAndSet(null, new InterruptedIOException("hashing was interrupted"));
            threads.forEach(Thread::interrupt);
          }
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }

    private void rethrow() throws IOException {
      Throwable problem = failure.get();
      if (problem instanceof IOException e) {
        throw e;
      } else if (problem instanceof RuntimeException e) {
        throw e;
      } else if (problem instanceof Error e) {
        throw e;
      }
    }

    private void work() {
      Reader reader = new Reader();
      try {
        for (int i = next.getAndIncrement(); i < tasks.size(); i = next.getAndIncrement()) {
          if (failure.get() != null) {
            return;
          }
          reader.readNamed(tasks.get(i), failure);
        }
      } catch (IOException | RuntimeException | Error e) {
        failure.compareAndSet(null, e);
      }
    }
  }

  /** What one thread needs: a hash function and a buffer. */
  private final class Reader {
    private final HashFunction function = functions.get();
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_SIZE);

    /** Reads a task, and names its file in every error; those of the system often do not. */
    void readNamed(Task task, AtomicReference<@Nullable Throwable> failure) throws IOException {
      try {
        read(task, failure);
      } catch (FileSystemException e) {
        throw e;
      } catch (ClosedByInterruptException e) {
        InterruptedIOException interrupted = new InterruptedIOException("hashing was interrupted");
        interrupted.initCause(e);
        throw interrupted;
      } catch (IOException e) {
        FileSystemException named =
            new FileSystemException(task.file.path().toString(), null, e.getMessage());
        named.initCause(e);
        throw named;
      }
    }

    private void read(Task task, AtomicReference<@Nullable Throwable> failure) throws IOException {
      FileHash file = task.file;
      try (SeekableByteChannel channel = open(file)) {
        long start = file.start(task.first);
        if (start > 0) {
          channel.position(start);
        }
        for (int range = task.first; range < task.last; range++) {
          if (!hashRange(channel, file, range, failure)) {
            return;
          }
          task.results[range] = function.digest();
        }
        if (task.last == task.results.length) {
          requireEnd(channel, file);
        }
      }
      requireUnchanged(file);
    }

    private static SeekableByteChannel open(FileHash file) throws IOException {
      if (!file.followLinks()) {
        try {
          return Files.newByteChannel(
              file.path(), StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
        } catch (IllegalArgumentException | UnsupportedOperationException e) {
          // File systems without links, such as zip, need not know the option.
          return Files.newByteChannel(file.path(), StandardOpenOption.READ);
        }
      }
      return Files.newByteChannel(file.path(), StandardOpenOption.READ);
    }

    /** Returns false if another thread failed meanwhile. */
    private boolean hashRange(
        SeekableByteChannel channel,
        FileHash file,
        int range,
        AtomicReference<@Nullable Throwable> failure)
        throws IOException {
      long remaining = file.end(range) - file.start(range);
      while (remaining > 0) {
        if (failure.get() != null) {
          return false;
        }
        buffer.clear().limit((int) Math.min(buffer.capacity(), remaining));
        int read = channel.read(buffer);
        if (read < 0) {
          long length = file.end(range) - remaining;
          throw new FileChangedException(
              file.path(), "expected " + file.size() + " bytes, found " + length);
        }
        function.update(buffer.array(), 0, read);
        remaining -= read;
        bytesHashed.accept(read);
      }
      return true;
    }

    private void requireEnd(SeekableByteChannel channel, FileHash file) throws IOException {
      buffer.clear().limit(1);
      if (channel.read(buffer) > 0) {
        throw new FileChangedException(
            file.path(), "expected " + file.size() + " bytes, found more");
      }
    }

    private void requireUnchanged(FileHash file) throws IOException {
      LinkOption[] options =
          file.followLinks() ? new LinkOption[0] : new LinkOption[] {LinkOption.NOFOLLOW_LINKS};
      BasicFileAttributes now =
          Files.readAttributes(file.path(), BasicFileAttributes.class, options);
      if (now.size() != file.size()) {
        throw new FileChangedException(
            file.path(), "expected " + file.size() + " bytes, found " + now.size());
      }
      if (!now.lastModifiedTime().equals(file.modified())) {
        throw new FileChangedException(
            file.path(),
            "its modification time went from " + file.modified() + " to " + now.lastModifiedTime());
      }
      if (!Objects.equals(now.fileKey(), file.key())) {
        throw new FileChangedException(file.path(), "it was replaced by another file");
      }
    }
  }
}
