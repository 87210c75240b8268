package dev.modelsigning.internal.hash;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * Opens files and directories for one thread, and shows another one for how long it has been at it.
 * What has become a FIFO since it was found keeps who opens it waiting, and nothing in Java ends
 * that; so the thread is left behind then.
 */
final class FileOpening {

  /** After this, what is opened is looked at. */
  private static final long SUSPICIOUS_NANOS = 1_000_000_000L;

  /** The longest that systems make others wait for a reason: for a lease, 45 seconds. */
  private static final long PATIENCE_NANOS = 60_000_000_000L;

  private volatile long since;
  private volatile @Nullable FileHash file;
  private volatile @Nullable FoundDirectory directory;

  /**
   * Opens a directory.
   *
   * @throws FileChangedException if it is not the one that was found
   * @throws IOException if it cannot be opened
   */
  OpenDirectory open(FoundDirectory found) throws IOException {
    since = System.nanoTime();
    directory = found;
    try {
      return OpenDirectory.open(found);
    } finally {
      directory = null;
    }
  }

  /**
   * Opens a file that was a regular one when it was found.
   *
   * @param start where to read from
   * @throws FileChangedException if it is not as it was
   */
  ReadableByteChannel open(FileHash file, long start) throws IOException {
    return open(file, start, null);
  }

  /**
   * Opens a file that was a regular one when it was found.
   *
   * @param start where to read from
   * @param directory the directory that it is in, if that is open
   * @throws FileChangedException if it is not as it was
   */
  ReadableByteChannel open(FileHash file, long start, @Nullable OpenDirectory directory)
      throws IOException {
    since = System.nanoTime();
    this.file = file;
    ReadableByteChannel channel;
    try {
      channel = directory == null ? open(file) : directory.channel(file.path());
    } finally {
      this.file = null;
    }
    try {
      if (channel instanceof FileChannel opened) {
        requireSame(opened, file);
      }
      if (start > 0) {
        ((SeekableByteChannel) channel).position(start);
      }
      return channel;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static ReadableByteChannel open(FileHash file) throws IOException {
    Path path = file.path();
    if (file.followLinks()) {
      return path.getFileSystem().provider().getScheme().equals("jar")
          ? OpenDirectory.openByPath(path)
          : Files.newByteChannel(path, StandardOpenOption.READ);
    }
    if (file.directory() == null) {
      return OpenDirectory.openByPath(path);
    }
    try (OpenDirectory directory = OpenDirectory.open(file.directory())) {
      return directory.channel(path);
    }
  }

  /**
   * Looks at what was opened itself, before anything is read: a FIFO has no size and no position.
   */
  private static void requireSame(FileChannel channel, FileHash file) throws IOException {
    long size = channel.size();
    if (size > 0 && size == file.size()) {
      return;
    }
    try {
      channel.position();
    } catch (ClosedByInterruptException e) {
      throw e;
    } catch (IOException e) {
      throw (FileChangedException)
          new FileChangedException(file.path(), "it is not a regular file any more").initCause(e);
    }
    if (size != file.size()) {
      throw new FileChangedException(
          file.path(), "expected " + file.size() + " bytes, found " + size);
    }
  }

  /** Whether the thread may never come back from opening a file. */
  boolean isSuspicious() {
    return (file != null || directory != null) && System.nanoTime() - since > SUSPICIOUS_NANOS;
  }

  /** What is wrong with what the thread has been opening for so long, if anything is. */
  @Nullable FileSystemException problem() {
    FileHash openedFile = file;
    if (openedFile != null) {
      return problem(openedFile);
    }
    FoundDirectory openedDirectory = directory;
    return openedDirectory == null ? null : problem(openedDirectory);
  }

  private @Nullable FileSystemException tooLong(Path path) {
    return System.nanoTime() - since > PATIENCE_NANOS
        ? new FileSystemException(
            path.toString(), null, "cannot be opened: the system has not answered for a minute")
        : null;
  }

  private @Nullable FileSystemException problem(FoundDirectory opened) {
    try {
      return opened.attributes().isDirectory()
          ? tooLong(opened.path())
          : new FileChangedException(opened.path(), "it is not a directory any more");
    } catch (IOException e) {
      return new FileChangedException(opened.path(), "it cannot be found any more");
    }
  }

  private @Nullable FileSystemException problem(FileHash opened) {
    FileSystemException tooLong = tooLong(opened.path());
    if (tooLong != null) {
      return tooLong;
    }
    LinkOption[] options =
        opened.followLinks() ? new LinkOption[0] : new LinkOption[] {LinkOption.NOFOLLOW_LINKS};
    try {
      return Files.readAttributes(opened.path(), BasicFileAttributes.class, options).isRegularFile()
          ? null
          : new FileChangedException(opened.path(), "it is not a regular file any more");
    } catch (IOException e) {
      return new FileChangedException(opened.path(), "it cannot be found any more");
    }
  }
}
