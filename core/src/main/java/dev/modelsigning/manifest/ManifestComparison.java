package dev.modelsigning.manifest;

import dev.modelsigning.internal.table.IntOrder;
import dev.modelsigning.model.Digest;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.RandomAccess;
import java.util.function.IntFunction;

/**
 * The differences between the files of two manifests: added, removed, changed, or moved to another
 * name. It compares files, not the ranges of which some have digests. It trusts both manifests, and
 * makes no decision.
 *
 * <p>Files are represented by numbers until they are accessed, so that manifests of a million files
 * without any in common can be compared. All lists are in code point order of the (older) name.
 */
public final class ManifestComparison {

  private final Manifest before;
  private final Manifest after;
  private final int[] removed;
  private final int[] added;
  private final Pairs changed;
  private final Pairs moved;
  private final int unchanged;

  /**
   * A file in a manifest.
   *
   * @param name its path in the model; {@code .} for a single file in the format of older signers
   * @param digest the digest of its content; empty if there are several for its ranges
   * @param size its length in bytes; empty if the manifest does not determine it, as for digests of
   *     whole files
   */
  public record FileEntry(String name, Optional<Digest> digest, OptionalLong size) {}

  /** A file that both manifests have, with different content or under different names. */
  public record FileChange(FileEntry before, FileEntry after) {}

  /** Pairs of corresponding files of both manifests, by their numbers. */
  private static final class Pairs {
    private final int[] before;
    private final int[] after;

    Pairs(Numbers before, Numbers after) {
      this.before = before.toArray();
      this.after = after.toArray();
    }

    int count() {
      return before.length;
    }
  }

  /**
   * Returns the reason why two manifests cannot be compared: different algorithms or ranges result
   * in different digests of the same content.
   *
   * @return the difference; empty if they can be compared
   */
  public static Optional<String> obstacle(Serialization before, Serialization after) {
    if (before.hashAlgorithm() != after.hashAlgorithm()) {
      return Optional.of(
          "digests by "
              + before.hashAlgorithm().id()
              + " cannot be compared with digests by "
              + after.hashAlgorithm().id());
    }
    String first = ranges(before);
    String second = ranges(after);
    return first.equals(second)
        ? Optional.empty()
        : Optional.of("digests of " + first + " cannot be compared with digests of " + second);
  }

  private static String ranges(Serialization serialization) {
    return serialization instanceof Serialization.Shards shards
        ? "shards of " + shards.shardSize() + " bytes"
        : "whole files";
  }

  /**
   * Compares two manifests.
   *
   * @throws IllegalArgumentException if there is an {@linkplain #obstacle obstacle}
   */
  public static ManifestComparison of(Manifest before, Manifest after) {
    obstacle(before.serialization(), after.serialization())
        .ifPresent(problem -> {
          throw new IllegalArgumentException(problem);
        });
    return new ManifestComparison(before, after);
  }

  private ManifestComparison(Manifest before, Manifest after) {
    this.before = before;
    this.after = after;
    ListedFiles old = before.files();
    ListedFiles fresh = after.files();
    Numbers gone = new Numbers();
    Numbers come = new Numbers();
    Numbers otherBefore = new Numbers();
    Numbers otherAfter = new Numbers();
    int[] oldOrder = old.order();
    int[] freshOrder = fresh.order();
    boolean sole = isSoleFile(old, fresh);
    int same = 0;
    int i = 0;
    int j = 0;
    while (i < oldOrder.length || j < freshOrder.length) {
      int order = order(oldOrder, i, freshOrder, j, sole);
      if (order < 0) {
        gone.add(oldOrder[i++]);
      } else if (order > 0) {
        come.add(freshOrder[j++]);
      } else {
        if (compareContent(before, oldOrder[i], after, freshOrder[j]) == 0) {
          same++;
        } else {
          otherBefore.add(oldOrder[i]);
          otherAfter.add(freshOrder[j]);
        }
        i++;
        j++;
      }
    }
    unchanged = same;
    changed = new Pairs(otherBefore, otherAfter);
    int[] goneFiles = gone.toArray();
    int[] comeFiles = come.toArray();
    int[] target = targets(goneFiles, comeFiles);
    moved = moves(goneFiles, comeFiles, target);
    removed = without(goneFiles, target);
    boolean[] taken = new boolean[comeFiles.length];
    for (int to : target) {
      if (to >= 0) {
        taken[to] = true;
      }
    }
    added = without(comeFiles, taken);
  }

  private int order(int[] oldOrder, int i, int[] freshOrder, int j, boolean sole) {
    if (i == oldOrder.length) {
      return 1;
    }
    if (j == freshOrder.length) {
      return -1;
    }
    return sole ? 0 : before.files().comparePath(oldOrder[i], after.files(), freshOrder[j]);
  }

  /**
   * Whether each has one file, and older signers gave one of them the name that stands for any. A
   * file in a directory is not the whole model.
   */
  private static boolean isSoleFile(ListedFiles old, ListedFiles fresh) {
    return old.count() == 1
        && fresh.count() == 1
        && (old.hasSingleFile() || fresh.hasSingleFile())
        && old.path(0).indexOf('/') < 0
        && fresh.path(0).indexOf('/') < 0;
  }

  /** An order in which files with the same content are adjacent, over both manifests. */
  private static int compareContent(Manifest one, int file, Manifest other, int otherFile) {
    ListedFiles files = one.files();
    ListedFiles others = other.files();
    int order = Integer.compare(files.rowCount(file), others.rowCount(otherFile));
    if (order == 0) {
      order = Long.compare(files.size(file), others.size(otherFile));
    }
    for (int i = 0; order == 0 && i < files.rowCount(file); i++) {
      order = one.compareDigest(files.row(file, i), other, others.row(otherFile, i));
    }
    return order;
  }

  /**
   * For each removed file, the index in the list of added files to which it may have moved, or -1.
   * If several have the same content, they are matched in the order of their names.
   */
  private int[] targets(int[] gone, int[] come) {
    int[] target = new int[gone.length];
    Arrays.fill(target, -1);
    int[] from =
        IntOrder.sorted(
            gone.length, (one, other) -> compareContent(before, gone[one], before, gone[other]));
    int[] to =
        IntOrder.sorted(
            come.length, (one, other) -> compareContent(after, come[one], after, come[other]));
    int i = 0;
    int j = 0;
    while (i < from.length && j < to.length) {
      int order = compareContent(before, gone[from[i]], after, come[to[j]]);
      if (order == 0) {
        target[from[i]] = to[j];
      }
      if (order <= 0) {
        i++;
      }
      if (order >= 0) {
        j++;
      }
    }
    return target;
  }

  private static Pairs moves(int[] gone, int[] come, int[] target) {
    Numbers from = new Numbers();
    Numbers to = new Numbers();
    for (int i = 0; i < gone.length; i++) {
      if (target[i] >= 0) {
        from.add(gone[i]);
        to.add(come[target[i]]);
      }
    }
    return new Pairs(from, to);
  }

  private static int[] without(int[] files, int[] target) {
    boolean[] taken = new boolean[files.length];
    for (int i = 0; i < files.length; i++) {
      taken[i] = target[i] >= 0;
    }
    return without(files, taken);
  }

  private static int[] without(int[] files, boolean[] taken) {
    Numbers rest = new Numbers();
    for (int i = 0; i < files.length; i++) {
      if (!taken[i]) {
        rest.add(files[i]);
      }
    }
    return rest.toArray();
  }

  /** Whether both have the same files with the same content. */
  public boolean isSame() {
    return removed.length == 0 && added.length == 0 && changed.count() == 0 && moved.count() == 0;
  }

  /** The number of files that are equal in both. */
  public int unchanged() {
    return unchanged;
  }

  /** Files that only the first manifest has. */
  public List<FileEntry> removed() {
    return new Made<>(removed.length, i -> entry(before, removed[i]));
  }

  /** Files that only the second manifest has. */
  public List<FileEntry> added() {
    return new Made<>(added.length, i -> entry(after, added[i]));
  }

  /** Files that both have, with different content. */
  public List<FileChange> changed() {
    return changes(changed);
  }

  /** Files with the same content and different names. Each is the source or target of one move. */
  public List<FileChange> moved() {
    return changes(moved);
  }

  private List<FileChange> changes(Pairs pairs) {
    return new Made<>(
        pairs.count(),
        i -> new FileChange(entry(before, pairs.before[i]), entry(after, pairs.after[i])));
  }

  private static FileEntry entry(Manifest manifest, int file) {
    ListedFiles files = manifest.files();
    long size = files.size(file);
    return new FileEntry(
        files.path(file),
        files.rowCount(file) == 1
            ? Optional.of(manifest.digest(files.row(file, 0)))
            : Optional.empty(),
        size == ListedFiles.UNKNOWN ? OptionalLong.empty() : OptionalLong.of(size));
  }

  /** A list whose elements are created when they are accessed. */
  private static final class Made<T> extends AbstractList<T> implements RandomAccess {
    private final int size;
    private final IntFunction<T> making;

    Made(int size, IntFunction<T> making) {
      this.size = size;
      this.making = making;
    }

    @Override
    public T get(int index) {
      return making.apply(Objects.checkIndex(index, size));
    }

    @Override
    public int size() {
      return size;
    }
  }

  /** A growing list of numbers. */
  private static final class Numbers {
    private int[] numbers = new int[16];
    private int count;

    void add(int number) {
      if (count == numbers.length) {
        numbers = Arrays.copyOf(numbers, 2 * count);
      }
      numbers[count++] = number;
    }

    int[] toArray() {
      return Arrays.copyOf(numbers, count);
    }
  }
}
