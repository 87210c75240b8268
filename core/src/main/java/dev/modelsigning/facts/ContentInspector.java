package dev.modelsigning.facts;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Looks into the files of a model while they are hashed. What it reads comes from a stranger and is
 * not authenticated yet, so it bounds what it keeps and computes, and runs nothing of it.
 */
@FunctionalInterface
public interface ContentInspector {

  /**
   * Asked about each file that is hashed and not empty, once its first bytes were read. It may be
   * called by several threads at once, and answers at once: most files are of no interest.
   *
   * @param name its path in the model (OMS 6.1.2)
   * @param size its length in bytes, at least 1
   * @param start its first bytes: all of a file up to 4096 bytes, and at least 4096 of another one
   *     unless its source gives fewer at a time. Position and limit may be moved
   * @return what looks on, or empty to see no more of it
   */
  Optional<FileInspection> begin(String name, long size, ByteBuffer start);
}
