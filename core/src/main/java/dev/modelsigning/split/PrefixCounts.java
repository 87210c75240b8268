package dev.modelsigning.split;

import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.internal.text.CanonicalPath;
import dev.modelsigning.manifest.ModelHasher;
import dev.modelsigning.model.ModelFile;
import dev.modelsigning.model.ModelSource;
import dev.modelsigning.model.Selection;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Counts the resources in each directory of a model. Nothing is kept of a file. */
final class PrefixCounts {

  private final ModelHasher hasher;
  private final Selection selection;
  private final Seen seen;

  /** Directories that must be no files. */
  private final Set<String> directories;

  // All guarded by this.
  private final Map<String, Long> own = new HashMap<>();
  private @Nullable String nested;
  private boolean single;

  private PrefixCounts(ModelHasher hasher, Set<String> directories) {
    this.hasher = hasher;
    this.selection = hasher.selection();
    this.seen = new Seen(selection);
    this.directories = directories;
  }

  /** Lists a model. */
  static PrefixCounts of(ModelSource model, ModelHasher hasher) throws IOException {
    return of(model, hasher, Set.of());
  }

  private static PrefixCounts of(ModelSource model, ModelHasher hasher, Set<String> directories)
      throws IOException {
    PrefixCounts counts = new PrefixCounts(hasher, directories);
    model.list(counts.selection, Optional.empty(), new FilesOnly(counts::add, counts::setSingle));
    return counts;
  }

  /** The names and versions of all files. */
  Seen seen() {
    return seen;
  }

  /**
   * Lists the model again, and demands that it has the same files in the same versions, none of
   * which lies below a name that is a file too: object stores have such names, and only the first
   * list says which names are directories.
   */
  void requireSame(ModelSource model) throws IOException {
    Set<String> names = new HashSet<>();
    for (String directory : own.keySet()) {
      for (String each = directory; !each.isEmpty() && names.add(each); ) {
        each = Prefix.parent(each);
      }
    }
    PrefixCounts now = of(model, hasher, names);
    now.seen.requireSame(seen, model.location(), "signed");
    if (now.nested != null) {
      throw new FileSystemException(
          model.location(),
          null,
          Printable.quote(now.nested)
              + " is a file, and there are files below it; no directory can have both (OMS 6.1.2)");
    }
  }

  private synchronized void setSingle() {
    single = true;
  }

  private synchronized void add(ModelFile file) {
    String name = file.name();
    if (single || !seen.add(file)) {
      return;
    }
    if (directories.contains(name + "/")) {
      nested = name;
    }
    long resources = hasher.resources(file.size());
    if (resources > 0) {
      own.merge(Prefix.above(name), resources, Long::sum);
    }
  }

  /**
   * Divides the model.
   *
   * @param model where it is, for display
   * @param most the greatest number of resources in a part
   * @return the prefixes of each part, in code point order
   * @throws FileSystemException if it cannot be divided so
   */
  List<List<Prefix>> plan(String model, long most) throws FileSystemException {
    if (single) {
      throw new FileSystemException(
          model, null, "is a single file, which has no prefixes; choose a larger shard size");
    }
    if (own.isEmpty()) {
      throw new FileSystemException(model, null, "the model has no files to sign (OMS 6.1)");
    }
    Division division = new Division(model, most);
    division.add("");
    return division.parts;
  }

  /** The division of a model. */
  private final class Division {
    private final String model;
    private final long most;
    private final Map<String, Long> all = new HashMap<>();
    private final Map<String, TreeSet<String>> children = new TreeMap<>();
    private final List<List<Prefix>> parts = new ArrayList<>();
    private long inLast;

    Division(String model, long most) {
      this.model = model;
      this.most = most;
      own.forEach((directory, resources) -> {
        String each = directory;
        all.merge(each, resources, Long::sum);
        while (!each.isEmpty()) {
          String above = Prefix.parent(each);
          children
              .computeIfAbsent(above, key -> new TreeSet<>(CanonicalPath.CODE_POINT_ORDER))
              .add(each);
          all.merge(above, resources, Long::sum);
          each = above;
        }
      });
    }

    /** Adds a directory: as a whole if that is not too much, or else by its subdirectories. */
    void add(String directory) throws FileSystemException {
      long whole = all.getOrDefault(directory, 0L);
      if (whole <= most) {
        put(new Prefix(directory, true), whole);
        return;
      }
      long direct = own.getOrDefault(directory, 0L);
      if (direct > most) {
        throw new FileSystemException(
            model,
            null,
            direct
                + " files or shards lie directly in "
                + (directory.isEmpty() ? "it" : Printable.quote(directory))
                + ", more than a part may have ("
                + most
                + "); divide them among subdirectories, or choose larger shards");
      }
      if (direct > 0) {
        put(new Prefix(directory, false), direct);
      }
      for (String child : children.getOrDefault(directory, new TreeSet<>())) {
        add(child);
      }
    }

    private void put(Prefix prefix, long resources) {
      if (parts.isEmpty() || inLast + resources > most) {
        parts.add(new ArrayList<>());
        inLast = 0;
      }
      parts.get(parts.size() - 1).add(prefix);
      inLast += resources;
    }
  }
}
