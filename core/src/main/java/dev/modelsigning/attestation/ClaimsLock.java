package dev.modelsigning.attestation;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The lock of a claims file: a lock of the operating system on a file beside it, which the claims
 * file itself cannot be, as it is replaced. The lock file is removed at the end. One that a killed
 * program left behind has no effect, as its lock is gone.
 *
 * <p>The operating system releases such a lock as soon as the process closes <em>any</em> channel
 * to the same file. So threads of this process exclude each other before they open it, and what was
 * opened once stays open as long as the lock is held.
 */
final class ClaimsLock implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Duration PAUSE = Duration.ofMillis(20);

  /** What such a file holds: nothing, or what the last program wrote into it, or a part of that. */
  private static final Pattern TOKEN = Pattern.compile("[0-9a-f-]{0,36}");

  private static final int LONGEST_TOKEN = 36;

  /** The lock files that threads of this process use or try to use. */
  private static final Set<Path> IN_USE = ConcurrentHashMap.newKeySet();

  private final Path claims;

  /** The lock file, by the name that all threads know it by. */
  private final Path file;

  private final FileChannel channel;
  private @Nullable FileLock lock;

  /** A second channel to the same file, by its path. */
  private @Nullable FileChannel witness;

  /** Identifies the file, as long as it is open. */
  private @Nullable Object key;

  private ClaimsLock(Path claims, Path file, FileChannel channel) {
    this.claims = claims;
    this.file = file;
    this.channel = channel;
  }

  /**
   * Waits for the lock.
   *
   * @param claims the claims file
   * @throws IOException if there is no lock after a minute, or the lock file cannot be created
   */
  static ClaimsLock acquire(Path claims) throws IOException {
    return acquire(claims, PATIENCE);
  }

  static ClaimsLock acquire(Path claims, Duration patience) throws IOException {
    Path file = lockFile(claims);
    long start = System.nanoTime();
    do {
      ClaimsLock lock = attempt(claims, file);
      if (lock != null) {
        return lock;
      }
      pause();
    } while (System.nanoTime() - start < patience.toNanos());
    throw new FileSystemException(
        claims.toString(),
        null,
        "another program has been writing it for a long time (it locks " + file + "); try again");
  }

  private static Path lockFile(Path claims) throws IOException {
    Path absolute = claims.toAbsolutePath();
    Path directory = absolute.getParent();
    if (directory == null || absolute.getFileName() == null) {
      throw new FileSystemException(claims.toString(), null, "cannot be written, it has no name");
    }
    try {
      return directory.toRealPath().resolve("." + absolute.getFileName() + ".lock");
    } catch (NoSuchFileException e) {
      throw noDirectory(claims, e);
    } catch (IOException e) {
      throw unusable(claims, directory, e);
    }
  }

  private static FileSystemException noDirectory(Path claims, IOException cause) {
    FileSystemException named =
        new FileSystemException(
            claims.toString(), null, "cannot be written: its directory does not exist");
    named.initCause(cause);
    return named;
  }

  private static @Nullable ClaimsLock attempt(Path claims, Path file) throws IOException {
    if (!IN_USE.add(file)) {
      return null;
    }
    boolean kept = false;
    try {
      requireNothingElse(file);
      ClaimsLock attempted = new ClaimsLock(claims, file, open(claims, file));
      try {
        kept = attempted.locks();
        return kept ? attempted : null;
      } finally {
        if (!kept) {
          attempted.closeChannels();
        }
      }
    } finally {
      if (!kept) {
        IN_USE.remove(file);
      }
    }
  }

  /** Refuses what is no lock. Its kind is read at once, as who holds the lock may remove it. */
  private static void requireNothingElse(Path file) throws IOException {
    try {
      if (!Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
          .isRegularFile()) {
        throw new FileSystemException(
            file.toString(), null, "is not a regular file, and no lock; remove it");
      }
    } catch (NoSuchFileException e) {
      // Nobody holds the lock, and it is created now.
    }
  }

  /** Locks the file, unless another program did, or the path leads to another file by now. */
  private boolean locks() throws IOException {
    try {
      lock = channel.tryLock();
      if (lock == null) {
        return false;
      }
      requireToken(file, channel);
      requireNoOtherName(file);
      // The program that held the lock before may have removed the file.
      key = currentKey();
      return key != null && isThisFile() && key.equals(currentKey());
    } catch (OverlappingFileLockException e) {
      return false; // another class loader of this process has it
    } catch (NoSuchFileException e) {
      return false; // removed by who held the lock before
    } catch (FileSystemException e) {
      throw e;
    } catch (IOException e) {
      throw unusable(claims, file, e);
    }
  }

  private static FileChannel open(Path claims, Path file) throws IOException {
    try {
      // For reading too: a FIFO that was put there meanwhile would block a writer.
      return FileChannel.open(
          file,
          StandardOpenOption.CREATE,
          StandardOpenOption.READ,
          StandardOpenOption.WRITE,
          LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      throw noDirectory(claims, e);
    } catch (FileSystemException e) {
      throw unusable(claims, file, e);
    }
  }

  private static FileSystemException unusable(Path claims, Path file, IOException cause) {
    String reason = cause.getMessage();
    if (cause instanceof AccessDeniedException) {
      reason = "permission denied";
    } else if (cause instanceof FileSystemException e && e.getReason() != null) {
      reason = e.getReason();
    }
    FileSystemException named =
        new FileSystemException(
            claims.toString(),
            null,
            "cannot be written: the file that locks it, " + file + ", cannot be used: " + reason);
    named.initCause(cause);
    return named;
  }

  /**
   * Refuses a file that is no lock, since it is about to be overwritten: in a directory that is
   * shared, somebody may have made a hard link to another file.
   */
  private static void requireToken(Path file, FileChannel channel) throws IOException {
    String text = new String(read(channel), StandardCharsets.ISO_8859_1);
    if (!TOKEN.matcher(text).matches()) {
      throw new FileSystemException(
          file.toString(), null, "is no lock of a claims file, as it has other content; remove it");
    }
  }

  /**
   * Refuses a file with a second name: a hard link to a file that is empty, or that looks like a
   * lock, would be overwritten under both names. Some file systems do not tell the number of names.
   */
  private static void requireNoOtherName(Path file) throws IOException {
    if (!file.getFileSystem().supportedFileAttributeViews().contains("unix")) {
      return;
    }
    Object names = Files.getAttribute(file, "unix:nlink", LinkOption.NOFOLLOW_LINKS);
    if (names instanceof Integer number && number > 1) {
      throw new FileSystemException(
          file.toString(),
          null,
          "is no lock of a claims file, as the file has another name, too (a hard link); remove it");
    }
  }

  /** The start of a file. */
  private static byte[] read(FileChannel channel) throws IOException {
    ByteBuffer found = ByteBuffer.allocate(LONGEST_TOKEN + 1);
    while (found.hasRemaining() && channel.read(found, found.position()) >= 0) {
      // until it is full, or the file ends
    }
    return Arrays.copyOf(found.array(), found.position());
  }

  /** Whether the path leads to the open file: what is written to one is read from the other. */
  private boolean isThisFile() throws IOException {
    byte[] token = UUID.randomUUID().toString().getBytes(StandardCharsets.US_ASCII);
    ByteBuffer bytes = ByteBuffer.wrap(token);
    channel.position(0);
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
    FileChannel second = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    witness = second; // not closed before the lock is released
    return Arrays.equals(token, read(second));
  }

  /** What identifies the file to which the path leads; null if there is none. */
  private @Nullable Object currentKey() throws IOException {
    try {
      return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
          .fileKey();
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  private static void pause() throws InterruptedIOException {
    try {
      Thread.sleep(PAUSE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for another program");
    }
  }

  /**
   * Checks that the lock is held: that nobody removed the file, which would let others lock another
   * one.
   *
   * @throws IOException if it is not
   */
  void requireHeld() throws IOException {
    if (!isHeld()) {
      throw new FileSystemException(
          claims.toString(),
          null,
          "nothing was added: the file that locks it, "
              + file
              + ", was removed or replaced; try"
              + " again");
    }
  }

  private boolean isHeld() throws IOException {
    return lock != null && lock.isValid() && key != null && key.equals(currentKey());
  }

  /** Removes the lock file, if it is still this one, and only then releases the lock. */
  @Override
  public void close() throws IOException {
    try {
      if (isHeld()) {
        Files.deleteIfExists(file);
      }
    } finally {
      try {
        closeChannels();
      } finally {
        IN_USE.remove(file);
      }
    }
  }

  private void closeChannels() throws IOException {
    try {
      if (witness != null) {
        witness.close();
      }
    } finally {
      channel.close();
    }
  }
}
