package dev.modelsigning.hash;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** What one thread works with: a hash function and a buffer. */
final class HashWorker {

  /** Bytes read at once: much for one call of the system, little for the cache of a processor. */
  static final int BUFFER_SIZE = 256 * 1024;

  /** With less left than this, reading is not worth the way to another thread. */
  private static final long MIN_READ_AHEAD = 4L * BUFFER_SIZE;

  private final HashRun run;
  private final HashFunction function;
  private final LongConsumer bytesHashed;
  private final LongConsumer filesHashed;
  private final ByteBuffer ownBuffer;

  // The part of a file that is being read.
  private @Nullable ReadAhead readAhead;
  private ByteBuffer buffer;
  private long unread;

  HashWorker(
      HashRun run,
      HashFunction function,
      ByteBuffer buffer,
      LongConsumer bytesHashed,
      LongConsumer filesHashed) {
    this.run = run;
    this.function = function;
    this.ownBuffer = buffer;
    this.buffer = buffer;
    this.bytesHashed = bytesHashed;
    this.filesHashed = filesHashed;
  }

  void perform(HashTask task) throws IOException, InterruptedException {
    if (task instanceof HashTask.Files files) {
      for (FileWork work : files.files()) {
        run.requireNoFailure();
        hashRanges(work, 0, work.digests().length);
        filesHashed.accept(1);
      }
      return;
    }
    FileWork work;
    if (task instanceof HashTask.Ranges ranges) {
      work = ranges.work();
      hashRanges(work, ranges.first(), ranges.last());
    } else {
      HashTask.Piece piece = (HashTask.Piece) task;
      work = piece.work();
      hashPiece(piece);
    }
    if (work.endPart()) {
      filesHashed.accept(1);
    }
  }

  private void hashRanges(FileWork work, int first, int last) throws IOException {
    FileHash file = work.file();
    boolean toEnd = last == work.digests().length;
    read(
        file,
        file.start(first),
        file.end(last - 1),
        toEnd,
        channel -> {
          for (int range = first; range < last; range++) {
            hash(channel, file, file.start(range), file.end(range));
            work.digests()[range] = function.digest();
          }
        });
  }

  private void hashPiece(HashTask.Piece piece) throws IOException {
    FileWork work = piece.work();
    Blake3 blake3 = (Blake3) function;
    long start = piece.start();
    long end = start + piece.bytes();
    boolean toEnd = piece.number() == work.numberOfPieces() - 1;
    read(
        work.file(),
        start,
        end,
        toEnd,
        channel -> {
          blake3.startPiece(start);
          hash(channel, work.file(), start, end);
          work.endPiece(blake3, piece.number());
        });
  }

  /** What is done with a channel that stands where it should. */
  @FunctionalInterface
  private interface Action {
    void perform(SeekableByteChannel channel) throws IOException, InterruptedException;
  }

  /** Opens a part of a file, and names it in every error; those of the system often do not. */
  private void read(FileHash file, long start, long end, boolean toEnd, Action action)
      throws IOException {
    try {
      readUnnamed(file, start, end, toEnd, action);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw HashRun.interruption();
    } catch (ClosedByInterruptException e) {
      throw (IOException) HashRun.interruption().initCause(e);
    } catch (FileSystemException e) {
      throw e;
    } catch (IOException e) {
      throw (IOException)
          new FileSystemException(file.path().toString(), null, e.getMessage()).initCause(e);
    }
  }

  private void readUnnamed(FileHash file, long start, long end, boolean toEnd, Action action)
      throws IOException, InterruptedException {
    try (SeekableByteChannel channel = open(file)) {
      if (start > 0) {
        channel.position(start);
      }
      unread = end - start;
      buffer = ownBuffer.limit(0);
      action.perform(channel);
      if (toEnd) {
        requireEnd(channel, file);
      }
    } finally {
      if (readAhead != null) {
        readAhead.stop();
        readAhead = null;
      }
    }
    requireUnchanged(file);
  }

  private static SeekableByteChannel open(FileHash file) throws IOException {
    if (!file.followLinks()) {
      try {
        return Files.newByteChannel(
            file.path(), StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
      } catch (IllegalArgumentException | UnsupportedOperationException e) {
        // File systems without links, such as zip, need not know the option.
        return Files.newByteChannel(file.path(), StandardOpenOption.READ);
      }
    }
    return Files.newByteChannel(file.path(), StandardOpenOption.READ);
  }

  /** Hashes what is between two places of a file; the channel stands at the first of them. */
  private void hash(SeekableByteChannel channel, FileHash file, long start, long end)
      throws IOException, InterruptedException {
    for (long at = start; at < end; ) {
      run.requireNoFailure();
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      if (!buffer.hasRemaining()) {
        fill(channel);
        if (!buffer.hasRemaining()) {
          throw new FileChangedException(
              file.path(), "expected " + file.size() + " bytes, found " + at);
        }
      }
      int limit = buffer.limit();
      int length = (int) Math.min(buffer.remaining(), end - at);
      buffer.limit(buffer.position() + length);
      function.update(buffer);
      buffer.limit(limit);
      at += length;
      bytesHashed.accept(length);
    }
  }

  /** Gets the next bytes into the buffer; none at the end of the file. */
  private void fill(SeekableByteChannel channel) throws IOException, InterruptedException {
    if (readAhead == null && unread >= MIN_READ_AHEAD && run.someoneIsIdle()) {
      ReadAhead request = new ReadAhead(channel, unread, BUFFER_SIZE);
      if (run.offer(request)) {
        readAhead = request;
      }
    }
    if (readAhead != null) {
      buffer = readAhead.take();
    } else {
      ownBuffer.clear().limit((int) Math.min(ownBuffer.capacity(), unread));
      ReadAhead.read(channel, ownBuffer);
      buffer = ownBuffer.flip();
    }
    unread -= buffer.remaining();
  }

  private void requireEnd(SeekableByteChannel channel, FileHash file)
      throws IOException, InterruptedException {
    ownBuffer.clear().limit(1);
    if (ReadAhead.read(channel, ownBuffer) > 0) {
      throw new FileChangedException(file.path(), "expected " + file.size() + " bytes, found more");
    }
  }

  private static void requireUnchanged(FileHash file) throws IOException {
    LinkOption[] options =
        file.followLinks() ? new LinkOption[0] : new LinkOption[] {LinkOption.NOFOLLOW_LINKS};
    BasicFileAttributes now = Files.readAttributes(file.path(), BasicFileAttributes.class, options);
    if (now.size() != file.size()) {
      throw new FileChangedException(
          file.path(), "expected " + file.size() + " bytes, found " + now.size());
    }
    if (!now.lastModifiedTime().equals(file.modified())) {
      throw new FileChangedException(
          file.path(),
          "its modification time went from " + file.modified() + " to " + now.lastModifiedTime());
    }
    if (!Objects.equals(now.fileKey(), file.key())) {
      throw new FileChangedException(file.path(), "it was replaced by another file");
    }
  }
}
