package dev.modelsigning.manifest;

import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.internal.table.IntOrder;
import dev.modelsigning.internal.table.NameIndex;
import dev.modelsigning.internal.table.NameTable;
import dev.modelsigning.internal.text.CanonicalPath;
import dev.modelsigning.model.Selection;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The files in a manifest, numbered from 0, and the rows of their resources: one for the whole
 * file, or its shards in ascending order.
 */
final class ListedFiles implements Selection.Listed {

  /** The size of a file that the manifest does not determine. */
  static final long UNKNOWN = -1;

  private final NameTable paths;
  private final @Nullable Shards shards;
  private volatile @Nullable NameIndex index;

  private ListedFiles(NameTable paths, @Nullable Shards shards) {
    this.paths = paths;
    this.shards = shards;
  }

  /** The shards of each file. */
  private static final class Shards {
    /** The rows of all resources, those of a file consecutively. */
    final int[] rows;

    /** For each file, the start of its rows; the last element is the number of all rows. */
    final int[] first;

    /** The lengths of the files in bytes. */
    final long[] sizes;

    Shards(int[] rows, int[] first, long[] sizes) {
      this.rows = rows;
      this.first = first;
      this.sizes = sizes;
    }
  }

  /**
   * A range of bytes of a file, and its name {@code path:start:end} (OMS 6.3.2).
   *
   * @param path the canonical path of the file
   * @param start first byte, from 0
   * @param end the byte after the last one, greater than start
   */
  record Shard(String path, long start, long end) {

    // The last two colons are the separators: a path may contain colons.
    private static final Pattern NAME =
        Pattern.compile("(.+):(0|[1-9][0-9]{0,18}):([1-9][0-9]{0,18})", Pattern.DOTALL);

    Shard {
      if (start < 0 || end <= start) {
        throw new IllegalArgumentException("no range of bytes: " + start + " to " + end);
      }
    }

    /**
     * Parses the name of a shard.
     *
     * @throws IllegalArgumentException if it is not the name of a shard
     */
    static Shard parse(String name) {
      Matcher matcher = NAME.matcher(name);
      if (!matcher.matches()) {
        throw new IllegalArgumentException(
            Printable.quote(name) + " is not the name of a shard, path:start:end (OMS 6.3.2)");
      }
      try {
        return new Shard(
            matcher.group(1), Long.parseLong(matcher.group(2)), Long.parseLong(matcher.group(3)));
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException(
            Printable.quote(name) + " has an offset beyond 2^63 (OMS 6.3.2)", e);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            Printable.quote(name) + " does not name a range of bytes (OMS 6.3.2)", e);
      }
    }

    String name() {
      return path + ":" + start + ":" + end;
    }
  }

  static ListedFiles ofFiles(NameTable names) {
    return new ListedFiles(names, null);
  }

  /**
   * Groups shards by file and requires that they cover each file from its start, without gaps.
   *
   * @throws IllegalArgumentException if they do not, or a name is not that of a shard
   */
  static ListedFiles ofShards(NameTable names, long shardSize) {
    int count = names.count();
    NameTable paths = names.sharing();
    Map<String, Integer> numbers = new HashMap<>();
    int[] fileOf = new int[count];
    long[] starts = new long[count];
    long[] ends = new long[count];
    for (int row = 0; row < count; row++) {
      Shard shard = Shard.parse(names.text(row));
      if (!shard.path().equals(Manifest.SINGLE_FILE)) {
        CanonicalPath.require(shard.path());
      }
      Integer known = numbers.putIfAbsent(shard.path(), paths.count());
      if (known == null) {
        fileOf[row] = paths.count();
        int length = shard.path().getBytes(StandardCharsets.UTF_8).length;
        paths.addStartOf(names, row, length);
      } else {
        fileOf[row] = known;
      }
      starts[row] = shard.start();
      ends[row] = shard.end();
    }
    int[] rows =
        IntOrder.sorted(
            count,
            (row, other) ->
                fileOf[row] != fileOf[other]
                    ? Integer.compare(fileOf[row], fileOf[other])
                    : Long.compare(starts[row], starts[other]));
    int[] first = new int[paths.count() + 1];
    long[] sizes = new long[paths.count()];
    for (int i = 0, ofFile = 0; i < count; i++, ofFile++) {
      int row = rows[i];
      if (i > 0 && fileOf[rows[i - 1]] != fileOf[row]) {
        first[fileOf[row]] = i;
        ofFile = 0;
      }
      boolean last = i == count - 1 || fileOf[rows[i + 1]] != fileOf[row];
      String path = paths.text(fileOf[row]);
      requireCoverage(new Shard(path, starts[row], ends[row]), ofFile, last, shardSize);
      sizes[fileOf[row]] = ends[row];
    }
    first[paths.count()] = count;
    return new ListedFiles(paths, new Shards(rows, first, sizes));
  }

  private static void requireCoverage(Shard shard, int index, boolean last, long shardSize) {
    boolean startFits = shard.start() % shardSize == 0 && shard.start() / shardSize == index;
    long length = shard.end() - shard.start();
    boolean lengthFits = last ? length <= shardSize : length == shardSize;
    if (!startFits || !lengthFits) {
      throw new IllegalArgumentException(
          "the shards of "
              + Printable.quote(shard.path())
              + " do not cover it in steps of "
              + shardSize
              + " bytes: "
              + shard.start()
              + " to "
              + shard.end()
              + " is not range "
              + index
              + " (OMS 6.3.2)");
    }
  }

  /** The number of files. */
  int count() {
    return paths.count();
  }

  /** Whether the name that stands for a model of a single file is listed. */
  boolean hasSingleFile() {
    for (int file = 0; file < paths.count(); file++) {
      if (paths.length(file) == 1 && paths.text(file).equals(Manifest.SINGLE_FILE)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Finds a file.
   *
   * @param path the bytes of its path in the model
   * @return its number, or -1 if it is not listed
   */
  int find(byte[] path) {
    return index().find(path);
  }

  /** Finds a file; returns its number, or -1 if it is not listed. */
  int find(String path) {
    return find(path.getBytes(StandardCharsets.UTF_8));
  }

  /** A file below the name of another file, if there is any. */
  Optional<String> nested() {
    for (int file = 0; file < paths.count(); file++) {
      String path = paths.text(file);
      for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
        if (find(path.substring(0, slash)) >= 0) {
          return Optional.of(path);
        }
      }
    }
    return Optional.empty();
  }

  @Override
  public boolean hasFile(String name) {
    return find(name) >= 0;
  }

  @Override
  public boolean hasFileBelow(String directory) {
    return index().hasNameWithPrefix((directory + "/").getBytes(StandardCharsets.UTF_8));
  }

  private NameIndex index() {
    NameIndex made = index;
    if (made == null) {
      synchronized (this) {
        made = index;
        if (made == null) {
          made = new NameIndex(paths);
          index = made;
        }
      }
    }
    return made;
  }

  /** The path of a file in the model. */
  String path(int file) {
    return paths.text(file);
  }

  /** The length of a file in bytes, or {@link #UNKNOWN}. */
  long size(int file) {
    return shards == null ? UNKNOWN : shards.sizes[file];
  }

  /** The number of resources of a file. */
  int rowCount(int file) {
    return shards == null ? 1 : shards.first[file + 1] - shards.first[file];
  }

  /** The row of one of a file's resources, counted from 0 in ascending order of the ranges. */
  int row(int file, int number) {
    return shards == null ? file : shards.rows[shards.first[file] + number];
  }

  /** The numbers of the files in the code point order of their paths. */
  int[] order() {
    return paths.order();
  }

  /** Compares the path of a file with one of another manifest by code point. */
  int comparePath(int file, ListedFiles other, int otherFile) {
    return paths.compare(file, other.paths, otherFile);
  }

  /** The rows of a file's resources in ascending order of the ranges. */
  int[] rows(int file) {
    return shards == null
        ? new int[] {file}
        : Arrays.copyOfRange(shards.rows, shards.first[file], shards.first[file + 1]);
  }
}
