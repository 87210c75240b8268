package dev.modelsigning.internal.part;

import dev.modelsigning.internal.json.JsonReader;
import dev.modelsigning.internal.json.MalformedJsonException;
import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.internal.text.CanonicalPath;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An index that names the files with the weights of a model, such as {@code
 * model.safetensors.index.json}: an object whose {@code weight_map} has the file of each tensor by
 * its name.
 */
final class ShardIndex {

  /** The largest length of an index in bytes; those of the largest models have about 10 MB. */
  static final int MAX_SIZE = 64 << 20;

  /** The largest number of tensors; the largest models have about 100,000. */
  static final int MAX_TENSORS = 1_000_000;

  /** Brackets, names and values: two for each tensor, and a reserve for other members. */
  private static final long MAX_TOKENS = 3L * MAX_TENSORS;

  private static final String WEIGHT_MAP = "weight_map";

  /** With or without a variant before the last dot, such as {@code fp16}. */
  private static final Pattern NAME =
      Pattern.compile("(.+)(\\.safetensors|\\.bin)\\.index(?:\\.[^./]+)?\\.json", Pattern.DOTALL);

  private ShardIndex() {}

  /**
   * Returns the family of the parts of an index, according to its name.
   *
   * @return empty if the path is not that of an index
   */
  static Optional<PartName.Family> family(String path) {
    int slash = path.lastIndexOf('/') + 1;
    Matcher matcher = NAME.matcher(path.substring(slash));
    return matcher.matches()
        ? Optional.of(
            new PartName.Family(path.substring(0, slash), matcher.group(1), matcher.group(2)))
        : Optional.empty();
  }

  /**
   * Returns the paths in the model of the files that an index names.
   *
   * @param path the path of the index
   * @param content its content, which was verified
   * @throws MalformedJsonException if it is not an index, or names something that cannot be a file
   *     in or below its directory
   */
  static Set<String> files(String path, byte[] content) throws MalformedJsonException {
    String directory = path.substring(0, path.lastIndexOf('/') + 1);
    Set<String> files = new TreeSet<>(CanonicalPath.CODE_POINT_ORDER);
    boolean[] found = new boolean[1];
    JsonReader.read(
        Printable.escape(path),
        content,
        MAX_TOKENS,
        reader -> {
          reader.object(name -> {
            if (!name.equals(WEIGHT_MAP)) {
              reader.skip();
              return;
            }
            found[0] = true;
            reader.object(MAX_TENSORS, tensor -> files.add(directory + file(reader)));
          });
          if (!found[0]) {
            throw reader.missing(WEIGHT_MAP);
          }
          if (files.isEmpty()) {
            throw reader.malformed(WEIGHT_MAP, "names no file");
          }
          return files;
        });
    return files;
  }

  private static String file(JsonReader reader) throws MalformedJsonException {
    String file = reader.string();
    String problem = CanonicalPath.problem(file);
    if (problem == null && file.indexOf('\\') >= 0) {
      problem = "has a backslash, which is a directory's end to some programs";
    }
    if (problem != null) {
      throw reader.malformed(
          "expected the path of a file below the index, found "
              + Printable.quote(file)
              + ", which "
              + problem);
    }
    return file;
  }
}
