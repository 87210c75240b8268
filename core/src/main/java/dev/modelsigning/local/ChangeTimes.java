package dev.modelsigning.local;

import dev.modelsigning.internal.engine.FileHash;
import dev.modelsigning.model.StoredVersion;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Recognizes unchanged files by the time of their last status change (ctime), which programs cannot
 * set, unlike the modification time.
 */
final class ChangeTimes {

  /**
   * The local file systems whose times come from this machine's clock, and whose every change sets
   * the change time. On those of a network, attributes may be cached and another clock counts; some
   * others have no change time and report another one in its place.
   */
  private static final Set<String> KEPT =
      Set.of(
          "ext2",
          "ext3",
          "ext4",
          "xfs",
          "btrfs",
          "tmpfs",
          "zfs",
          "overlay",
          "f2fs",
          "bcachefs",
          "apfs");

  /** The most file systems of which is remembered whether they keep change times. */
  private static final int MAX_KNOWN = 256;

  /** Whether the file system with this device number keeps change times. */
  private static final Map<Long, Boolean> KNOWN = new ConcurrentHashMap<>();

  /** The kernel's clock for times of files advances in steps of 1 to 10 milliseconds. */
  private static final Duration TICK = Duration.ofMillis(50);

  /** For file systems that store no fractions of seconds. */
  private static final Duration SECONDS = Duration.ofSeconds(2);

  private ChangeTimes() {}

  /**
   * The version of a file in a form that can be kept.
   *
   * @param file the file as it was found
   * @return empty if the file was found through a link, or its file system is not known to change
   *     the change time whenever a file is changed
   * @throws IOException if its attributes cannot be read, or it is not the file that was found
   */
  static Optional<StoredVersion> storedVersion(FileHash file) throws IOException {
    Path path = file.path();
    if (file.followLinks()
        || file.key() == null
        || !path.getFileSystem().equals(FileSystems.getDefault())
        || !path.getFileSystem().supportedFileAttributeViews().contains("unix")) {
      return Optional.empty();
    }
    Map<String, Object> found =
        Files.readAttributes(
            path, "unix:dev,ino,fileKey,size,lastModifiedTime,ctime", LinkOption.NOFOLLOW_LINKS);
    FileTime modified = (FileTime) found.get("lastModifiedTime");
    // The path was resolved anew, so this may be another file than the one that was listed. If it
    // is
    // the same one, the time belongs to it, whichever path led there.
    if (!file.key().equals(found.get("fileKey"))
        || file.size() != (Long) found.get("size")
        || !file.modified().equals(modified)) {
      return Optional.empty();
    }
    if (!keepsChangeTimes((Long) found.get("dev"), path)) {
      return Optional.empty();
    }
    Instant changed = ((FileTime) found.get("ctime")).toInstant();
    Instant written = modified.toInstant();
    String text =
        String.join(
            " ",
            "unix",
            String.valueOf(found.get("dev")),
            String.valueOf(found.get("ino")),
            String.valueOf(file.size()),
            text(written),
            text(changed));
    Instant last = written.isAfter(changed) ? written : changed;
    return Optional.of(new StoredVersion(text, last, changed.getNano() == 0 ? SECONDS : TICK));
  }

  private static String text(Instant time) {
    return time.getEpochSecond() + "." + time.getNano();
  }

  private static boolean keepsChangeTimes(long device, Path path) {
    Boolean known = KNOWN.get(device);
    if (known == null) {
      known = isKept(path);
      if (KNOWN.size() < MAX_KNOWN) {
        KNOWN.put(device, known);
      }
    }
    return known;
  }

  private static boolean isKept(Path path) {
    try {
      return KEPT.contains(Files.getFileStore(path).type().toLowerCase(Locale.ROOT));
    } catch (IOException e) {
      return false; // an unknown file system proves nothing: its files are read
    }
  }
}
