package dev.modelsigning.internal.platform;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether others than the user and root can write to a file. What says which code is run must
 * not be theirs. On file systems without POSIX permissions nothing is known and nothing is refused.
 */
public final class FileOwners {

  private static final int STICKY = 01000;

  private FileOwners() {}

  /**
   * Requires that a file and the directories above it belong to the user or to root, and that
   * nobody else can write to them. What is in a sticky directory cannot be replaced by others.
   *
   * @param file an existing file or directory; links are followed
   * @param purpose what it is, for the message
   * @throws IOException if somebody else can write to it, or that cannot be found out
   */
  public static void requireOurs(Path file, String purpose) throws IOException {
    // Both the place of a link and that of its target decide what is there.
    requireOurs(file.toAbsolutePath(), file, purpose);
    requireOurs(file.toRealPath(), file, purpose);
  }

  private static void requireOurs(Path path, Path file, String purpose) throws IOException {
    for (Path current = path; current != null; current = current.getParent()) {
      String fault = fault(current);
      if (fault != null) {
        throw new FileSystemException(
            file.toString(),
            null,
            (current.equals(file) ? "" : current + " ")
                + fault
                + "; it decides "
                + purpose
                + ", so it is not used");
      }
    }
  }

  /**
   * Requires that nobody but the user and root can replace what the user makes in a directory: a
   * directory in which everybody can write must be sticky.
   *
   * @param directory an existing directory
   * @param consequence what follows if somebody else can, for the message
   * @throws IOException if somebody else can, or that cannot be found out
   */
  public static void requireSafeForNewFiles(Path directory, String consequence) throws IOException {
    for (Path current = directory.toRealPath(); current != null; current = current.getParent()) {
      String fault = fault(current);
      if (fault != null) {
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
    // Many systems give every user a group of the same name, with nobody else in it.
    boolean ownGroup = attributes.group().getName().equals(attributes.owner().getName());
    if (permissions.contains(PosixFilePermission.OTHERS_WRITE)
        || (permissions.contains(PosixFilePermission.GROUP_WRITE) && !ownGroup)) {
      return "can be written to by others, expected by its owner alone";
    }
    return null;
  }

  /** The number of the user, which need not have a name. */
  private static int currentUser() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (Files.isReadable(status)) {
      for (String line : Files.readAllLines(status, StandardCharsets.ISO_8859_1)) {
        String[] fields = line.split("\\s+", -1);
        if (fields[0].equals("Uid:") && fields.length > 2) {
          return Integer.parseUnsignedInt(fields[2]); // the effective one
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
