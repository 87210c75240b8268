package dev.modelsigning.file;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.channels.Channels;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Reads small files whole, within bounds. Java cannot open a file without waiting for whoever is to
 * write into a FIFO, and nothing ends that wait; so a thread of its own opens and reads, and is
 * left behind when its time is up or the caller is interrupted. Files are read once, so they may be
 * pipes where {@link FileKind} lets them.
 */
public final class SmallFile {

  /** Nothing that is handed over through a pipe is larger; an endless device is. */
  private static final int MAX_STREAM = 16 * 1024 * 1024;

  private static final Duration OPENING = Duration.ofSeconds(30);
  private static final Duration READING = Duration.ofMinutes(5);

  private final Path file;
  private final FileKind kind;
  private final BasicFileAttributes attributes;
  private final CountDownLatch opened = new CountDownLatch(1);

  private SmallFile(Path file, FileKind kind, BasicFileAttributes attributes) {
    this.file = file;
    this.kind = kind;
    this.attributes = attributes;
  }

  /**
   * The content of a file.
   *
   * @param file the file, or a link to it
   * @param kind what it should be
   * @throws FileTooLargeException if it is larger than its kind can be
   * @throws InterruptedIOException if the thread is interrupted
   * @throws IOException if it cannot be read, or not in time
   */
  public static byte[] read(Path file, FileKind kind) throws IOException {
    return read(file, kind, OPENING, READING);
  }

  static byte[] read(Path file, FileKind kind, Duration opening, Duration reading)
      throws IOException {
    BasicFileAttributes attributes;
    try {
      attributes = Files.readAttributes(file, BasicFileAttributes.class);
    } catch (IOException e) {
      throw naming(file, e);
    }
    if (attributes.isDirectory()) {
      throw new FileSystemException(
          file.toString(), null, "is a directory, expected a " + kind.description());
    }
    SmallFile small = new SmallFile(file, kind, attributes);
    if (kind.regularOnly() && !attributes.isRegularFile()) {
      throw small.notRegular();
    }
    if (attributes.isRegularFile() && attributes.size() > kind.maxSize()) {
      throw small.tooLarge();
    }
    return small.readInTime(opening, reading);
  }

  private byte[] readInTime(Duration opening, Duration reading) throws IOException {
    FutureTask<byte[]> task = new FutureTask<>(this::content);
    Thread thread = new Thread(task, "model-signing-read");
    thread.setDaemon(true);
    thread.start();
    try {
      if (!opened.await(opening.toNanos(), TimeUnit.NANOSECONDS)) {
        throw new FileSystemException(
            file.toString(),
            null,
            attributes.isRegularFile()
                ? "cannot be opened: the system has not answered for " + opening.toSeconds() + " s"
                : "cannot be opened: nobody has written into this pipe or device for "
                    + opening.toSeconds()
                    + " s");
      }
      return task.get(reading.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new FileSystemException(
          file.toString(),
          null,
          "cannot be read: it has not ended for " + reading.toSeconds() + " s");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("reading " + file + " was interrupted");
    } catch (ExecutionException e) {
      throw failure(e);
    } finally {
      task.cancel(true); // does nothing where it has ended
    }
  }

  private IOException failure(ExecutionException e) {
    Throwable cause = e.getCause();
    if (cause instanceof Error error) {
      throw error;
    } else if (cause instanceof RuntimeException unexpected) {
      throw unexpected;
    }
    return naming(file, cause == null ? e : cause);
  }

  /** An error that names the file, which those of the system often do not. */
  private static IOException naming(Path file, Throwable e) {
    if (e instanceof FileSystemException named) {
      return named;
    }
    FileSystemException named =
        new FileSystemException(file.toString(), null, "cannot be read: " + e.getMessage());
    named.initCause(e);
    return named;
  }

  /** Runs in the thread that may be left behind. */
  private byte[] content() throws IOException {
    try (InputStream stream = open()) {
      opened.countDown();
      return read(stream);
    } finally {
      opened.countDown();
    }
  }

  private InputStream open() throws IOException {
    if (!file.getFileSystem().equals(FileSystems.getDefault())) {
      return Files.newInputStream(file); // a channel of a zip file holds all of an entry
    }
    SeekableByteChannel channel = Files.newByteChannel(file);
    try {
      if (attributes.isRegularFile()) {
        requireSeekable(channel);
      }
      return Channels.newInputStream(channel);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /** What was a regular file a moment ago may have become a FIFO, which has no position. */
  private void requireSeekable(SeekableByteChannel channel) throws IOException {
    try {
      channel.position();
    } catch (ClosedByInterruptException e) {
      throw e;
    } catch (IOException e) {
      throw (FileSystemException) notRegular().initCause(e);
    }
  }

  private byte[] read(InputStream stream) throws IOException {
    if (!attributes.isRegularFile()) {
      int max = Math.min(kind.maxSize(), MAX_STREAM);
      byte[] content = stream.readNBytes(max + 1);
      if (content.length > max) {
        throw new FileTooLargeException(
            file,
            "is larger than "
                + max
                + " bytes, the most for a "
                + kind.description()
                + " from a pipe or device");
      }
      return content;
    }
    int expected = (int) attributes.size();
    byte[] content = new byte[expected];
    int length = stream.readNBytes(content, 0, expected);
    // Files of /proc and the like do not say how long they are, and others lie.
    byte[] more = stream.readNBytes(kind.maxSize() - length + 1);
    if (length + more.length > kind.maxSize()) {
      throw tooLarge();
    }
    if (length == expected && more.length == 0) {
      return content;
    }
    byte[] all = Arrays.copyOf(content, length + more.length);
    System.arraycopy(more, 0, all, length, more.length);
    return all;
  }

  private FileTooLargeException tooLarge() {
    return new FileTooLargeException(
        file, "is larger than " + kind.maxSize() + " bytes, the most for a " + kind.description());
  }

  private FileSystemException notRegular() {
    return new FileSystemException(
        file.toString(), null, "is not a regular file, expected a " + kind.description());
  }
}
