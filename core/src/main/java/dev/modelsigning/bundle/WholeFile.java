package dev.modelsigning.bundle;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * Writes files that appear whole or not at all: written beside, forced to disk, renamed. What is
 * beside is removed if that fails, or if the program is told to end meanwhile.
 */
final class WholeFile {

  private final Path beside;
  private boolean begun;
  private boolean abandoned;

  private WholeFile(Path beside) {
    this.beside = beside;
  }

  static void write(Path path, byte[] content) throws IOException {
    Path target = path.toAbsolutePath();
    Path name = target.getFileName();
    if (name == null) {
      throw new FileSystemException(path.toString(), null, "cannot be written, it has no name");
    }
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
    String random = UUID.randomUUID().toString().substring(0, 13);
    Path temporary = target.resolveSibling(".model-signing-" + random + ".tmp");
    new WholeFile(temporary).write(path, target, exists, content);
  }

  private void write(Path path, Path target, boolean replaces, byte[] content) throws IOException {
    Thread onExit = new Thread(this::abandon, "model-signing-exit");
    try {
      addShutdownHook(onExit);
      writeBeside(content);
      if (replaces && target.getFileSystem().supportedFileAttributeViews().contains("posix")) {
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
    return Files.newByteChannel(beside, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  private synchronized void moveTo(Path target) throws IOException {
    requireNotAbandoned();
    move(beside, target);
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

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      // Zip and other file systems of Java have no other way.
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
