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
 * The files of a model as a tree, with as many of them as a person may look at: of all directories
 * that it has, it knows how much is below them. It does not grow with the model.
 */
public final class FileTree {

  /** How many files that differ are in the tree, of each kind. */
  public static final int MOST_DIFFERENCES = 400;

  /** How many other files, together and in each directory. */
  public static final int MOST_FILES = 2_000;

  public static final int MOST_FILES_IN_DIRECTORY = 100;

  /** How many directories, those with differences among them, and in how many steps. */
  public static final int MOST_DIRECTORIES = 1_000;

  private static final int MOST_DIRECTORIES_WITH_DIFFERENCES = 600;
  private static final int MOST_STEPS = 24;

  /** How a file compares with what was signed. */
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

    /** Its length in bytes, if that is known. */
    public OptionalLong size() {
      return size;
    }
  }

  /** A directory that is in the tree, with what is below it. */
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

    /** How many files there are below it, those that differ among them. */
    public long count() {
      return count;
    }

    /** How long these are together, in bytes, as far as that is known. */
    public long bytes() {
      return bytes;
    }

    /** How many of these differ. */
    public long differences() {
      return differences;
    }

    /** How many files are below it and not in the tree. */
    public long leftOut() {
      return count - files.size() - directories.values().stream().mapToLong(Directory::count).sum();
    }

    /** How many of these differ. */
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
   * The files that were signed and those that are there besides.
   *
   * @param differences how the model differs from what was signed
   * @param sizes the files that were signed, and how long they are
   */
  public static FileTree of(ManifestDiff differences, FileSizes sizes) {
    FileTree tree = new FileTree();
    // First what differs, so that there is room for it; then all is counted once.
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

  /** The files that changed, each once, whichever of its shards did. */
  private static Stream<String> changed(ManifestDiff differences) {
    return differences.changed().stream().map(Changed::file).distinct();
  }

  /** Puts a file into the tree, unless there are too many, and the directories above it. */
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

  /** Counts a file that was signed, and puts it into the tree if there is room. */
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
   * Counts a file that differs.
   *
   * @param more how many files it is more than were signed
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

  /** Visits all directories above a file that are in the tree; null if the file is not. */
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

  /** The directory that is the model. */
  public Directory top() {
    return top;
  }
}
