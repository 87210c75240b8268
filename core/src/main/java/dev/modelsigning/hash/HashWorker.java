package dev.modelsigning.hash;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.FileSystemException;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** What one thread works with: a hash function and a buffer. */
final class HashWorker {

  /** Bytes read at once: much for one call of the system, little for the cache of a processor. */
  static final int BUFFER_SIZE = 256 * 1024;

  /** With less left than this, another thread is not worth waking. */
  private static final long MIN_RELAY = 4L * Relay.BLOCK_SIZE;

  private final HashRun run;
  private final FileOpening opening;
  private final HashFunction function;
  private final ByteBuffer buffer;
  private final LongConsumer bytesHashed;
  private final LongConsumer filesHashed;
  private @Nullable ByteBuffer relayBuffer;

  HashWorker(
      HashRun run,
      FileOpening opening,
      HashFunction function,
      ByteBuffer buffer,
      LongConsumer bytesHashed,
      LongConsumer filesHashed) {
    this.run = run;
    this.opening = opening;
    this.function = function;
    this.buffer = buffer;
    this.bytesHashed = bytesHashed;
    this.filesHashed = filesHashed;
  }

  /** Reads for another thread, by turns with it. */
  void assist(Relay relay) throws InterruptedException {
    relay.assist(relayBuffer());
  }

  private ByteBuffer relayBuffer() {
    if (relayBuffer == null) {
      relayBuffer = ByteBuffer.allocateDirect(Relay.BLOCK_SIZE);
    }
    return relayBuffer;
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
    long start = file.start(first);
    long end = file.end(last - 1);
    boolean toEnd = last == work.digests().length;
    read(file, start, end, toEnd, new RangeSink(work, first));
    if (start == end && first < last) {
      work.digests()[first] = function.digest(); // an empty file
    }
  }

  /** Hashes ranges of a file that lie one behind the other. */
  private final class RangeSink implements Relay.Sink {
    private final FileWork work;
    private int range;
    private long at;

    RangeSink(FileWork work, int first) {
      this.work = work;
      this.range = first;
      this.at = work.file().start(first);
    }

    @Override
    public void accept(ByteBuffer block) {
      int limit = block.limit();
      while (block.position() < limit) {
        long end = work.file().end(range);
        int length = (int) Math.min(limit - block.position(), end - at);
        function.update(block.limit(block.position() + length));
        bytesHashed.accept(length);
        at += length;
        if (at == end) {
          work.digests()[range] = function.digest();
          range++;
        }
      }
    }
  }

  private void hashPiece(HashTask.Piece piece) throws IOException {
    FileWork work = piece.work();
    Blake3 blake3 = (Blake3) function;
    long start = piece.start();
    boolean toEnd = piece.number() == work.numberOfPieces() - 1;
    blake3.startPiece(start);
    read(
        work.file(),
        start,
        start + piece.bytes(),
        toEnd,
        block -> {
          int length = block.remaining();
          blake3.update(block);
          bytesHashed.accept(length);
        });
    work.endPiece(blake3, piece.number());
  }

  /** Reads a part of a file, and names it in every error; those of the system often do not. */
  private void read(FileHash file, long start, long end, boolean toEnd, Relay.Sink sink)
      throws IOException {
    try (ReadableByteChannel channel = opening.open(file, start)) {
      long missing = read(channel, end - start, sink);
      if (missing > 0) {
        throw new FileChangedException(
            file.path(), "expected " + file.size() + " bytes, found " + (end - missing));
      }
      if (toEnd && Relay.read(channel, buffer, 1) > 0) {
        throw new FileChangedException(
            file.path(), "expected " + file.size() + " bytes, found more");
      }
      file.requireUnchanged();
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

  /** Hashes bytes of a channel; returns how many of them it did not have. */
  private long read(ReadableByteChannel channel, long length, Relay.Sink sink)
      throws IOException, InterruptedException {
    long unread = length;
    while (unread > 0) {
      run.requireNoFailure();
      if (unread >= MIN_RELAY && run.someoneIsIdle()) {
        Relay relay = new Relay(run, channel, unread, sink);
        if (run.offer(relay)) {
          return relay.lead(relayBuffer());
        }
      }
      int read = Relay.read(channel, buffer, unread);
      if (read < 0) {
        return unread;
      }
      sink.accept(buffer);
      unread -= read;
    }
    return 0;
  }
}
