package dev.modelsigning.maven.build;

import dev.modelsigning.local.ModelPath;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Compares the locations of files, independently of the spelling of paths and of symbolic links.
 */
public final class Places {

  private Places() {}

  /** Resolves the symbolic links of a path, as far as it exists. */
  public static Path real(Path path) throws IOException {
    Path absolute = path.toAbsolutePath().normalize();
    if (Files.exists(absolute)) {
      return absolute.toRealPath();
    }
    Path name = absolute.getFileName();
    Path parent = absolute.getParent();
    return name == null || parent == null ? absolute : real(parent).resolve(name);
  }

  /** Whether two paths denote the same file, which need not exist. */
  public static boolean isSame(Path one, Path other) throws IOException {
    return real(one).equals(real(other))
        || (Files.exists(one) && Files.exists(other) && Files.isSameFile(one, other));
  }

  /** Whether a file is a directory or is inside it. */
  public static boolean isWithin(Path directory, Path file) throws IOException {
    Path real = real(directory);
    for (@Nullable Path above = real(file); above != null; above = above.getParent()) {
      if (above.equals(real)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Converts paths to names in a model.
   *
   * @param parameter the parameter with the paths, which are absolute or relative to the model
   * @throws WrongParameterException if one lies outside of it, or is a pattern
   */
  public static List<String> inModel(String parameter, List<String> paths, Path model)
      throws IOException, WrongParameterException {
    List<String> names = new ArrayList<>();
    for (String text : paths) {
      names.add(inModel(parameter, text, model));
    }
    return names;
  }

  private static String inModel(String parameter, String text, Path model)
      throws IOException, WrongParameterException {
    Path path;
    Optional<String> name;
    try {
      path = model.resolve(text);
      name = ModelPath.within(model, path);
    } catch (InvalidPathException e) {
      throw new WrongParameterException(parameter, text + ": there are no such paths");
    } catch (FileSystemException e) {
      throw new WrongParameterException(parameter, text + ": " + e.getMessage());
    }
    if (name.isEmpty()) {
      throw new WrongParameterException(
          parameter, text + " is not in the model; name it relative to the model (OMS 6.2.1)");
    }
    boolean pattern = text.chars().anyMatch(c -> c == '*' || c == '?' || c == '[');
    if (pattern && !Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      throw new WrongParameterException(
          parameter,
          "there is nothing at " + text + ", and there are no patterns; name the path itself");
    }
    return name.get();
  }
}
