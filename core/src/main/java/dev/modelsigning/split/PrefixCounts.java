package dev.modelsigning.split;

import dev.modelsigning.finding.Finding;
import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.internal.text.CanonicalPath;
import dev.modelsigning.manifest.ModelHasher;
import dev.modelsigning.model.EntryKind;
import dev.modelsigning.model.HashOutcome.Hashed;
import dev.modelsigning.model.IrregularEntry;
import dev.modelsigning.model.Listing;
import dev.modelsigning.model.ModelFile;
import dev.modelsigning.model.ModelSource;
import dev.modelsigning.model.Selection;
import dev.modelsigning.model.UncoveredEntry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Counts the resources in each directory of a model, and sums up names and versions, so that two
 * lists of millions of files can be compared. Nothing else is kept of a file.
 */
final class PrefixCounts {

  private final ModelHasher hasher;
  private final Selection selection;

  // All guarded by this.
  private final Map<String, Long> own = new HashMap<>();
  private long files;
  private long sum;
  private boolean single;

  private PrefixCounts(ModelHasher hasher) {
    this.hasher = hasher;
    this.selection = hasher.selection();
  }

  /** Lists a model. */
  static PrefixCounts of(ModelSource model, ModelHasher hasher) throws IOException {
    PrefixCounts counts = new PrefixCounts(hasher);
    model.list(counts.selection, Optional.empty(), counts.new Counting());
    return counts;
  }

  /** Whether another list had the same files in the same versions. */
  boolean isSame(PrefixCounts other) {
    return files == other.files && sum == other.sum && own.equals(other.own);
  }

  private synchronized void add(ModelFile file) {
    String name = file.name();
    if (single || CanonicalPath.problem(name) != null || isLeftOut(name)) {
      return; // what has no valid name is refused when the first part is hashed
    }
    files++;
    sum += mark(file);
    long resources = hasher.resources(file.size());
    if (resources > 0) {
      own.merge(Prefix.above(name), resources, Long::sum);
    }
  }

  private boolean isLeftOut(String name) {
    return selection.hasRules() && selection.leftOut(name, EntryKind.FILE).isPresent();
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

  /** Receives the entries; none is hashed. */
  private final class Counting implements Listing {
    @Override
    public void singleFile() {
      synchronized (PrefixCounts.this) {
        single = true;
      }
    }

    @Override
    public boolean wants(ModelFile file) {
      add(file);
      return false;
    }

    @Override
    public void file(ModelFile file) throws IOException {
      throw new FileSystemException(file.location(), null, "was passed without being asked for");
    }

    @Override
    public void hashed(Hashed outcome) throws IOException {
      file(outcome.file());
    }

    // Each is judged when the part is hashed that it belongs to.

    @Override
    public void leftOut(UncoveredEntry entry) {}

    @Override
    public void irregular(IrregularEntry entry) {}

    @Override
    public void finding(Finding finding) {}
  }
}
