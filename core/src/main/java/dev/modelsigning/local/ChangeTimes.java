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
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Recognizes unchanged files of one listing by the time of their last status change (ctime), which
 * programs cannot set, unlike the modification time.
 */
final class ChangeTimes {

  /**
   * The file systems of Linux whose times come from this machine's clock, and whose every change
   * sets the change time. Those of a network cache attributes, and another machine's clock counts;
   * some others report another time in its place; on tmpfs a file that stays mapped into memory is
   * written to without any trace. An overlay is as good as its layers, which are local as a rule.
   */
  private static final Set<String> KEPT =
      Set.of("ext2", "ext3", "ext4", "xfs", "btrfs", "zfs", "overlay", "f2fs", "bcachefs");

  /** The most devices of which is remembered whether they keep change times. */
  private static final int MAX_KNOWN = 256;

  /** Whether a device keeps change times; of one listing, as a number may be used again. */
  private final Map<String, Boolean> known = new ConcurrentHashMap<>();

  /** The kernel's clock for times of files advances in steps of 1 to 10 milliseconds. */
  private static final Duration TICK = Duration.ofMillis(50);

  /** For file systems that store no fractions of seconds. */
  private static final Duration SECONDS = Duration.ofSeconds(2);

  /**
   * The version of a file in a form that can be kept.
   *
   * @param file the file as it was found
   * @return empty if the file was found through a link, or its file system is not known to change
   *     the change time whenever a file is changed
   * @throws IOException if its attributes cannot be read, or it is not the file that was found
   */
  Optional<StoredVersion> storedVersion(FileHash file) throws IOException {
    Path path = file.path();
    if (file.followLinks()
        || file.key() == null
        || !path.getFileSystem().equals(FileSystems.getDefault())
        || !path.getFileSystem().supportedFileAttributeViews().contains("unix")) {
      return Optional.empty();
    }
    // The path is resolved anew, so this may be another file than the one that was listed. If it is
    // the same one, the time belongs to it, whichever path led there; and if it was changed since
    // it
    // was listed, the time says so.
    Map<String, Object> found =
        Files.readAttributes(path, "unix:fileKey,ctime", LinkOption.NOFOLLOW_LINKS);
    String key = file.key().toString();
    if (!file.key().equals(found.get("fileKey")) || !keepsChangeTimes(device(key), path)) {
      return Optional.empty();
    }
    FileTime time = (FileTime) Objects.requireNonNull(found.get("ctime"));
    Instant changed = time.toInstant();
    Instant written = file.modified().toInstant();
    String text = "unix " + key + " " + file.size() + " " + text(written) + " " + text(changed);
    Instant last = written.isAfter(changed) ? written : changed;
    return Optional.of(new StoredVersion(text, last, isWhole(changed) ? SECONDS : TICK));
  }

  /** The device in a file's key, which is {@code (dev=fe00,ino=123)}. */
  private static String device(String key) {
    int comma = key.indexOf(',');
    return comma < 0 ? key : key.substring(0, comma);
  }

  private static boolean isWhole(Instant time) {
    return time.equals(time.truncatedTo(ChronoUnit.SECONDS));
  }

  private static String text(Instant time) {
    return time.getEpochSecond() + "." + time.getNano();
  }

  private boolean keepsChangeTimes(String device, Path path) {
    Boolean found = known.get(device);
    if (found == null) {
      found = isKept(path);
      if (known.size() < MAX_KNOWN) {
        known.put(device, found);
      }
    }
    return found;
  }

  private static boolean isKept(Path path) {
    try {
      return KEPT.contains(Files.getFileStore(path).type().toLowerCase(Locale.ROOT));
    } catch (IOException e) {
      return false; // an unknown file system proves nothing: its files are read
    }
  }
}
