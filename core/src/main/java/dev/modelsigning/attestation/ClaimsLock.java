package dev.modelsigning.attestation;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The lock of a claims file: a lock of the operating system on a file beside it, which the claims
 * file itself cannot be, as it is replaced. The lock file is removed at the end. One that a killed
 * program left behind has no effect, as its lock is gone.
 */
final class ClaimsLock implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Duration PAUSE = Duration.ofMillis(20);

  /** Enough for a random token, and for the text of one that somebody else left. */
  private static final int TOKEN = 64;

  private final Path file;
  private final FileChannel channel;
  private final FileLock lock;

  private ClaimsLock(Path file, FileChannel channel, FileLock lock) {
    this.file = file;
    this.channel = channel;
    this.lock = lock;
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
    Path file = claims.resolveSibling("." + claims.getFileName() + ".lock");
    long start = System.nanoTime();
    while (System.nanoTime() - start < patience.toNanos()) {
      ClaimsLock lock = attempt(claims, file);
      if (lock != null) {
        return lock;
      }
      pause();
    }
    throw new FileSystemException(
        claims.toString(),
        null,
        "another program has been writing it for a long time (it locks " + file + "); try again");
  }

  private static @Nullable ClaimsLock attempt(Path claims, Path file) throws IOException {
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)
        && !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new FileSystemException(
          file.toString(), null, "is not a regular file, and no lock; remove it");
    }
    FileChannel channel = open(claims, file);
    boolean kept = false;
    try {
      FileLock lock = tryLock(channel);
      if (lock == null) {
        return null;
      }
      // The program that held the lock before may have removed the file.
      kept = isStill(file, channel);
      return kept ? new ClaimsLock(file, channel, lock) : null;
    } finally {
      if (!kept) {
        channel.close();
      }
    }
  }

  private static FileChannel open(Path claims, Path file) throws IOException {
    try {
      return FileChannel.open(
          file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      FileSystemException named =
          new FileSystemException(
              claims.toString(), null, "cannot be written: its directory does not exist");
      named.initCause(e);
      throw named;
    } catch (FileSystemException e) {
      FileSystemException named =
          new FileSystemException(
              claims.toString(),
              null,
              "cannot be written: the file that locks it, " + file + ", cannot be created");
      named.initCause(e);
      throw named;
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      // Another thread of this program has it.
      return null;
    }
  }

  /** Whether the path leads to the open file: what is written to one is read from the other. */
  private static boolean isStill(Path file, FileChannel channel) throws IOException {
    byte[] token = UUID.randomUUID().toString().getBytes(StandardCharsets.US_ASCII);
    channel.truncate(0);
    ByteBuffer bytes = ByteBuffer.wrap(token);
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
    try (var in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      return Arrays.equals(token, in.readNBytes(TOKEN));
    } catch (NoSuchFileException e) {
      return false;
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
   * Checks that the lock is held.
   *
   * @throws IOException if it is not, such as on a file system that lost it
   */
  void requireHeld() throws IOException {
    if (!lock.isValid()) {
      throw new FileSystemException(file.toString(), null, "the lock was lost; try again");
    }
  }

  /** Removes the lock file, and only then releases the lock. */
  @Override
  public void close() throws IOException {
    try {
      Files.deleteIfExists(file);
    } finally {
      channel.close();
    }
  }
}
