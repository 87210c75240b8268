package dev.modelsigning.split;

import dev.modelsigning.internal.text.CanonicalPath;
import dev.modelsigning.model.ModelFile;
import dev.modelsigning.model.Selection;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The names and versions of all files in a list of a model, summed up, so that two lists of
 * millions of files can be compared. A model is listed for each of its parts; what changes after
 * its part was read would be seen by nobody else.
 */
final class Seen {

  private final Selection selection;

  // Guarded by this.
  private long files;
  private long sum;

  /**
   * Nothing yet.
   *
   * @param selection the rules by which files are left out; those are not looked at, even if a
   *     signature lists them
   */
  Seen(Selection selection) {
    this.selection = selection;
  }

  Selection selection() {
    return selection;
  }

  /** Adds a file, and returns whether it counts. */
  synchronized boolean add(ModelFile file) {
    if (CanonicalPath.problem(file.name()) != null || selection.hasRuleFor(file.name())) {
      return false; // what has no valid name is refused by whoever hashes it
    }
    files++;
    sum += mark(file);
    return true;
  }

  private static long mark(ModelFile file) {
    String text = file.name() + '\0' + file.size() + '\0' + file.version();
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return ByteBuffer.wrap(digest).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }

  /**
   * Demands that another list had the same files in the same versions.
   *
   * @param model where the model is, for display
   * @param what what is done with its parts meanwhile
   */
  synchronized void requireSame(Seen earlier, String model, String what) throws IOException {
    if (files != earlier.files || sum != earlier.sum) {
      throw new FileSystemException(
          model,
          null,
          "files were added, changed or removed while its parts were "
              + what
              + "; start again when nobody writes to it, or use a snapshot or a copy");
    }
  }
}
