package dev.modelsigning.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;

/**
 * Writes files that appear whole or not at all: written beside, forced to disk, renamed. What is
 * beside is removed if that fails, or if the program is told to end meanwhile.
 */
public final class WholeFile {

  private final Path beside;
  private final Mode mode;
  private boolean begun;
  private boolean abandoned;

  private WholeFile(Path beside, Mode mode) {
    this.beside = beside;
    this.mode = mode;
  }

  /** What becomes of a file that is there already, and who can read the new one. */
  private enum Mode {
    REPLACE,
    CREATE,
    CREATE_OWNER_ONLY
  }

  /**
   * Writes a file.
   *
   * @param path the file, which is replaced if it exists
   * @throws IOException if it cannot be written, or what is there is a link or not a regular file
   */
  public static void write(Path path, byte[] content) throws IOException {
    Path target = target(path);
    if (Files.isSymbolicLink(target)) {
      // Neither the link nor what somebody made it lead to is ours to replace.
      throw new FileSystemException(
          path.toString(), null, "is a symbolic link; name the file that it leads to");
    }
    boolean exists = Files.exists(target, LinkOption.NOFOLLOW_LINKS);
    if (exists && !Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS)) {
      throw new FileSystemException(
          path.toString(), null, "exists and is not a regular file, so it is not replaced");
    }
    new WholeFile(beside(target), Mode.REPLACE).write(path, target, exists, content);
  }

  /**
   * Writes a new file.
   *
   * @param path the file, which must not exist
   * @throws IOException if it exists or cannot be written
   */
  public static void create(Path path, byte[] content) throws IOException {
    create(path, content, Mode.CREATE);
  }

  /**
   * Writes a new file that only its owner can read, from the start, where the file system knows
   * owners.
   *
   * @param path the file, which must not exist
   * @throws IOException if it exists or cannot be written
   */
  public static void createOwnerOnly(Path path, byte[] content) throws IOException {
    create(path, content, Mode.CREATE_OWNER_ONLY);
  }

  private static void create(Path path, byte[] content, Mode mode) throws IOException {
    requireAbsent(path);
    Path target = target(path);
    new WholeFile(beside(target), mode).write(path, target, false, content);
  }

  /**
   * Refuses a file that is not to be replaced.
   *
   * @throws FileSystemException if there is anything of this name
   */
  public static void requireAbsent(Path path) throws FileSystemException {
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      throw new FileSystemException(
          path.toString(), null, "exists and is not replaced; choose another file");
    }
  }

  private static Path target(Path path) throws FileSystemException {
    Path target = path.toAbsolutePath();
    if (target.getFileName() == null) {
      throw new FileSystemException(path.toString(), null, "cannot be written, it has no name");
    }
    return target;
  }

  private static Path beside(Path target) {
    String random = UUID.randomUUID().toString().substring(0, 13);
    return target.resolveSibling(".model-signing-" + random + ".tmp");
  }

  private void write(Path path, Path target, boolean replaces, byte[] content) throws IOException {
    Thread onExit = new Thread(this::abandon, "model-signing-exit");
    try {
      addShutdownHook(onExit);
      writeBeside(content);
      if (replaces && isPosix(target)) {
        Files.setPosixFilePermissions(beside, Files.getPosixFilePermissions(target));
      }
      moveTo(target);
    } catch (IOException e) {
      try {
        remove();
      } catch (IOException suppressed) {
        e.addSuppressed(suppressed);
      }
      throw notWritten(path, e);
    } finally {
      removeShutdownHook(onExit);
    }
  }

  private static void addShutdownHook(Thread hook) throws IOException {
    try {
      Runtime.getRuntime().addShutdownHook(hook);
    } catch (IllegalStateException e) {
      throw new IOException("the program is ending", e);
    }
  }

  private static void removeShutdownHook(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The program is ending: the hook runs, and finds nothing left to do.
    }
  }

  private void writeBeside(byte[] content) throws IOException {
    try (SeekableByteChannel channel = create()) {
      ByteBuffer buffer = ByteBuffer.wrap(content);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      if (channel instanceof FileChannel file) {
        file.force(true);
      }
    }
  }

  private synchronized SeekableByteChannel create() throws IOException {
    requireNotAbandoned();
    begun = true;
    return Files.newByteChannel(
        beside,
        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
        mode == Mode.CREATE_OWNER_ONLY ? ownerOnly() : new FileAttribute<?>[0]);
  }

  private FileAttribute<?>[] ownerOnly() {
    return isPosix(beside)
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }

  private static boolean isPosix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  private synchronized void moveTo(Path target) throws IOException {
    requireNotAbandoned();
    if (mode == Mode.REPLACE) {
      move(beside, target);
    } else {
      moveToAbsent(beside, target);
    }
    begun = false;
  }

  private void requireNotAbandoned() throws IOException {
    if (abandoned) {
      throw new IOException("the program is ending");
    }
  }

  private synchronized void remove() throws IOException {
    abandoned = true;
    if (begun) {
      begun = false;
      Files.deleteIfExists(beside);
    }
  }

  /** Runs in a thread of its own while the program ends, and the one that writes goes on. */
  private void abandon() {
    try {
      remove();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** An error that names the file that was asked for, and not the one beside it. */
  private static FileSystemException notWritten(Path path, IOException cause) {
    String reason = cause.getMessage();
    if (cause instanceof AccessDeniedException) {
      reason = "permission denied";
    } else if (cause instanceof NoSuchFileException) {
      reason = "its directory does not exist";
    } else if (cause instanceof FileSystemException e && e.getReason() != null) {
      reason = e.getReason();
    }
    FileSystemException result =
        new FileSystemException(path.toString(), null, "cannot be written: " + reason);
    result.initCause(cause);
    return result;
  }

  /** A move replaces what appeared meanwhile, a link does not; not every file system has links. */
  private static void moveToAbsent(Path from, Path to) throws IOException {
    try {
      Files.createLink(to, from);
    } catch (FileAlreadyExistsException e) {
      throw new FileSystemException(to.toString(), null, "it exists and is not replaced");
    } catch (IOException | UnsupportedOperationException e) {
      requireAbsent(to);
      move(from, to);
      return;
    }
    Files.delete(from);
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      // Zip and other file systems of Java have no other way.
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
