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

/** The state of one thread: a hash function and a buffer. */
final class HashWorker {

  /**
   * The number of bytes read at once: enough to amortize a system call, and small compared with the
   * processor's cache.
   */
  static final int BUFFER_SIZE = 256 * 1024;

  /** With less than this left to read, waking another thread does not pay. */
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

  /** Reads and hashes alternately with the thread that owns the relay. */
  void assist(Relay relay) throws InterruptedException {
    relay.assist(relayBuffer());
  }

  private ByteBuffer relayBuffer() {
    if (relayBuffer == null) {
      relayBuffer = ByteBuffer.allocateDirect(Relay.BLOCK_SIZE);
    }
    return relayBuffer;
  }

  /** A direct buffer for much work, as it saves a copy; a heap buffer where that is cheaper. */
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

  /** Opens a directory to be listed. */
  OpenDirectory open(FoundDirectory found) throws IOException, InterruptedException {
    run.requireNoFailure();
    return opening.open(found);
  }

  /** Adds a task while files are being found. */
  void add(HashTask.Scan scan) {
    run.add(scan);
  }

  /** Whether there may be an idle thread that should have work. */
  boolean someoneIsIdle() {
    return run.someoneWaitsForScans();
  }

  /** Called when directory entries were read; many entries justify more threads. */
  void saw(int entries) {
    run.saw(entries);
  }

  void requireNoFailure() throws InterruptedException {
    run.requireNoFailure();
  }

  /** Hashes a small file of a directory, and defers a large one. */
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

  /** Hashes consecutive ranges of a file. */
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

  /** Passes the first part of a file to a tap before it is hashed. */
  private static final class TappedSink implements Relay.Sink {
    private final FileWork work;
    private final long length;
    private final Relay.Sink sink;

    // Accessed by one thread at a time, in the order of the blocks.
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

  /**
   * Reads a part of a file, and adds the name of the file to every error; errors of the operating
   * system often lack it.
   */
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
   * Hashes bytes from a channel.
   *
   * @param toEnd whether the channel must end after them
   * @return the number of bytes that the channel lacked
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
        boolean near = file.cheapRanges() && run.hasProcessors();
        Relay relay = new Relay(run, channel, unread, near, sink);
        if (run.offer(relay)) {
          unread = relay.lead(relayBuffer());
          break;
        }
      }
      // One more byte than expected: only a read that returns less than requested shows the end of
      // the file.
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
