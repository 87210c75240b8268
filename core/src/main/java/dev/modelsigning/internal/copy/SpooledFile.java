package dev.modelsigning.internal.copy;

import dev.modelsigning.model.ModelFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.UUID;

/** Copies files that are too large for memory into a private temporary file. */
public final class SpooledFile {

  private SpooledFile() {}

  /** Reads a file and checks that it is what was signed. */
  @FunctionalInterface
  public interface Proof<E extends Exception> {
    /**
     * Reads the whole file.
     *
     * @throws IOException if it cannot be read
     * @throws E if it does not match
     */
    void of(ModelFile file) throws IOException, E;
  }

  /**
   * Copies a file while it is checked, from the same buffers. The copy is in the directory for
   * temporary files and is already unlinked when this returns: it disappears when the channel is
   * closed.
   *
   * @param file the file
   * @param proof reads and checks the file
   * @return a channel over the copy
   * @throws IOException if it cannot be read or written
   * @throws E if it does not match
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
