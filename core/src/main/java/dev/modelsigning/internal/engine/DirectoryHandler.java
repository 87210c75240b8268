package dev.modelsigning.internal.engine;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Decides what to do with the entries of directories, and which files are hashed. It is called by
 * several threads concurrently.
 *
 * @param <D> the handler's own data for a directory
 */
public interface DirectoryHandler<D> {

  /**
   * Handles an entry.
   *
   * @param directory the data that was passed to {@link DirectoryScan#enter}
   * @param open the open directory
   * @param entry the path of the entry
   * @param scan receives further directories and files
   * @throws IOException to make the whole run fail
   */
  void entry(D directory, OpenDirectory open, Path entry, DirectoryScan<D> scan)
      throws IOException, InterruptedException;

  /**
   * Handles a directory that cannot be listed, or not completely.
   *
   * @param directory the data that was passed to {@link DirectoryScan#enter}
   * @param path the path of the directory
   * @param failure the cause
   * @throws IOException to make the whole run fail
   */
  void unlistable(D directory, Path path, IOException failure) throws IOException;
}
