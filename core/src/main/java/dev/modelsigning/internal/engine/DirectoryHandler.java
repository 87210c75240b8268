package dev.modelsigning.internal.engine;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Judges the entries of directories, and says which of them are to be hashed. It is called by
 * several threads at once.
 *
 * @param <D> what it has to know of a directory
 */
public interface DirectoryHandler<D> {

  /**
   * Judges an entry.
   *
   * @param directory what {@link DirectoryScan#enter} was given
   * @param open the directory itself
   * @param entry the path of the entry
   * @param scan takes what there is to do
   * @throws IOException if the whole run is to fail
   */
  void entry(D directory, OpenDirectory open, Path entry, DirectoryScan<D> scan)
      throws IOException, InterruptedException;

  /**
   * Judges a directory that cannot be listed, or not to its end.
   *
   * @param directory what {@link DirectoryScan#enter} was given
   * @param path the path of the directory
   * @param failure why
   * @throws IOException if the whole run is to fail
   */
  void unlistable(D directory, Path path, IOException failure) throws IOException;
}
