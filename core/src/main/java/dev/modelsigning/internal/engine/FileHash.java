package dev.modelsigning.internal.engine;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A file of a file system to be hashed, with its attributes when it was found.
 *
 * @param path the file
 * @param size its length in bytes when it was found
 * @param modified its modification time when it was found
 * @param statusChanged the time of the last status change (ctime), or null if the file system has
 *     none or it is not needed
 * @param key the identity of the file (device and inode), or null if the file system has none
 * @param rangeSize the length in bytes of the ranges that have a digest each, at least 1; {@link
 *     HashInput#WHOLE} for one digest over the whole file
 * @param followLinks whether the path may be a symbolic link
 * @param directory the directory in which the file was found, if it is to be opened relative to it;
 *     null if it is a link or was not found in one
 */
public record FileHash(
    Path path,
    long size,
    FileTime modified,
    @Nullable FileTime statusChanged,
    @Nullable Object key,
    long rangeSize,
    boolean followLinks,
    @Nullable FoundDirectory directory)
    implements HashInput {

  /**
   * Files up to this size are read with one system call, so a concurrent write comes before or
   * after it. For many small files, querying one more attribute would be noticeably slower.
   */
  private static final int READ_AT_ONCE = HashWorker.BUFFER_SIZE;

  /**
   * Creates a file to hash from its attributes.
   *
   * @param attributes its attributes; those of the target if it is a link
   * @param rangeSize the length in bytes of the ranges, or {@link #WHOLE}
   * @param followLinks whether the path may be a symbolic link
   * @throws IOException if further attributes cannot be read
   */
  public static FileHash of(
      Path path, BasicFileAttributes attributes, long rangeSize, boolean followLinks)
      throws IOException {
    return new FileHash(
        path,
        attributes.size(),
        attributes.lastModifiedTime(),
        attributes.size() > READ_AT_ONCE ? readStatusChanged(path, followLinks) : null,
        attributes.fileKey(),
        rangeSize,
        followLinks,
        null);
  }

  /**
   * Creates a file to hash that was found in a directory.
   *
   * @param path its path
   * @param attributes its attributes; it is not a link
   * @param rangeSize the length in bytes of the ranges, or {@link #WHOLE}
   * @param directory the directory
   * @throws IOException if further attributes cannot be read
   */
  public static FileHash in(
      FoundDirectory directory, Path path, BasicFileAttributes attributes, long rangeSize)
      throws IOException {
    return new FileHash(
        path,
        attributes.size(),
        attributes.lastModifiedTime(),
        attributes.size() > READ_AT_ONCE ? readStatusChanged(path, false) : null,
        attributes.fileKey(),
        rangeSize,
        false,
        directory);
  }

  /** Creates a file to hash that was not found in a directory. */
  FileHash(
      Path path,
      long size,
      FileTime modified,
      @Nullable FileTime statusChanged,
      @Nullable Object key,
      long rangeSize,
      boolean followLinks) {
    this(path, size, modified, statusChanged, key, rangeSize, followLinks, null);
  }

  private static @Nullable FileTime readStatusChanged(Path path, boolean followLinks)
      throws IOException {
    return path.getFileSystem().supportedFileAttributeViews().contains("unix")
        ? (FileTime) Files.getAttribute(path, "unix:ctime", linkOptions(followLinks))
        : null;
  }

  private static LinkOption[] linkOptions(boolean followLinks) {
    return followLinks ? new LinkOption[0] : new LinkOption[] {LinkOption.NOFOLLOW_LINKS};
  }

  @Override
  public void requireUnchanged() throws IOException {
    requireUnchanged(
        Files.readAttributes(path, BasicFileAttributes.class, linkOptions(followLinks)));
  }

  /**
   * Compares the current attributes with those when the file was found.
   *
   * @param now its current attributes
   * @throws FileChangedException if the file was replaced or written to
   */
  void requireUnchanged(BasicFileAttributes now) throws IOException {
    if (!now.isRegularFile()) {
      throw new FileChangedException(path, "it is not a regular file any more");
    }
    if (now.size() != size) {
      throw new FileChangedException(path, "expected " + size + " bytes, found " + now.size());
    }
    if (!now.lastModifiedTime().equals(modified)) {
      throw new FileChangedException(
          path, "its modification time went from " + modified + " to " + now.lastModifiedTime());
    }
    if (!Objects.equals(now.fileKey(), key)) {
      throw new FileChangedException(path, "it was replaced by another file");
    }
    if (statusChanged != null) {
      FileTime changed = readStatusChanged(path, followLinks);
      if (!statusChanged.equals(changed)) {
        throw new FileChangedException(
            path,
            "it was written to, or its permissions or links were changed: its change time went from "
                + statusChanged
                + " to "
                + changed);
      }
    }
  }

  /** Checks the ranges of the numbers. */
  public FileHash {
    if (size < 0 || rangeSize < 1) {
      throw new IllegalArgumentException("size " + size + ", range size " + rangeSize);
    }
  }

  @Override
  public String shown() {
    return path.toString();
  }

  /** Known only for the default file system; a zip entry must be read from its start. */
  @Override
  public boolean cheapRanges() {
    return path.getFileSystem().equals(FileSystems.getDefault());
  }

  @Override
  public ReadableByteChannel open(long from, long to) throws IOException {
    return checked(open(), from);
  }

  private ReadableByteChannel open() throws IOException {
    if (followLinks) {
      return path.getFileSystem().provider().getScheme().equals("jar")
          ? OpenDirectory.openByPath(path)
          : Files.newByteChannel(path, StandardOpenOption.READ);
    }
    if (directory == null) {
      return OpenDirectory.openByPath(path);
    }
    try (OpenDirectory opened = OpenDirectory.open(directory)) {
      return opened.channel(path);
    }
  }

  private ReadableByteChannel checked(ReadableByteChannel channel, long from) throws IOException {
    try {
      if (channel instanceof FileChannel opened) {
        requireSame(opened);
      }
      if (from > 0) {
        ((SeekableByteChannel) channel).position(from);
      }
      return channel;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /** Checks the opened channel before anything is read: a FIFO has no size and no position. */
  private void requireSame(FileChannel channel) throws IOException {
    long found = channel.size();
    if (found > 0 && found == size) {
      return;
    }
    try {
      channel.position();
    } catch (ClosedByInterruptException e) {
      throw e;
    } catch (IOException e) {
      throw (FileChangedException)
          new FileChangedException(path, "it is not a regular file any more").initCause(e);
    }
    if (found != size) {
      throw new FileChangedException(path, "expected " + size + " bytes, found " + found);
    }
  }

  @Override
  public @Nullable FileSystemException problem() {
    try {
      return Files.readAttributes(path, BasicFileAttributes.class, linkOptions(followLinks))
              .isRegularFile()
          ? null
          : new FileChangedException(path, "it is not a regular file any more");
    } catch (IOException e) {
      return new FileChangedException(path, "it cannot be found any more");
    }
  }

  /** Returns the same file with another range size. */
  public FileHash withRanges(long size) {
    return new FileHash(
        path, this.size, modified, statusChanged, key, size, followLinks, directory);
  }

  /**
   * Returns the same file, to be opened relative to its directory if the file system supports that.
   */
  HashInput within(OpenDirectory open) {
    return followLinks ? this : new Entry(this, open);
  }

  /**
   * A file in an open directory.
   *
   * @param file the file; it is not a link
   * @param open the directory
   */
  private record Entry(FileHash file, OpenDirectory open) implements HashInput {
    @Override
    public String shown() {
      return file.shown();
    }

    @Override
    public long size() {
      return file.size();
    }

    @Override
    public long rangeSize() {
      return file.rangeSize();
    }

    @Override
    public boolean cheapRanges() {
      return file.cheapRanges();
    }

    @Override
    public ReadableByteChannel open(long from, long to) throws IOException {
      return file.checked(open.channel(file.path()), from);
    }

    @Override
    public void requireUnchanged() throws IOException {
      file.requireUnchanged(open.attributes(file.path()));
    }

    @Override
    public @Nullable FileSystemException problem() {
      return file.problem();
    }
  }
}
