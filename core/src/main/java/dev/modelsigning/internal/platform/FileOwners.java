package dev.modelsigning.internal.platform;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Checks whether users other than the current one and root can write to a file. Files that
 * determine which code is run must not be writable by others. On file systems without POSIX
 * permissions nothing is known, and nothing is refused.
 */
public final class FileOwners {

  private static final int STICKY = 01000;

  private FileOwners() {}

  /**
   * Requires that a file and the directories above it belong to the user or to root, and that
   * nobody else can write to them. Entries of a directory with the sticky bit cannot be replaced by
   * others.
   *
   * @param file an existing file or directory; links are followed
   * @param purpose its purpose, for the message
   * @throws IOException if somebody else can write to it, or that cannot be determined
   */
  public static void requireOurs(Path file, String purpose) throws IOException {
    Optional<String> fault = writableByOthers(file);
    if (fault.isPresent()) {
      throw new FileSystemException(
          file.toString(), null, fault.get() + "; it decides " + purpose + ", so it is not used");
    }
  }

  /**
   * Why somebody else can write to a file or replace it; empty if nobody can.
   *
   * @param file an existing file or directory; links are followed
   * @return a message such as {@code can be written to by others}, after the directory that it is
   *     about, if that is not the file
   * @throws IOException if that cannot be determined
   */
  public static Optional<String> writableByOthers(Path file) throws IOException {
    // Both the directory of a link and that of its target determine what is read.
    Optional<String> fault = fault(file.toAbsolutePath(), file);
    return fault.isPresent() ? fault : fault(file.toRealPath(), file);
  }

  private static Optional<String> fault(Path path, Path file) throws IOException {
    for (Path current = path; current != null; current = current.getParent()) {
      String fault = fault(current);
      if (fault != null) {
        return Optional.of((current.equals(file) ? "" : current + " ") + fault);
      }
    }
    return Optional.empty();
  }

  /**
   * Requires that only the user and root can replace files that the user creates in a directory: a
   * world-writable directory must have the sticky bit, or be a volume that Kubernetes has made for
   * this pod alone.
   *
   * @param directory an existing directory
   * @param consequence the consequence if others can, for the message
   * @throws IOException if others can, or that cannot be determined
   */
  public static void requireSafeForNewFiles(Path directory, String consequence) throws IOException {
    for (Path current = directory.toRealPath(); current != null; current = current.getParent()) {
      String fault = fault(current);
      if (fault != null && !PodVolume.is(current)) {
        throw new FileSystemException(current.toString(), null, fault + ", so " + consequence);
      }
    }
  }

  private static @Nullable String fault(Path file) throws IOException {
    if (!Files.getFileStore(file).supportsFileAttributeView("posix")
        || !file.getFileSystem().supportedFileAttributeViews().contains("unix")) {
      return null;
    }
    PosixFileAttributes attributes = Files.readAttributes(file, PosixFileAttributes.class);
    int owner = (Integer) Files.getAttribute(file, "unix:uid");
    if (owner != 0 && owner != currentUser()) {
      return "belongs to " + attributes.owner().getName() + ", expected the user or root";
    }
    boolean sticky = ((Integer) Files.getAttribute(file, "unix:mode") & STICKY) != 0;
    if (sticky && attributes.isDirectory()) {
      return null;
    }
    Set<PosixFilePermission> permissions = attributes.permissions();
    // Many systems give each user a private group of the same name.
    boolean ownGroup = attributes.group().getName().equals(attributes.owner().getName());
    if (permissions.contains(PosixFilePermission.OTHERS_WRITE)
        || (permissions.contains(PosixFilePermission.GROUP_WRITE) && !ownGroup)) {
      return "can be written to by others, expected by its owner alone";
    }
    return null;
  }

  /** The numeric user ID, as the user need not have a name. */
  private static int currentUser() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (Files.isReadable(status)) {
      for (String line : Files.readAllLines(status, StandardCharsets.ISO_8859_1)) {
        String[] fields = line.split("\\s+", -1);
        if (fields[0].equals("Uid:") && fields.length > 2) {
          return Integer.parseUnsignedInt(fields[2]); // the effective user ID
        }
      }
    }
    Path probe = Files.createTempFile("model-signing", null);
    try {
      return (Integer) Files.getAttribute(probe, "unix:uid");
    } finally {
      Files.delete(probe);
    }
  }
}
