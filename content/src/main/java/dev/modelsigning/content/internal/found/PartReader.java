package dev.modelsigning.content.internal.found;

import java.nio.ByteBuffer;

/** Reads a file, or a part of one such as an entry of a zip file, from its first byte on. */
public interface PartReader {

  /**
   * Takes the next bytes.
   *
   * @param block the bytes, read-only; its position may be moved
   * @return whether to be given more
   */
  boolean accept(ByteBuffer block);

  /**
   * There are no more bytes, or none that can be read.
   *
   * @param found takes what was found
   */
  void end(FoundFacts found);
}
