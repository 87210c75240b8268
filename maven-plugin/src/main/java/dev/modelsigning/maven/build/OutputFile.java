package dev.modelsigning.maven.build;

import dev.modelsigning.internal.file.WholeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A file for a machine-readable verdict. */
public final class OutputFile {

  private final Path file;

  private OutputFile(Path file) {
    this.file = file;
  }

  /**
   * Creates an output file, after checking that it may be written.
   *
   * @param parameter the parameter that names it
   * @param model the model, in which it would be an unsigned file; null if it is no path of the
   *     project
   * @param inputs the files that are read
   * @throws WrongParameterException if it lies in the model, or something else would be lost
   */
  public static OutputFile of(String parameter, Path file, @Nullable Path model, List<Path> inputs)
      throws IOException, WrongParameterException {
    if (model != null && Places.isWithin(model, file)) {
      throw new WrongParameterException(
          parameter, file + " is in the model, of which it would be an unsigned file");
    }
    for (Path input : inputs) {
      if (Places.isSame(file, input)) {
        throw new WrongParameterException(parameter, file + " is what this goal reads");
      }
    }
    boolean exists = Files.exists(file, LinkOption.NOFOLLOW_LINKS);
    if (exists && !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new WrongParameterException(parameter, file + " is not a regular file");
    }
    return new OutputFile(file);
  }

  /**
   * Deletes the file of an earlier build, so that its verdict is not taken for one of this build.
   */
  public void clear() throws IOException {
    Files.deleteIfExists(file);
  }

  /** Writes the content atomically. */
  public void write(WholeFile.Content content) throws IOException {
    Path directory = file.toAbsolutePath().getParent();
    if (directory != null) {
      Files.createDirectories(directory);
    }
    WholeFile.write(file, content);
  }
}
