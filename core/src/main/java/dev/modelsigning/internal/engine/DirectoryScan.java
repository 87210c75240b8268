package dev.modelsigning.internal.engine;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link DirectoryHandler} can have done.
 *
 * @param <D> what the handler has to know of a directory
 */
public interface DirectoryScan<D> {

  /** Has a directory listed, some time. */
  void enter(D directory, FoundDirectory found);

  /**
   * Has a file hashed: now if it is small, and when all directories were listed if it is large.
   *
   * @param open the directory that it is in
   * @param file the file
   * @param result gets its digests; called by several threads at once, not for one file
   * @throws FileChangedException if it is not what it was when it was found
   * @throws IOException if it cannot be read; the message names it
   */
  void hash(OpenDirectory open, FileHash file, Result result)
      throws IOException, InterruptedException;

  /** Takes the digests of a file. */
  @FunctionalInterface
  interface Result {
    /**
     * Takes them.
     *
     * @param digests the digests of the file's ranges in ascending order
     */
    void digests(byte[][] digests) throws IOException;

    /**
     * Asked once for a file that is not empty, when its first bytes were read.
     *
     * @param start the bytes, read-only
     * @return what is to see them, or null
     */
    default @Nullable FileTap tap(ByteBuffer start) {
      return null;
    }
  }
}
