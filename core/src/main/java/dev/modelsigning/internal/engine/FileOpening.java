package dev.modelsigning.internal.engine;

import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.FileSystemException;
import org.jspecify.annotations.Nullable;

/**
 * Opens files and directories for one thread, and lets another thread see how long that takes.
 * Opening a file that was replaced by a FIFO blocks, and Java cannot interrupt this; in that case
 * the thread is abandoned.
 */
final class FileOpening {

  /** After this time, the file that is being opened is checked. */
  private static final long SUSPICIOUS_NANOS = 1_000_000_000L;

  /** The longest legitimate delay of an open: 45 seconds for a lease, with some reserve. */
  private static final long PATIENCE_NANOS = 60_000_000_000L;

  private volatile long since;
  private volatile @Nullable HashInput file;
  private volatile @Nullable FoundDirectory directory;

  /**
   * Opens a directory.
   *
   * @throws FileChangedException if it was replaced since it was found
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
   * Opens a part of a file.
   *
   * @param from the first byte
   * @param to the byte after the last one
   * @throws IOException if it cannot be opened, or has changed
   */
  ReadableByteChannel open(HashInput input, long from, long to) throws IOException {
    since = System.nanoTime();
    file = input;
    try {
      return input.open(from, to);
    } finally {
      file = null;
    }
  }

  /** Whether the thread may be blocked in an open for ever. */
  boolean isSuspicious() {
    return (file != null || directory != null) && System.nanoTime() - since > SUSPICIOUS_NANOS;
  }

  /** The problem with a file that takes too long to open, if there is one. */
  @Nullable FileSystemException problem() {
    HashInput openedFile = file;
    if (openedFile != null) {
      return problem(openedFile);
    }
    FoundDirectory openedDirectory = directory;
    return openedDirectory == null ? null : problem(openedDirectory);
  }

  private @Nullable FileSystemException tooLong(String shown) {
    return System.nanoTime() - since > PATIENCE_NANOS
        ? new FileSystemException(
            shown, null, "cannot be opened: the system has not answered for a minute")
        : null;
  }

  private @Nullable FileSystemException problem(FoundDirectory opened) {
    try {
      return opened.attributes().isDirectory()
          ? tooLong(opened.path().toString())
          : new FileChangedException(opened.path(), "it is not a directory any more");
    } catch (IOException e) {
      return new FileChangedException(opened.path(), "it cannot be found any more");
    }
  }

  private @Nullable FileSystemException problem(HashInput opened) {
    FileSystemException tooLong = tooLong(opened.shown());
    return tooLong == null ? opened.problem() : tooLong;
  }
}
