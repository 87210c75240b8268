package dev.modelsigning.internal.file;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Writes files atomically: written to a temporary file in the same directory, fsynced, renamed. The
 * temporary file is deleted on failure, and when the program is terminated by a signal. Only a file
 * that is itself a mount point is overwritten ({@link MountedFile}), from the temporary file, or
 * from memory where none can be created.
 *
 * <p>The temporary file can be created long before the content is known, with space reserved for
 * it, so that an unwritable path is detected early.
 */
public final class WholeFile implements AutoCloseable {

  private static final int BLOCK = 64 * 1024;

  private final Path path;
  private final OutputPlace place;
  private final Mode mode;
  private final Path beside;
  private final Thread onExit = new Thread(this::abandon, "model-signing-exit");
  private @Nullable SeekableByteChannel channel;
  private @Nullable MountedFile mounted;
  private boolean begun;
  private boolean abandoned;

  private WholeFile(Path path, OutputPlace place, Mode mode) {
    this.path = path;
    this.place = place;
    this.mode = mode;
    String random = UUID.randomUUID().toString().substring(0, 13);
    this.beside = place.target().resolveSibling(".model-signing-" + random + ".tmp");
  }

  /** What happens to an existing file, and who can read the new one. */
  private enum Mode {
    REPLACE,
    CREATE,
    CREATE_OWNER_ONLY
  }

  /**
   * Writes a file atomically.
   *
   * @param path the file, which is replaced if it exists
   * @throws IOException if it cannot be written, or the path is a link or not a regular file
   */
  public static void write(Path path, byte[] content) throws IOException {
    write(path, content, Mode.REPLACE);
  }

  /**
   * Writes a new file.
   *
   * @param path the file, which must not exist
   * @throws IOException if it exists or cannot be written
   */
  public static void create(Path path, byte[] content) throws IOException {
    requireAbsent(path);
    write(path, content, Mode.CREATE);
  }

  /**
   * Writes a new file that only its owner can read, from its creation on, if the file system has
   * owners.
   *
   * @param path the file, which must not exist
   * @throws IOException if it exists or cannot be written
   */
  public static void createOwnerOnly(Path path, byte[] content) throws IOException {
    requireAbsent(path);
    write(path, content, Mode.CREATE_OWNER_ONLY);
  }

  /**
   * Writes a file atomically.
   *
   * @param path the file, which is replaced if it exists
   * @throws IOException if it cannot be written, or the path is a link or not a regular file
   */
  public static void write(Path path, Content content) throws IOException {
    write(path, content, Mode.REPLACE);
  }

  /** Writes the content of a file. */
  @FunctionalInterface
  public interface Content {
    /** Writes the content, in parts of any size. */
    void writeTo(OutputStream out) throws IOException;
  }

  private static void write(Path path, byte[] content, Mode mode) throws IOException {
    write(path, out -> out.write(content), mode);
  }

  private static void write(Path path, Content content, Mode mode) throws IOException {
    try (WholeFile file = begin(path, 0, mode)) {
      file.finish(content);
    }
  }

  /**
   * Whether a file is itself a mount point, which cannot be replaced.
   *
   * @param path the file
   * @throws IOException if it cannot be examined, is a link, or not a regular file
   */
  public static boolean isMountPoint(Path path) throws IOException {
    return OutputPlace.of(path).isMountPoint();
  }

  /**
   * Refuses a path that exists.
   *
   * @throws FileSystemException if it exists
   */
  public static void requireAbsent(Path path) throws FileSystemException {
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      throw new FileSystemException(
          path.toString(), null, "exists and is not replaced; choose another file");
    }
  }

  /**
   * Creates the temporary file, and checks whether it could replace the existing file.
   *
   * @param path the file to write
   * @param space the number of bytes to reserve, if the file system supports that
   * @throws IOException if it cannot be written, or the existing file cannot be replaced
   */
  public static WholeFile begin(Path path, long space) throws IOException {
    return begin(path, space, Mode.REPLACE);
  }

  private static WholeFile begin(Path path, long space, Mode mode) throws IOException {
    WholeFile file = new WholeFile(path, OutputPlace.of(path), mode);
    try {
      addShutdownHook(file.onExit);
      if (mode == Mode.REPLACE && file.place.isMountPoint()) {
        file.mounted = MountedFile.of(file.place.target(), space);
        file.createIfPossible(space);
        return file;
      }
      file.create();
      file.place.requireReplaceableBy(file.beside);
      file.fill(space);
      return file;
    } catch (IOException | RuntimeException e) {
      throw file.failed(e);
    }
  }

  /**
   * Writes the content, and renames the file to its final path.
   *
   * @throws IOException if it cannot be written
   */
  public void finish(Content content) throws IOException {
    try {
      MountedFile over = mounted;
      mounted = null;
      SeekableByteChannel open = channel;
      if (over == null) {
        if (open == null) {
          throw new IOException("was written already");
        }
        writeTo(open, content);
        closeChannel();
        place.copyPermissionsTo(beside);
        move();
      } else if (open == null) {
        ByteArrayOutputStream memory = new ByteArrayOutputStream();
        content.writeTo(memory);
        writeOver(over, MountedFile.Source.of(memory.toByteArray()), memory.size());
      } else {
        writeTo(open, content);
        long length = open.size();
        closeChannel();
        writeOver(over, MountedFile.Source.of(beside), length);
      }
    } catch (IOException | RuntimeException e) {
      throw failed(e);
    } finally {
      removeShutdownHook(onExit);
    }
  }

  private static void writeTo(SeekableByteChannel open, Content content) throws IOException {
    if (open.size() > 0) {
      open.position(0);
    }
    // Buffered in blocks of fixed size; the content must not close the channel.
    BufferedOutputStream out = new BufferedOutputStream(new Blocks(open), BLOCK);
    content.writeTo(out);
    out.flush();
    if (open.size() > open.position()) {
      open.truncate(open.position());
    }
    force(open);
  }

  /** Synchronized like the other steps, so that the shutdown hook waits until it is complete. */
  private synchronized void writeOver(MountedFile target, MountedFile.Source source, long length)
      throws IOException {
    requireNotAbandoned();
    target.write(source, length);
    discard();
  }

  /**
   * Deletes the temporary file, unless the file was finished.
   *
   * @throws IOException if it cannot be deleted
   */
  @Override
  public void close() throws IOException {
    try {
      closeChannel();
    } finally {
      try {
        remove();
      } finally {
        removeShutdownHook(onExit);
      }
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
      // The JVM is shutting down: the hook runs, and finds nothing left to do.
    }
  }

  private synchronized void create() throws IOException {
    requireNotAbandoned();
    begun = true;
    channel =
        Files.newByteChannel(
            beside,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            mode == Mode.CREATE_OWNER_ONLY ? ownerOnly() : new FileAttribute<?>[0]);
  }

  /** Creates the temporary file, if that is possible in this directory. */
  private synchronized void createIfPossible(long space) throws IOException {
    requireNotAbandoned();
    try {
      create();
      fill(space);
    } catch (IOException e) {
      // Not possible in a directory of a container image, or on a small disk: the content is kept
      // in memory then.
      begun = channel != null;
      closeChannel();
      discard();
    }
  }

  private FileAttribute<?>[] ownerOnly() {
    return beside.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }

  /** Writes zeros, so that the file system reports missing space. */
  private void fill(long space) throws IOException {
    // Zip and other Java file systems cannot truncate a file.
    if (space == 0 || !(channel instanceof FileChannel open)) {
      return;
    }
    ByteBuffer zeros = ByteBuffer.allocate((int) Math.min(space, BLOCK));
    for (long left = space; left > 0; left -= zeros.position()) {
      zeros.clear().limit((int) Math.min(left, BLOCK));
      write(open, zeros);
    }
    force(open);
  }

  /** A stream over a channel that does not close it. */
  private static final class Blocks extends OutputStream {
    private final SeekableByteChannel open;

    Blocks(SeekableByteChannel open) {
      this.open = open;
    }

    @Override
    public void write(int single) throws IOException {
      write(new byte[] {(byte) single}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      // At most one block, because the JDK would allocate a direct buffer of the same size.
      for (int at = offset; at < offset + length; at += BLOCK) {
        WholeFile.write(open, ByteBuffer.wrap(bytes, at, Math.min(BLOCK, offset + length - at)));
      }
    }
  }

  private static void write(SeekableByteChannel open, ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      open.write(buffer);
    }
  }

  private static void force(SeekableByteChannel open) throws IOException {
    if (open instanceof FileChannel file) {
      file.force(true);
    }
  }

  private void closeChannel() throws IOException {
    SeekableByteChannel open = channel;
    channel = null;
    if (open != null) {
      open.close();
    }
  }

  private synchronized void move() throws IOException {
    requireNotAbandoned();
    if (mode == Mode.REPLACE) {
      place.replaceBy(beside);
    } else {
      place.createFrom(beside);
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
    discard();
  }

  private synchronized void discard() throws IOException {
    if (begun) {
      begun = false;
      Files.deleteIfExists(beside);
    }
  }

  /** Runs in a shutdown hook, concurrently with the thread that writes. */
  private void abandon() {
    try {
      remove();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Deletes the temporary file, and returns the reason why the file was not written. */
  private IOException failed(Exception cause) {
    try {
      close();
    } catch (IOException suppressed) {
      cause.addSuppressed(suppressed);
    }
    if (cause instanceof RuntimeException unchecked) {
      throw unchecked;
    }
    return notWritten(path, (IOException) cause);
  }

  /** An error that names the requested file instead of the temporary one. */
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
}
