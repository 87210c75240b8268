package dev.modelsigning.content.internal.found;

import java.nio.ByteBuffer;

/** Reads a file, or a part of one such as an entry of a zip file, from its first byte. */
public interface PartReader {

  /**
   * Receives the next bytes.
   *
   * @param block the bytes, read-only; its position may be moved
   * @return whether more bytes are wanted
   */
  boolean accept(ByteBuffer block);

  /**
   * Called when there are no more readable bytes.
   *
   * @param found receives the facts
   */
  void end(FoundFacts found);
}
