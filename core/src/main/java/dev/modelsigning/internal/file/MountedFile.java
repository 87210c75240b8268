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
 * A file that no other can take the place of, since it was mounted by itself, as into a container.
 * It is written over, from content that is there whole. What it had before is lost only once there
 * is space for all that is new: what is longer is appended first. Nothing but a power failure, a
 * signal that cannot be caught, or a device that fails ends it half written; a signature is refused
 * then.
 *
 * @param target the file
 */
record MountedFile(Path target) {

  private static final int BLOCK = 64 * 1024;

  /** Content that is there whole, and can be read more than once. */
  @FunctionalInterface
  interface Source {

    /** A file. */
    static Source of(Path file) {
      return (from, length, target) -> {
        // Opened anew each time, since an interrupt closes it.
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
          // At most a block, or the JDK would hold as much outside the heap.
          ByteBuffer block = bytes.slice().limit(Math.min(BLOCK, bytes.remaining()));
          int written = target.write(block, at);
          bytes.position(bytes.position() + written);
          at += written;
        }
      };
    }

    /** Writes a part of it to the same place of a file. */
    void copy(long from, long length, FileChannel target) throws IOException;
  }

  /**
   * Finds out whether a file can be written over, and leaves it as it is.
   *
   * @param space how many bytes it is to have, as far as that is known
   */
  static MountedFile of(Path target, long space) throws IOException {
    long before;
    try (FileChannel channel = open(target)) {
      before = channel.size();
    }
    FileStore store = Files.getFileStore(target);
    // Some file systems do not say how large they are.
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
   * Writes over the file. An interrupt does not end that, and is there afterwards.
   *
   * @param length how many bytes the source has
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

  /** Follows no link that somebody has put there since the place was looked at. */
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
