package dev.modelsigning.internal.copy;

import dev.modelsigning.model.ModelFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.UUID;

/** Files that are too large for memory, copied to where nobody else gets at them. */
public final class SpooledFile {

  private SpooledFile() {}

  /** Reads a file and finds out whether it is what was signed. */
  @FunctionalInterface
  public interface Proof<E extends Exception> {
    /**
     * Reads all of it.
     *
     * @throws IOException if it cannot be read
     * @throws E if it is another file
     */
    void of(ModelFile file) throws IOException, E;
  }

  /**
   * Copies a file while it is proved, from the same buffers. The copy is in the directory for
   * temporary files and has no name any more when this returns: it goes with the channel.
   *
   * @param file the file
   * @param proof reads it
   * @return a channel over the copy
   * @throws IOException if it cannot be read or written
   * @throws E if it is another file
   */
  public static <E extends Exception> FileChannel of(ModelFile file, Proof<E> proof)
      throws IOException, E {
    Path place =
        Path.of(System.getProperty("java.io.tmpdir")).resolve("model-signing-" + UUID.randomUUID());
    try (FreshDirectory directory = FreshDirectory.begin(place)) {
      CopiedFile copied = new CopiedFile(file, directory, done -> {});
      try {
        proof.of(copied);
      } finally {
        copied.abandon();
      }
      return directory.open(copied.name());
    }
  }
}
