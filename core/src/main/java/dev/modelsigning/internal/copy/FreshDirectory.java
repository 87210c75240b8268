package dev.modelsigning.internal.copy;

import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.internal.platform.FileOwners;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * A directory that appears only when it is complete. It is filled under a temporary name in the
 * same parent directory, with access for the user only, and is then renamed. Existing files are
 * never replaced or opened, and links never followed.
 */
final class FreshDirectory implements AutoCloseable {

  private final Path target;
  private final Path work;
  private final Set<Path> directories = ConcurrentHashMap.newKeySet();
  private final Thread hook = new Thread(this::abandon);

  /** The read lock is held while files are created, the write lock to end that. */
  private final ReadWriteLock lock = new ReentrantReadWriteLock();

  // All guarded by the lock.
  private boolean made;
  private boolean ended;
  private boolean published;

  private FreshDirectory(Path target, Path work) {
    this.target = target;
    this.work = work;
    directories.add(work);
  }

  /**
   * Creates the temporary directory.
   *
   * @param target its final path, which must not exist; its parent must exist, and only the user
   *     and root may be able to replace entries of it
   * @throws IOException if these conditions are not met, or it cannot be created
   */
  static FreshDirectory begin(Path target) throws IOException {
    Path place = place(target);
    // The name pattern of incomplete files, independent of the name of the directory.
    String random = UUID.randomUUID().toString().substring(0, 13);
    Path work = place.resolveSibling(".model-signing-" + random + ".tmp");
    FreshDirectory directory = new FreshDirectory(place, work);
    try {
      Runtime.getRuntime().addShutdownHook(directory.hook);
    } catch (IllegalStateException e) {
      throw new IOException("the program is ending", e);
    }
    try {
      directory.make();
    } catch (IOException | RuntimeException e) {
      directory.forget();
      throw e;
    }
    return directory;
  }

  /**
   * Resolves the final path of a directory, and checks that it can be created there.
   *
   * @throws IOException as {@link #begin}
   */
  static Path place(Path target) throws IOException {
    requireAbsent(target);
    Path absolute = target.toAbsolutePath();
    Path above = absolute.getParent();
    Path name = absolute.getFileName();
    if (above == null || name == null) {
      throw new FileAlreadyExistsException(target.toString());
    }
    if (!Files.isDirectory(above)) {
      throw new NoSuchFileException(
          target.toString(), null, "there is no directory above it; make that first");
    }
    // The real path, with all links and dots resolved: that is the path to check.
    Path parent = above.toRealPath();
    FileOwners.requireSafeForNewFiles(parent, "a verified copy is not safe there");
    return parent.resolve(name);
  }

  private void make() throws IOException {
    Lock making = lock.writeLock();
    making.lock();
    try {
      requireNotEnded();
      Files.createDirectory(work, ownerOnly(work));
      made = true;
    } finally {
      making.unlock();
    }
  }

  private static void requireAbsent(Path target) throws FileAlreadyExistsException {
    if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      throw new FileAlreadyExistsException(
          target.toString(), null, "exists; a copy replaces nothing, so name a new directory");
    }
  }

  private static FileAttribute<?>[] ownerOnly(Path parent) {
    return parent.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
        }
        : new FileAttribute<?>[0];
  }

  /**
   * Creates a new file.
   *
   * @param name its path below the directory, canonical
   * @throws IOException if it cannot be created, or the file system treats its name, or that of a
   *     directory above it, as equal to an existing name
   */
  FileChannel create(String name) throws IOException {
    Lock creating = lock.readLock();
    creating.lock();
    try {
      requireNotEnded();
      return createFile(name);
    } finally {
      creating.unlock();
    }
  }

  private FileChannel createFile(String name) throws IOException {
    Path directory = work;
    String[] components = name.split("/", -1);
    for (int i = 0; i < components.length - 1; i++) {
      directory = child(directory, components[i], name);
      if (!directories.contains(directory)) {
        createDirectory(directory, name);
      }
    }
    Path file = child(directory, components[components.length - 1], name);
    try {
      return FileChannel.open(
          file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
    } catch (FileAlreadyExistsException e) {
      throw folded(name, e);
    }
  }

  /** Opens a file that was created, for reading. */
  FileChannel open(String name) throws IOException {
    Path file = work;
    for (String component : name.split("/", -1)) {
      file = child(file, component, name);
    }
    return FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
  }

  private synchronized void createDirectory(Path directory, String name) throws IOException {
    if (directories.contains(directory)) {
      return;
    }
    try {
      Files.createDirectory(directory, ownerOnly(directory));
    } catch (FileAlreadyExistsException e) {
      throw folded(name, e);
    }
    directories.add(directory);
  }

  private FileSystemException folded(String name, IOException cause) {
    FileSystemException failure =
        new FileSystemException(
            target.toString(),
            null,
            "the file system takes the name "
                + Printable.quote(name)
                + " for that of another file of the model, so there can be no copy of it here");
    failure.initCause(cause);
    return failure;
  }

  /** Returns a path that is exactly one component longer. */
  private Path child(Path directory, String component, String name) throws FileSystemException {
    @Nullable Path child = null;
    try {
      child = directory.resolve(component);
    } catch (InvalidPathException e) {
      // Reported below.
    }
    boolean plain =
        child != null
            && directory.equals(child.getParent())
            && String.valueOf(child.getFileName()).equals(component)
            && !component.equals("..")
            && !component.equals(".")
            && !component.isEmpty();
    if (child == null || !plain) {
      throw new FileSystemException(
          target.toString(),
          null,
          "no file can have the name " + Printable.quote(name) + " here, or only in this locale");
    }
    return child;
  }

  /**
   * Renames the directory to its final name.
   *
   * @throws IOException if the path exists now, the rename fails, or files were deleted because the
   *     program is shutting down
   */
  void publish() throws IOException {
    Lock publishing = lock.writeLock();
    publishing.lock();
    try {
      requireNotEnded();
      move();
      published = true;
    } finally {
      publishing.unlock();
    }
    forget();
  }

  private void move() throws IOException {
    // A rename would replace an empty directory; this one was created by us.
    try {
      Files.createDirectory(target, ownerOnly(target));
    } catch (FileAlreadyExistsException e) {
      requireAbsent(target);
      throw e;
    }
    try {
      Files.move(work, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      Files.deleteIfExists(target);
      throw e;
    }
  }

  private void requireNotEnded() throws IOException {
    if (ended) {
      throw new IOException("the program is ending");
    }
  }

  /** Deletes what was created, unless it was published. */
  @Override
  public void close() throws IOException {
    remove();
    forget();
  }

  private void forget() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The JVM is shutting down, and the hook has run or finds nothing.
    }
  }

  /** Runs in a shutdown hook, concurrently with the thread that copies. */
  void abandon() {
    try {
      remove();
    } catch (IOException e) {
      // The JVM is shutting down; remaining files are in a private directory that nobody else
      // reads.
    }
  }

  private void remove() throws IOException {
    // No file may be created during the deletion, or after it.
    Lock ending = lock.writeLock();
    ending.lock();
    try {
      if (published) {
        return;
      }
      ended = true;
      if (made && Files.exists(work, LinkOption.NOFOLLOW_LINKS)) {
        removeAll();
      }
    } finally {
      ending.unlock();
    }
  }

  private void removeAll() throws IOException {
    Files.walkFileTree(
        work,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.deleteIfExists(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
