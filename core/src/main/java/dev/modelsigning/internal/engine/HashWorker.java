package dev.modelsigning.internal.engine;

import dev.modelsigning.internal.hash.Blake3;
import dev.modelsigning.internal.hash.HashFunction;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
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
  private final HashPlan plan;
  private final LongConsumer bytesHashed;
  private final LongConsumer filesHashed;
  private @Nullable ByteBuffer smallBuffer;
  private @Nullable ByteBuffer largeBuffer;
  private @Nullable ByteBuffer relayBuffer;

  HashWorker(
      HashRun run,
      FileOpening opening,
      HashFunction function,
      HashPlan plan,
      LongConsumer bytesHashed,
      LongConsumer filesHashed) {
    this.run = run;
    this.opening = opening;
    this.function = function;
    this.plan = plan;
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

  /** Outside the heap for much work, as it spares a copy; in the heap where that is cheaper. */
  private ByteBuffer buffer(long bytes) {
    if (bytes < HashPlan.SMALL_FILE) {
      if (smallBuffer == null) {
        smallBuffer = ByteBuffer.allocate(BUFFER_SIZE);
      }
      return smallBuffer;
    }
    if (largeBuffer == null) {
      largeBuffer = ByteBuffer.allocateDirect(BUFFER_SIZE);
    }
    return largeBuffer;
  }

  /** Opens a directory that is to be listed. */
  OpenDirectory open(FoundDirectory found) throws IOException, InterruptedException {
    run.requireNoFailure();
    return opening.open(found);
  }

  /** Adds something to do while files are being found. */
  void add(HashTask.Scan scan) {
    run.add(scan);
  }

  /** Whether there may be a thread that has nothing to do, and should have. */
  boolean someoneIsIdle() {
    return run.someoneWaitsForScans();
  }

  /** Entries of directories were seen; many are worth more threads. */
  void saw(int entries) {
    run.saw(entries);
  }

  void requireNoFailure() throws InterruptedException {
    run.requireNoFailure();
  }

  /** Hashes a small file of a directory, and puts off a large one. */
  void hash(OpenDirectory directory, FileHash file, DirectoryScan.Result result)
      throws IOException, InterruptedException {
    if (file.size() >= HashPlan.SMALL_FILE) {
      plan.add(file, result);
      return;
    }
    FileWork work = FileWork.inRanges(file.within(directory), 1, result);
    hashRanges(work, 0, work.digests().length);
    end(work);
  }

  private void end(FileWork work) throws IOException {
    if (work.endPart()) {
      filesHashed.accept(1);
    }
  }

  void perform(HashTask task) throws IOException, InterruptedException {
    if (task instanceof HashTask.Files files) {
      for (FileWork work : files.files()) {
        run.requireNoFailure();
        hashRanges(work, 0, work.digests().length);
        end(work);
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
    end(work);
  }

  private void hashRanges(FileWork work, int first, int last) throws IOException {
    HashInput file = work.file();
    long start = file.start(first);
    long end = file.end(last - 1);
    boolean toEnd = last == work.digests().length;
    read(work, start, end, toEnd, new RangeSink(work, first));
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

  /** Shows the first part of a file to what wants to see it, before it is hashed. */
  private static final class TappedSink implements Relay.Sink {
    private final FileWork work;
    private final long length;
    private final Relay.Sink sink;

    // Written by one thread at a time, as the blocks come.
    private boolean begun;
    private @Nullable FileTap tap;

    TappedSink(FileWork work, long length, Relay.Sink sink) {
      this.work = work;
      this.length = length;
      this.sink = sink;
    }

    @Override
    public void accept(ByteBuffer block) {
      if (!begun) {
        begun = true;
        tap = work.begin(block.asReadOnlyBuffer(), length);
      }
      if (tap != null && !tap.accept(block.asReadOnlyBuffer())) {
        tap = null;
      }
      sink.accept(block);
    }
  }

  private void hashPiece(HashTask.Piece piece) throws IOException {
    FileWork work = piece.work();
    Blake3 blake3 = (Blake3) function;
    long start = piece.start();
    boolean toEnd = piece.number() == work.numberOfPieces() - 1;
    blake3.startPiece(start);
    read(
        work,
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
  private void read(FileWork work, long start, long end, boolean toEnd, Relay.Sink sink)
      throws IOException {
    HashInput file = work.file();
    Relay.Sink first = start == 0 && end > 0 ? new TappedSink(work, end, sink) : sink;
    try (ReadableByteChannel channel = opening.open(file, start, end)) {
      long missing = read(channel, end - start, toEnd, file, first);
      if (missing > 0) {
        throw new FileChangedException(
            file.shown(), "expected " + file.size() + " bytes, found " + (end - missing));
      }
      file.requireUnchanged();
      work.endReading(channel);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw HashRun.interruption();
    } catch (ClosedByInterruptException e) {
      throw (IOException) HashRun.interruption().initCause(e);
    } catch (FileSystemException e) {
      throw e;
    } catch (IOException e) {
      throw (IOException) new FileSystemException(file.shown(), null, e.getMessage()).initCause(e);
    }
  }

  /**
   * Hashes bytes of a channel.
   *
   * @param toEnd whether nothing may be behind them
   * @return how many of them it did not have
   */
  private long read(
      ReadableByteChannel channel, long length, boolean toEnd, HashInput file, Relay.Sink sink)
      throws IOException, InterruptedException {
    ByteBuffer buffer = buffer(length);
    long unread = length;
    boolean ended = false;
    while (unread > 0) {
      run.requireNoFailure();
      if (unread >= MIN_RELAY && run.someoneIsIdle()) {
        Relay relay = new Relay(run, channel, unread, sink);
        if (run.offer(relay)) {
          unread = relay.lead(relayBuffer());
          break;
        }
      }
      // A byte more than there should be: what a file has read less than asked for, it has not.
      long wanted = toEnd ? unread + 1 : unread;
      int read = Relay.read(channel, buffer, wanted);
      if (read < 0) {
        return unread;
      }
      if (read > unread) {
        throw foundMore(file);
      }
      ended = read == unread && buffer.capacity() > unread && channel instanceof FileChannel;
      sink.accept(buffer);
      unread -= read;
    }
    if (unread == 0 && toEnd && !ended && Relay.read(channel, buffer, 1) > 0) {
      throw foundMore(file);
    }
    return unread;
  }

  private static FileChangedException foundMore(HashInput file) {
    return new FileChangedException(file.shown(), "expected " + file.size() + " bytes, found more");
  }
}
