package dev.modelsigning.internal.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file that cannot be replaced by a rename because it is itself a mount point, as in a container.
 * It is overwritten from content that is complete. The old content is lost only once there is space
 * for all of the new content: if that is longer, the excess is appended first. Only a power
 * failure, a signal that cannot be caught, or a failing device can leave it partially written;
 * verifiers refuse a partial signature.
 *
 * @param target the file
 */
record MountedFile(Path target) {

  private static final int BLOCK = 64 * 1024;

  /** Complete content that can be read more than once. */
  @FunctionalInterface
  interface Source {

    /** A file. */
    static Source of(Path file) {
      return (from, length, target) -> {
        // Opened each time, since an interrupt closes the channel.
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
          target.position(from);
          for (long at = from; at < from + length; ) {
            long copied = channel.transferTo(at, from + length - at, target);
            if (copied <= 0) {
              throw new IOException("the new content ended early");
            }
            at += copied;
          }
        }
      };
    }

    /** Bytes in memory. */
    static Source of(byte[] content) {
      return (from, length, target) -> {
        ByteBuffer bytes = ByteBuffer.wrap(content, (int) from, (int) length);
        for (long at = from; bytes.hasRemaining(); ) {
          // At most one block, because the JDK would allocate a direct buffer of the same size.
          ByteBuffer block = bytes.slice().limit(Math.min(BLOCK, bytes.remaining()));
          int written = target.write(block, at);
          bytes.position(bytes.position() + written);
          at += written;
        }
      };
    }

    /** Copies a part of it to the same position of a file. */
    void copy(long from, long length, FileChannel target) throws IOException;
  }

  /**
   * Checks whether a file can be overwritten, without changing it.
   *
   * @param space the expected size of the new content, in bytes
   */
  static MountedFile of(Path target, long space) throws IOException {
    long before;
    try (FileChannel channel = open(target)) {
      before = channel.size();
    }
    FileStore store = Files.getFileStore(target);
    // Some file systems do not report their size.
    if (store.getTotalSpace() > 0 && store.getUsableSpace() < space - before) {
      throw new IOException(
          "no space left where it is mounted from: expected "
              + (space - before)
              + " bytes, found "
              + store.getUsableSpace());
    }
    return new MountedFile(target);
  }

  /**
   * Overwrites the file. An interrupt does not stop this, and the interrupt status is restored
   * afterwards.
   *
   * @param length the number of bytes of the source
   */
  void write(Source source, long length) throws IOException {
    boolean interrupted = Thread.interrupted();
    try {
      long before = Files.size(target);
      while (true) {
        try {
          write(source, length, before);
          return;
        } catch (ClosedByInterruptException e) {
          interrupted |= Thread.interrupted();
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Does not follow a link that was put there after the path was checked. */
  private static FileChannel open(Path target) throws IOException {
    return FileChannel.open(target, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
  }

  private void write(Source source, long length, long before) throws IOException {
    try (FileChannel channel = open(target)) {
      long common = Math.min(before, length);
      try {
        source.copy(common, length - common, channel);
        channel.force(true);
      } catch (ClosedByInterruptException e) {
        throw e;
      } catch (IOException e) {
        channel.truncate(before);
        throw e;
      }
      source.copy(0, common, channel);
      channel.truncate(length);
      channel.force(true);
    }
  }
}
