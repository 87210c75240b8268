package dev.modelsigning.hash;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Reads a channel in one thread for another one that hashes what was read. A fixed number of blocks
 * goes around between the two.
 */
final class ReadAhead {

  private static final int BLOCKS = 4;

  /** Bytes, the end of the channel, or the reason why there are no more. */
  private static final class Block {
    final ByteBuffer buffer;
    boolean last;
    @Nullable Throwable failure;

    Block(int size) {
      buffer = ByteBuffer.allocateDirect(size);
    }
  }

  private final ReadableByteChannel channel;
  private long unread;
  private final BlockingQueue<Block> empty = new ArrayBlockingQueue<>(BLOCKS + 1);
  private final BlockingQueue<Block> filled = new ArrayBlockingQueue<>(BLOCKS);
  private volatile boolean stopped;

  /** The block that the hashing thread works on. */
  private @Nullable Block current;

  /**
   * Reading that has yet to be started with {@link #run}.
   *
   * @param channel where to read from; belongs to the reading thread until all was taken or {@link
   *     #stop} was called
   * @param length number of bytes to read
   * @param blockSize length of the buffers in bytes
   */
  ReadAhead(ReadableByteChannel channel, long length, int blockSize) {
    this.channel = channel;
    this.unread = length;
    for (int i = 0; i < BLOCKS; i++) {
      empty.add(new Block(blockSize));
    }
  }

  /** Reads until all is read, reading fails or the other thread stops it. */
  void run() {
    try {
      boolean more = true;
      while (more) {
        Block block = empty.take();
        if (stopped) {
          return;
        }
        fill(block);
        more = !block.last;
        filled.put(block);
      }
    } catch (InterruptedException e) {
      // The threads of a run are interrupted together, so the other one does not wait for more.
      Thread.currentThread().interrupt();
    }
  }

  private void fill(Block block) throws InterruptedException {
    ByteBuffer buffer = block.buffer;
    buffer.clear().limit((int) Math.min(buffer.capacity(), unread));
    try {
      int read = read(channel, buffer);
      unread -= Math.max(0, read);
      block.last = read < 0 || unread == 0;
    } catch (IOException | RuntimeException | Error e) {
      block.failure = e;
      block.last = true;
    }
    buffer.flip();
  }

  /**
   * Reads at least a byte.
   *
   * @return the number of bytes, or -1 at the end of the channel
   * @throws InterruptedException if the channel returns nothing and the thread is interrupted
   */
  static int read(ReadableByteChannel channel, ByteBuffer buffer)
      throws IOException, InterruptedException {
    int read = channel.read(buffer);
    while (read == 0) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      read = channel.read(buffer);
    }
    return read;
  }

  /**
   * The next bytes; those taken before are given back with it.
   *
   * @return a buffer; an empty one at the end of the channel
   * @throws IOException if reading failed
   */
  ByteBuffer take() throws IOException, InterruptedException {
    if (current != null) {
      empty.put(current);
    }
    current = filled.take();
    Throwable failure = current.failure;
    if (failure instanceof IOException e) {
      throw e;
    } else if (failure instanceof RuntimeException e) {
      throw e;
    } else if (failure instanceof Error e) {
      throw e;
    }
    return current.buffer;
  }

  /** Lets the reading thread end, also if it waits for an empty block. */
  void stop() {
    stopped = true;
    empty.offer(new Block(0));
  }
}
