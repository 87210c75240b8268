package dev.modelsigning.internal.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/** The blocks of a file, from the thread that reads it to the one that parses it. */
final class HandedBlocks {

  private static final int SIZE = 64 * 1024;

  /** Few, so that reading is no more than a little ahead. */
  private final BlockingQueue<ByteBuffer> blocks = new ArrayBlockingQueue<>(2);

  /**
   * Hands a stream over, block by block.
   *
   * @return always true
   */
  boolean fill(InputStream content) throws IOException, InterruptedException {
    byte[] block = content.readNBytes(SIZE);
    while (block.length > 0) {
      blocks.put(ByteBuffer.wrap(block));
      block = content.readNBytes(SIZE);
    }
    return true;
  }

  /** Hands over an empty block, which says that there are no more. */
  void end() throws InterruptedException {
    blocks.put(ByteBuffer.allocate(0));
  }

  /**
   * The next block.
   *
   * @param nanoseconds how long to wait for it
   * @return the block, empty at the end; nothing if it was not there in time
   */
  Optional<ByteBuffer> next(long nanoseconds) throws InterruptedException {
    return Optional.ofNullable(blocks.poll(nanoseconds, TimeUnit.NANOSECONDS));
  }
}
