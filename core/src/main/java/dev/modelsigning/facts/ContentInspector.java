package dev.modelsigning.facts;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Inspects the files of a model while they are hashed. Its input is not authenticated yet, so
 * implementations must limit their use of memory and time, and must not execute any of it.
 */
@FunctionalInterface
public interface ContentInspector {

  /**
   * Called for each file that is hashed and not empty, once its first bytes were read. It may be
   * called by several threads concurrently, and must return quickly, since most files are not of
   * interest.
   *
   * @param name its path in the model (OMS 6.1.2)
   * @param size its length in bytes, at least 1
   * @param start its first bytes: all of a file up to 4096 bytes, and at least 4096 of another one
   *     unless its source gives fewer at a time. Position and limit may be moved
   * @return the inspection of this file, or empty to ignore the rest of it
   */
  Optional<FileInspection> begin(String name, long size, ByteBuffer start);
}
