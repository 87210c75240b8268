package dev.modelsigning.bundle;

import dev.modelsigning.internal.file.WholeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The file to which a bundle will be written, reserved before the bundle exists. Signing can take
 * hours and publish log entries that cannot be withdrawn, so an unwritable signature file should be
 * detected first.
 */
public final class BundleFile implements AutoCloseable {

  /** One block of most file systems. */
  private static final long SMALL = 4096;

  private final Path path;
  private final WholeFile file;

  private BundleFile(Path path, WholeFile file) {
    this.path = path;
    this.file = file;
  }

  /**
   * Checks whether a bundle can be written, by creating a temporary file in the same directory and
   * deleting it.
   *
   * @param path the bundle's file, which may exist
   * @throws IOException if it cannot be written, or the path is a link, not a regular file, or one
   *     that this user may not replace
   */
  public static void requireWritable(Path path) throws IOException {
    WholeFile.begin(path, SMALL).close();
  }

  /**
   * Creates the temporary file that will become the bundle, in the same directory, and reserves
   * space for it. It is deleted when this is closed, or when the program is terminated by a signal.
   *
   * @param path the bundle's file, which may exist
   * @param space the expected size of the bundle, in bytes
   * @throws IOException as {@link #requireWritable}, or if there is not enough space
   */
  public static BundleFile reserve(Path path, long space) throws IOException {
    return new BundleFile(path, WholeFile.begin(path, Math.max(space, SMALL)));
  }

  /**
   * Writes the bundle atomically: if anything fails, an existing file is left unchanged. A file
   * that is itself a mount point, as in a container, cannot be replaced, so it is overwritten once
   * space is reserved; a power failure or crash during this can leave a partial file, which no
   * verifier accepts.
   *
   * @throws IOException if it cannot be written
   */
  public void write(Bundle bundle) throws IOException {
    file.finish(bundle.toJson()::writeTo);
  }

  /**
   * Writes two bundles that belong together, each atomically: if the second one cannot be written,
   * the file of the first one is as it was before. Only a program that is killed in between leaves
   * the first one alone.
   *
   * @param first the file that is written first
   * @param bundle its bundle
   * @param second the file that is written last
   * @param other its bundle
   * @throws IOException if one of them cannot be written
   */
  public static void writeBoth(BundleFile first, Bundle bundle, BundleFile second, Bundle other)
      throws IOException {
    byte @Nullable [] before = Files.exists(first.path) ? Files.readAllBytes(first.path) : null;
    first.write(bundle);
    try {
      second.write(other);
    } catch (IOException | RuntimeException e) {
      try {
        if (before == null) {
          Files.delete(first.path);
        } else {
          WholeFile.write(first.path, before);
        }
      } catch (IOException suppressed) {
        e.addSuppressed(suppressed);
      }
      throw e;
    }
  }

  /**
   * Deletes the temporary file, unless the bundle was written.
   *
   * @throws IOException if it cannot be deleted
   */
  @Override
  public void close() throws IOException {
    file.close();
  }
}
