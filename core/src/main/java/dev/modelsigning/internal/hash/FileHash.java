package dev.modelsigning.internal.hash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One file to hash, and how it looked when it was found. The hasher compares both size and identity
 * with what it meets, so that a file that changes meanwhile is an error and not a wrong digest.
 *
 * @param path the file
 * @param size its length in bytes when it was found
 * @param modified its modification time when it was found
 * @param statusChanged when anything about it changed last (ctime), or null where the file system
 *     has no such time or it is not needed
 * @param key the identity of the file (device and inode), or null where the file system has none
 * @param rangeSize the length in bytes of the ranges that get a digest each, at least 1; {@link
 *     #WHOLE} for one digest over the whole file
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
    @Nullable FoundDirectory directory) {

  /** The range size that gives a file exactly one digest, also when it is empty. */
  public static final long WHOLE = Long.MAX_VALUE;

  /**
   * Files up to this size are read at once, so that a write falls before or after; the price of
   * asking for one more time would be felt with many of them.
   */
  private static final int READ_AT_ONCE = HashWorker.BUFFER_SIZE;

  /**
   * A file as it was found.
   *
   * @param attributes its attributes; those of the target if it is a link
   * @param rangeSize the length in bytes of the ranges, or {@link #WHOLE}
   * @param followLinks whether the path may be a symbolic link
   * @throws IOException if it cannot be asked for more
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
   * A file as it was found in a directory.
   *
   * @param path its path
   * @param attributes its attributes; it is not a link
   * @param rangeSize the length in bytes of the ranges, or {@link #WHOLE}
   * @param directory the directory
   * @throws IOException if it cannot be asked for more
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

  /** A file that was not found in a directory. */
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

  /**
   * Compares what was found with what is there now.
   *
   * @throws FileChangedException if the file is another one, or was written to
   */
  void requireUnchanged() throws IOException {
    requireUnchanged(
        Files.readAttributes(path, BasicFileAttributes.class, linkOptions(followLinks)));
  }

  /**
   * Compares what was found with what is there now.
   *
   * @param now its attributes
   * @throws FileChangedException if the file is another one, or was written to
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

  /** Checks the numbers. */
  public FileHash {
    if (size < 0 || rangeSize < 1) {
      throw new IllegalArgumentException("size " + size + ", range size " + rangeSize);
    }
  }

  /** Number of digests that this file gets. */
  int ranges() {
    if (rangeSize == WHOLE) {
      return 1;
    }
    return Math.toIntExact((size + rangeSize - 1) / rangeSize);
  }

  /** Start of a range, inclusive. */
  long start(int range) {
    return rangeSize == WHOLE ? 0 : range * rangeSize;
  }

  /** End of a range, exclusive. */
  long end(int range) {
    return rangeSize == WHOLE ? size : Math.min(size, start(range) + rangeSize);
  }
}
