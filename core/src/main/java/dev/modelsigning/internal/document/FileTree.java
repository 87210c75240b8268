package dev.modelsigning.internal.document;

import dev.modelsigning.internal.text.CanonicalPath;
import dev.modelsigning.manifest.FileSizes;
import dev.modelsigning.manifest.ManifestDiff;
import dev.modelsigning.manifest.ManifestDiff.Changed;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The files of a model as a tree with a limited number of files: each directory in it knows the
 * totals of everything below it. Its size does not grow with the model.
 */
public final class FileTree {

  /** The largest number of differing files in the tree, of each kind. */
  public static final int MOST_DIFFERENCES = 400;

  /** The largest number of other files, in total and in each directory. */
  public static final int MOST_FILES = 2_000;

  public static final int MOST_FILES_IN_DIRECTORY = 100;

  /** The largest number of directories, including those with differences, and the largest depth. */
  public static final int MOST_DIRECTORIES = 1_000;

  private static final int MOST_DIRECTORIES_WITH_DIFFERENCES = 600;
  private static final int MOST_STEPS = 24;

  /** The result of comparing a file with what was signed. */
  public enum Mark {
    SIGNED("signed"),
    CHANGED("changed"),
    MISSING("missing"),
    NOT_SIGNED("not signed");

    private final String words;

    Mark(String words) {
      this.words = words;
    }

    @Override
    public String toString() {
      return words;
    }
  }

  /** A file that is in the tree. */
  public static final class File {
    private Mark mark;
    private OptionalLong size = OptionalLong.empty();

    File(Mark mark) {
      this.mark = mark;
    }

    public Mark mark() {
      return mark;
    }

    /** Its length in bytes, if known. */
    public OptionalLong size() {
      return size;
    }
  }

  /** A directory in the tree, with the totals of everything below it. */
  public static final class Directory {
    private final Map<String, Directory> directories =
        new TreeMap<>(CanonicalPath.CODE_POINT_ORDER);
    private final Map<String, File> files = new TreeMap<>(CanonicalPath.CODE_POINT_ORDER);
    private long count;
    private long bytes;
    private long differences;
    private int listed;

    /** Directories by name. */
    public Map<String, Directory> directories() {
      return directories;
    }

    /** Files by name. */
    public Map<String, File> files() {
      return files;
    }

    /** The number of files below it, including those that differ. */
    public long count() {
      return count;
    }

    /** The total length of these files in bytes, as far as it is known. */
    public long bytes() {
      return bytes;
    }

    /** The number of these that differ. */
    public long differences() {
      return differences;
    }

    /** The number of files below it that are not in the tree. */
    public long leftOut() {
      return count - files.size() - directories.values().stream().mapToLong(Directory::count).sum();
    }

    /** The number of these that differ. */
    public long differencesLeftOut() {
      return differences
          - files.values().stream().filter(file -> file.mark != Mark.SIGNED).count()
          - directories.values().stream().mapToLong(Directory::differences).sum();
    }
  }

  private final Directory top = new Directory();
  private int directories;
  private int files;

  private FileTree() {}

  /**
   * Builds the tree of the signed files and of those that are only in the model.
   *
   * @param differences the differences between the model and what was signed
   * @param sizes the signed files and their lengths
   */
  public static FileTree of(ManifestDiff differences, FileSizes sizes) {
    FileTree tree = new FileTree();
    // Differences first, so that there is room for them; then all files are counted once.
    changed(differences)
        .limit(MOST_DIFFERENCES)
        .forEach(name -> tree.put(name, Mark.CHANGED, MOST_DIRECTORIES_WITH_DIFFERENCES));
    differences.missing().stream()
        .limit(MOST_DIFFERENCES)
        .forEach(name -> tree.put(name, Mark.MISSING, MOST_DIRECTORIES_WITH_DIFFERENCES));
    differences.extra().stream()
        .limit(MOST_DIFFERENCES)
        .forEach(one -> tree.put(one.name(), Mark.NOT_SIGNED, MOST_DIRECTORIES_WITH_DIFFERENCES));
    sizes.forEach(tree::count);
    changed(differences).forEach(name -> tree.countDifference(name, Mark.CHANGED, 0));
    differences.missing().forEach(name -> tree.countDifference(name, Mark.MISSING, 0));
    differences.extra().forEach(one -> tree.countDifference(one.name(), Mark.NOT_SIGNED, 1));
    return tree;
  }

  /** The changed files, each once, even if several of its shards changed. */
  private static Stream<String> changed(ManifestDiff differences) {
    return differences.changed().stream().map(Changed::file).distinct();
  }

  /** Adds a file and the directories above it, unless a limit is reached. */
  private void put(String path, Mark mark, int mostDirectories) {
    Directory directory = top;
    int from = 0;
    int steps = 0;
    for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', from)) {
      String name = path.substring(from, slash);
      Directory next = directory.directories.get(name);
      if (next == null) {
        if (directories >= mostDirectories || steps >= MOST_STEPS) {
          return;
        }
        next = new Directory();
        directory.directories.put(name, next);
        directories++;
      }
      directory = next;
      from = slash + 1;
      steps++;
    }
    String name = path.substring(from);
    if (mark != Mark.SIGNED) {
      directory.files.computeIfAbsent(name, absent -> new File(mark));
    } else if (files < MOST_FILES
        && directory.listed < MOST_FILES_IN_DIRECTORY
        && directory.files.putIfAbsent(name, new File(mark)) == null) {
      files++;
      directory.listed++;
    }
  }

  /** Counts a signed file, and adds it to the tree if there is room. */
  private void count(String path, OptionalLong size) {
    put(path, Mark.SIGNED, MOST_DIRECTORIES);
    File file =
        visit(
            path,
            directory -> {
              directory.count++;
              directory.bytes += size.orElse(0);
            });
    if (file != null) {
      file.size = size;
    }
  }

  /**
   * Counts a differing file.
   *
   * @param more the number of files by which it exceeds the signed ones
   */
  private void countDifference(String path, Mark mark, int more) {
    File file =
        visit(
            path,
            directory -> {
              directory.count += more;
              directory.differences++;
            });
    if (file != null) {
      file.mark = mark;
    }
  }

  /**
   * Visits all directories in the tree above a file; returns null if the file is not in the tree.
   */
  private @Nullable File visit(String path, Consumer<Directory> visitor) {
    Directory directory = top;
    visitor.accept(directory);
    int from = 0;
    for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', from)) {
      Directory next = directory.directories.get(path.substring(from, slash));
      if (next == null) {
        return null;
      }
      directory = next;
      visitor.accept(directory);
      from = slash + 1;
    }
    return directory.files.get(path.substring(from));
  }

  /** The root directory of the model. */
  public Directory top() {
    return top;
  }
}
