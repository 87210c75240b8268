package dev.modelsigning.internal.engine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Lets two threads alternate on one channel: while one hashes the block that it has read, the other
 * one reads the next. Each thread hashes the blocks that it read itself, since these are still in
 * its processor's cache; a transfer to another processor would take as long as reading them again.
 */
final class Relay {

  /** Receives the bytes of the channel, block by block in order, from one thread at a time. */
  @FunctionalInterface
  interface Sink {
    /** Receives all remaining bytes of the buffer. */
    void accept(ByteBuffer block);
  }

  /** The number of bytes in a block, which should stay in a processor's cache. */
  static final int BLOCK_SIZE = 1024 * 1024;

  /**
   * The time that a thread spins for its turn before it sleeps, in nanoseconds: longer than a block
   * takes. A processor that sleeps between blocks loses its cache and wakes up late. Where blocks
   * come from far away, so that the other thread may wait for them or for a processor, it sleeps at
   * once.
   */
  private static final long ATTENTION = 1_500_000;

  private final HashRun run;
  private final ReadableByteChannel channel;
  private final Sink sink;
  private final long attention;

  private final ReentrantLock reading = new ReentrantLock();
  private long unread; // guarded by reading, like the next two fields
  private long blocksRead;
  private boolean end;

  // Guarded by this, except for reads without a lock.
  private volatile long blocksHashed;
  private volatile @Nullable Throwable failure;

  /**
   * Creates a relay, which both threads must run.
   *
   * @param run the run, which may have failed
   * @param channel the channel to read
   * @param length number of bytes to read
   * @param near whether reading a block takes about as long as hashing it, or less, and each thread
   *     has a processor
   * @param sink receives them
   */
  Relay(HashRun run, ReadableByteChannel channel, long length, boolean near, Sink sink) {
    this.run = run;
    this.channel = channel;
    this.unread = length;
    this.sink = sink;
    this.attention = near ? ATTENTION : 0;
  }

  /**
   * The part of the thread that owns the channel.
   *
   * @param buffer the thread's own buffer
   * @return the number of bytes that the channel lacked
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

  /** The part of the other thread; it leaves failures to the owner of the channel. */
  void assist(ByteBuffer buffer) throws InterruptedException {
    try {
      takeTurns(buffer);
    } catch (IOException e) {
      fail(e); // has no effect if the relay has failed already
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
      fail(e); // before the other thread can mistake it for the end of the channel
      throw e;
    } finally {
      reading.unlock();
    }
  }

  /**
   * Reads at least one byte.
   *
   * @param buffer receives the bytes and is flipped for reading
   * @param most the largest number of bytes to read
   * @return the number of bytes, or -1 at the end of the channel
   * @throws IOException if it cannot be read, or returns a count that does not match the bytes in
   *     the buffer
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

  /** Waits until all blocks before this one were hashed. */
  private void awaitTurn(long block) throws IOException, InterruptedException {
    long start = System.nanoTime();
    while (blocksHashed < block && failure == null && System.nanoTime() - start < attention) {
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
