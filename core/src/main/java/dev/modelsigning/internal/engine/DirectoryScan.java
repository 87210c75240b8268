package dev.modelsigning.internal.engine;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Accepts further directories and files from a {@link DirectoryHandler}.
 *
 * @param <D> the handler's own data for a directory
 */
public interface DirectoryScan<D> {

  /** Schedules a directory to be listed. */
  void enter(D directory, FoundDirectory found);

  /**
   * Hashes a file: immediately if it is small, and after all directories were listed if it is
   * large.
   *
   * @param open the directory that contains it
   * @param file the file
   * @param result receives its digests; called by several threads concurrently, but by one for each
   *     file
   * @throws FileChangedException if it has changed since it was found
   * @throws IOException if it cannot be read; the message names it
   */
  void hash(OpenDirectory open, FileHash file, Result result)
      throws IOException, InterruptedException;

  /** Receives the digests of a file. */
  @FunctionalInterface
  interface Result {
    /**
     * Receives the digests.
     *
     * @param digests the digests of the file's ranges in ascending order
     */
    void digests(byte[][] digests) throws IOException;

    /**
     * Called once for a file that is not empty, after its first bytes were read.
     *
     * @param start the bytes, read-only
     * @return the tap that receives the file's bytes, or null
     */
    default @Nullable FileTap tap(ByteBuffer start) {
      return null;
    }
  }
}
