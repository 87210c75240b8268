package dev.modelsigning.internal.engine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Two threads that take turns with one channel: while one hashes the block that it has read, the
 * other one reads the next. Each hashes what it has read itself, since that is still in the cache
 * of its processor; from one processor to another it would take as long as reading it once more.
 */
final class Relay {

  /** Takes the bytes of the channel, block by block in order, from one thread at a time. */
  @FunctionalInterface
  interface Sink {
    /** Takes all bytes that are left in the buffer. */
    void accept(ByteBuffer block);
  }

  /** Bytes of a block: what a processor keeps close. */
  static final int BLOCK_SIZE = 1024 * 1024;

  /**
   * How long a thread looks for its turn before it sleeps, in nanoseconds: longer than a block
   * takes. A processor that sleeps between the blocks forgets what it has read, and wakes up late.
   */
  private static final long ATTENTION = 1_500_000;

  private final HashRun run;
  private final ReadableByteChannel channel;
  private final Sink sink;

  private final ReentrantLock reading = new ReentrantLock();
  private long unread; // guarded by reading, as are the next two
  private long blocksRead;
  private boolean end;

  // Guarded by this, but for looking at them without a lock.
  private volatile long blocksHashed;
  private volatile @Nullable Throwable failure;

  /**
   * A relay that has yet to be run, by both threads.
   *
   * @param run what is asked whether to go on
   * @param channel where to read from
   * @param length number of bytes to read
   * @param sink takes them
   */
  Relay(HashRun run, ReadableByteChannel channel, long length, Sink sink) {
    this.run = run;
    this.channel = channel;
    this.unread = length;
    this.sink = sink;
  }

  /**
   * What the thread does that the channel belongs to.
   *
   * @param buffer its own
   * @return number of bytes that the channel did not have
   * @throws IOException if either thread cannot read
   */
  long lead(ByteBuffer buffer) throws IOException, InterruptedException {
    takeTurns(buffer);
    long missing;
    long blocks;
    reading.lock();
    try {
      missing = unread;
      blocks = blocksRead;
    } finally {
      reading.unlock();
    }
    awaitTurn(blocks);
    return missing;
  }

  /** What the other thread does; it leaves its failures to the one that the channel belongs to. */
  void assist(ByteBuffer buffer) throws InterruptedException {
    try {
      takeTurns(buffer);
    } catch (IOException e) {
      fail(e); // as it is already, unless it comes from here
    }
  }

  private void takeTurns(ByteBuffer buffer) throws IOException, InterruptedException {
    try {
      for (long block = read(buffer); block >= 0; block = read(buffer)) {
        awaitTurn(block);
        sink.accept(buffer);
        endTurn();
      }
    } catch (IOException | InterruptedException | RuntimeException | Error e) {
      fail(e);
      throw e;
    }
  }

  /** Reads the next block and returns its number, or -1 if there is none. */
  private long read(ByteBuffer buffer) throws IOException, InterruptedException {
    reading.lockInterruptibly();
    try {
      run.requireNoFailure();
      if (end) {
        return -1;
      }
      int read = read(channel, buffer, unread);
      unread -= Math.max(0, read);
      end = read < 0 || unread == 0;
      return read < 0 ? -1 : blocksRead++;
    } catch (IOException | InterruptedException | RuntimeException | Error e) {
      end = true;
      fail(e); // before the other thread can take it for the end of the channel
      throw e;
    } finally {
      reading.unlock();
    }
  }

  /**
   * Reads at least a byte.
   *
   * @param buffer gets the bytes and is ready to give them out
   * @param most number of bytes, at most
   * @return the number of bytes, or -1 at the end of the channel
   * @throws IOException if it cannot be read, or gives more or fewer bytes than it says
   * @throws InterruptedException if the thread is interrupted before or while the channel returns
   *     nothing
   */
  static int read(ReadableByteChannel channel, ByteBuffer buffer, long most)
      throws IOException, InterruptedException {
    buffer.clear().limit((int) Math.min(buffer.capacity(), most));
    int read = 0;
    while (read == 0) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      read = channel.read(buffer);
      if (Math.max(0, read) != buffer.position()) {
        throw new IOException(
            "the channel says that it has read " + read + " bytes, and gave " + buffer.position());
      }
    }
    buffer.flip();
    return read;
  }

  /** Waits until all blocks before this one are hashed. */
  private void awaitTurn(long block) throws IOException, InterruptedException {
    long start = System.nanoTime();
    while (blocksHashed < block && failure == null && System.nanoTime() - start < ATTENTION) {
      Thread.onSpinWait();
    }
    sleepUntilTurn(block);
    Throwable failure = this.failure;
    if (failure instanceof IOException e) {
      throw e;
    } else if (failure instanceof RuntimeException e) {
      throw e;
    } else if (failure instanceof Error e) {
      throw e;
    } else if (failure != null) {
      throw new InterruptedException();
    }
  }

  private synchronized void sleepUntilTurn(long block) throws InterruptedException {
    while (blocksHashed < block && failure == null) {
      wait();
    }
  }

  private synchronized void endTurn() {
    blocksHashed++;
    notifyAll();
  }

  private synchronized void fail(Throwable problem) {
    if (failure == null) {
      failure = problem;
      notifyAll();
    }
  }
}
