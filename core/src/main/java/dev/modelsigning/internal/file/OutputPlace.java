package dev.modelsigning.internal.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.AccessMode;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * The path at which a file will appear by a rename. It may be impossible to replace the existing
 * file although a temporary file can be created in the same directory; this is detected without a
 * rename.
 *
 * @param target the absolute path
 * @param exists whether a file exists, which will be replaced
 */
record OutputPlace(Path target, boolean exists) {

  private static final Path MOUNTS = Path.of("/proc/self/mountinfo");
  private static final int MAX_MOUNTS = 16 * 1024 * 1024;
  private static final int MOUNT_POINT = 4;
  private static final int STICKY = 01000;

  /**
   * Checks a path, and refuses one where something other than a regular file is, or no file can be
   * created.
   */
  static OutputPlace of(Path path) throws IOException {
    Path target = path.toAbsolutePath();
    if (target.getFileName() == null) {
      throw new FileSystemException(path.toString(), null, "cannot be written, it has no name");
    }
    BasicFileAttributes found;
    try {
      found = Files.readAttributes(target, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      return new OutputPlace(target, false);
    } catch (AccessDeniedException e) {
      // It is unknown what exists there; creating the temporary file will show it.
      return new OutputPlace(target, false);
    } catch (FileSystemException e) {
      throw new FileSystemException(path.toString(), null, "cannot be written: " + e.getReason());
    }
    if (found.isSymbolicLink()) {
      // Neither the link nor its target may be replaced: others chose what it points to.
      throw new FileSystemException(
          path.toString(), null, "is a symbolic link; name the file that it leads to");
    }
    if (!found.isRegularFile()) {
      throw new FileSystemException(
          path.toString(), null, "exists and is not a regular file, so it is not replaced");
    }
    return new OutputPlace(target, true);
  }

  /** Refuses a file that cannot be replaced by the temporary file. */
  void requireReplaceableBy(Path beside) throws IOException {
    if (!exists) {
      return;
    }
    requireMayReplace(beside);
    try {
      target.getFileSystem().provider().checkAccess(target, AccessMode.WRITE);
    } catch (AccessDeniedException | NoSuchFileException e) {
      // The permissions of a file concern its content; replacing it depends on those of the
      // directory.
    } catch (FileSystemException e) {
      // For example, a file with the immutable attribute.
      throw new IOException("it cannot be replaced: " + e.getReason(), e);
    }
  }

  /** In a directory with the sticky bit, such as /tmp, only the owner may replace a file. */
  private void requireMayReplace(Path beside) throws IOException {
    Path directory = target.getParent();
    if (directory == null
        || !target.getFileSystem().supportedFileAttributeViews().contains("unix")) {
      return;
    }
    int user = number(beside, "unix:uid");
    boolean sticky = (number(directory, "unix:mode") & STICKY) != 0;
    if (sticky
        && user != 0
        && user != number(target, "unix:uid")
        && user != number(directory, "unix:uid")) {
      throw new IOException(
          "the file that is there belongs to another user, and its directory lets only owners"
              + " replace files (sticky bit); choose another place");
    }
  }

  private static int number(Path file, String attribute) throws IOException {
    return (Integer) Files.getAttribute(file, attribute, LinkOption.NOFOLLOW_LINKS);
  }

  /** Whether the file is itself a mount point, so that it cannot be replaced. */
  boolean isMountPoint() throws IOException {
    if (!exists
        || !target.getFileSystem().equals(FileSystems.getDefault())
        || !Files.isReadable(MOUNTS)) {
      return false;
    }
    String sought = bytes(target.toRealPath());
    String mounts;
    try (InputStream stream = Files.newInputStream(MOUNTS)) {
      mounts = new String(stream.readNBytes(MAX_MOUNTS), StandardCharsets.ISO_8859_1);
    }
    for (String mount : mounts.split("\n", -1)) {
      String[] fields = mount.split(" ", MOUNT_POINT + 2);
      if (fields.length > MOUNT_POINT && unescape(fields[MOUNT_POINT]).equals(sought)) {
        return true;
      }
    }
    return false;
  }

  /** The bytes of a path, each as one character: file names are bytes in any encoding. */
  private static String bytes(Path path) {
    String raw = path.toUri().getRawPath();
    StringBuilder result = new StringBuilder();
    for (int i = 0; i < raw.length(); i++) {
      if (raw.charAt(i) == '%') {
        result.append((char) Integer.parseInt(raw.substring(i + 1, i + 3), 16));
        i += 2;
      } else {
        result.append(raw.charAt(i));
      }
    }
    return result.toString();
  }

  /** Spaces and similar characters are written as octal numbers, such as {@code \040}. */
  private static String unescape(String text) {
    StringBuilder result = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) == '\\' && i + 3 < text.length()) {
        result.append((char) Integer.parseInt(text.substring(i + 1, i + 4), 8));
        i += 3;
      } else {
        result.append(text.charAt(i));
      }
    }
    return result.toString();
  }

  /** The new file must have the same readers as the file that it replaces. */
  void copyPermissionsTo(Path beside) throws IOException {
    if (exists && target.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.setPosixFilePermissions(beside, Files.getPosixFilePermissions(target));
    }
  }

  /** Replaces the existing file by a rename. */
  void replaceBy(Path beside) throws IOException {
    try {
      Files.move(beside, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      // Zip and other Java file systems support nothing else.
      Files.move(beside, target, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /**
   * Moves a file to a path where none exists. A rename would replace a file that appeared in the
   * meantime; creating a hard link does not.
   */
  void createFrom(Path beside) throws IOException {
    try {
      Files.createLink(target, beside);
    } catch (FileAlreadyExistsException e) {
      throw new FileSystemException(target.toString(), null, "it exists and is not replaced");
    } catch (IOException | UnsupportedOperationException e) {
      // Not every file system supports hard links.
      WholeFile.requireAbsent(target);
      replaceBy(beside);
      return;
    }
    Files.delete(beside);
  }
}
