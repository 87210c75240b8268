package dev.modelsigning.bundle;

import dev.modelsigning.internal.file.WholeFile;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The place where a bundle is to be written, taken before there is a bundle. Signing can take hours
 * and publish something that cannot be taken back; that a signature cannot be written should come
 * to light before.
 */
public final class BundleFile implements AutoCloseable {

  /** One block of most file systems. */
  private static final long SMALL = 4096;

  private final WholeFile file;

  private BundleFile(WholeFile file) {
    this.file = file;
  }

  /**
   * Finds out whether a bundle can be written, by making a file beside it and removing that again.
   *
   * @param path the bundle's file, which may exist
   * @throws IOException if it cannot be written, or what is there is a link, not a regular file, or
   *     one that this user may not replace
   */
  public static void requireWritable(Path path) throws IOException {
    WholeFile.begin(path, SMALL).close();
  }

  /**
   * Makes the file that will become the bundle, beside its place and with space for it. It is
   * removed when this is closed, or when the program is told to end.
   *
   * @param path the bundle's file, which may exist
   * @param space how many bytes the bundle will have, as far as that is known
   * @throws IOException as {@link #requireWritable}, or if there is not enough space
   */
  public static BundleFile reserve(Path path, long space) throws IOException {
    return new BundleFile(WholeFile.begin(path, Math.max(space, SMALL)));
  }

  /**
   * Writes the bundle, whole or not at all: if anything fails, a file that was there before is left
   * as it was. A file that was mounted by itself, as into a container, cannot be replaced, so it is
   * written over, once there is space for the whole; only a power failure or the like leaves a part
   * of it, which no verifier accepts.
   *
   * @throws IOException if it cannot be written
   */
  public void write(Bundle bundle) throws IOException {
    file.finish(bundle.toJson()::writeTo);
  }

  /**
   * Gives the place up, unless the bundle was written.
   *
   * @throws IOException if what was made cannot be removed
   */
  @Override
  public void close() throws IOException {
    file.close();
  }
}
