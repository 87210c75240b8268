package dev.modelsigning.local;

import dev.modelsigning.finding.Finding;
import dev.modelsigning.finding.Rules;
import dev.modelsigning.internal.engine.DirectoryHandler;
import dev.modelsigning.internal.engine.DirectoryScan;
import dev.modelsigning.internal.engine.FileHash;
import dev.modelsigning.internal.engine.FileTap;
import dev.modelsigning.internal.engine.FoundDirectory;
import dev.modelsigning.internal.engine.HashInput;
import dev.modelsigning.internal.engine.OpenDirectory;
import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.internal.text.CanonicalPath;
import dev.modelsigning.model.EntryKind;
import dev.modelsigning.model.Evidence;
import dev.modelsigning.model.HashOutcome.Hashed;
import dev.modelsigning.model.Hashing;
import dev.modelsigning.model.IrregularEntry;
import dev.modelsigning.model.Listing;
import dev.modelsigning.model.Selection;
import dev.modelsigning.model.UncoveredEntry;
import dev.modelsigning.model.UncoveredEntry.Reason;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Classifies every entry of a model directory (OMS 6.1): a file, left out by a rule, or irregular.
 * No entry is skipped silently. Directories are entered, links to directories never. Files are
 * hashed as they are found, except large ones, which are deferred.
 */
final class ModelWalk implements DirectoryHandler<ModelWalk.Directory> {

  private final Path root;
  private final Selection selection;
  private final boolean followsLinks;
  private final Optional<Hashing> hashing;
  private final long rangeSize;
  private final Listing listing;
  private final ChangeTimes changes = new ChangeTimes();
  private @Nullable Path realRoot;

  // Both guarded by this.
  private long leaving;
  private String firstLeaving = "";

  /** A directory of the model. */
  static final class Directory {
    /** The prefix of the names of its entries: its own name and a slash, or nothing. */
    final String prefix;

    /** The same in UTF-8. */
    final byte[] bytes;

    /** The rule by which its content is left out; empty if it is listed. */
    final Optional<Reason> reason;

    Directory(String prefix, byte[] bytes, Optional<Reason> reason) {
      this.prefix = prefix;
      this.bytes = bytes;
      this.reason = reason;
    }
  }

  /**
   * Creates a walk.
   *
   * @param root the model's directory
   * @param selection decides what is left out
   * @param followsLinks whether links to files count as files
   * @param hashing how files are hashed as they are found; empty if they are not
   * @param listing receives what is found
   */
  ModelWalk(
      Path root,
      Selection selection,
      boolean followsLinks,
      Optional<Hashing> hashing,
      Listing listing) {
    this.root = root;
    this.selection = selection;
    this.followsLinks = followsLinks;
    this.hashing = hashing;
    this.rangeSize = hashing.map(LocalDigester::rangeSize).orElse(HashInput.WHOLE);
    this.listing = listing;
  }

  /** The root directory of the model. */
  static Directory top() {
    return new Directory("", new byte[0], Optional.empty());
  }

  @Override
  public void unlistable(Directory directory, Path path, IOException failure) throws IOException {
    if (!(naming(path, failure) instanceof FileSystemException named)) {
      throw failure;
    }
    if (directory.prefix.isEmpty()) {
      throw named;
    }
    String name = directory.prefix.substring(0, directory.prefix.length() - 1);
    report(name, path.toString(), EntryKind.UNREADABLE_DIRECTORY, named, directory.reason);
  }

  /** An error with the path; only those of the default file system always contain it. */
  private static IOException naming(Path path, IOException e) {
    boolean interrupted =
        e instanceof ClosedByInterruptException
            // The exception class is also that of a network time-out, which is an ordinary error.
            || (e instanceof InterruptedIOException && Thread.currentThread().isInterrupted());
    if (e instanceof FileSystemException || interrupted) {
      return e;
    }
    FileSystemException named = new FileSystemException(path.toString(), null, e.getMessage());
    named.initCause(e);
    return named;
  }

  @Override
  public void entry(
      Directory directory, OpenDirectory open, Path entry, DirectoryScan<Directory> scan)
      throws IOException, InterruptedException {
    String component = PathNames.lastComponent(entry);
    if (component == null || CanonicalPath.problem(component) != null) {
      String shown = directory.prefix + Printable.escape(String.valueOf(entry.getFileName()));
      Path parent = entry.getParent();
      String own = Printable.escape(String.valueOf(entry.getFileName()));
      report(
          shown,
          parent == null ? own : parent + "/" + own,
          EntryKind.UNREPRESENTABLE_NAME,
          null,
          reason(directory, shown));
      return;
    }
    Entry found = new Entry(directory, component, entry);
    BasicFileAttributes target;
    try {
      target = found.judge(open, scan);
    } catch (IOException e) {
      if (!(naming(entry, e) instanceof FileSystemException named)) {
        throw e;
      }
      String name = found.name();
      report(name, entry.toString(), EntryKind.UNREADABLE_ENTRY, named, reason(directory, name));
      return;
    }
    if (target != null) {
      found.hash(open, target, scan);
    }
  }

  /** The rule by which an entry that cannot be listed is left out. */
  private Optional<Reason> reason(Directory directory, String name) {
    return selection.reason(directory.reason, name);
  }

  /** An entry with a valid name. */
  private final class Entry {
    private final Directory directory;
    private final String component;
    private final Path path;
    private final byte[] bytes;
    private boolean link;

    Entry(Directory directory, String component, Path path) {
      this.directory = directory;
      this.component = component;
      this.path = path;
      byte[] own = component.getBytes(StandardCharsets.UTF_8);
      int before = directory.bytes.length;
      this.bytes = Arrays.copyOf(directory.bytes, before + own.length);
      System.arraycopy(own, 0, bytes, before, own.length);
    }

    String name() {
      return directory.prefix + component;
    }

    /** Classifies the entry; returns the attributes of a file that may have to be hashed. */
    @Nullable BasicFileAttributes judge(OpenDirectory open, DirectoryScan<Directory> scan)
        throws IOException {
      BasicFileAttributes attributes = open.attributes(path);
      String name = name();
      if (attributes.isDirectory()) {
        Optional<Reason> reason = selection.reason(directory.reason, name);
        if (reason.isEmpty() || selection.hasListed(name)) {
          enter(attributes, reason, scan);
        } else {
          listing.leftOut(new UncoveredEntry(name, EntryKind.DIRECTORY, reason.get()));
        }
        return null;
      }
      // Checked before any access: entries that a rule leaves out may appear and disappear.
      Optional<Reason> reason = selection.leavesOut(directory.reason, name);
      if (reason.isPresent()) {
        listing.leftOut(new UncoveredEntry(name, kindOf(attributes), reason.get()));
      } else if (attributes.isRegularFile()) {
        return attributes;
      } else if (attributes.isSymbolicLink()) {
        return link(name, path);
      } else {
        listing.irregular(IrregularEntry.of(name, path.toString(), EntryKind.SPECIAL_FILE));
      }
      return null;
    }

    private void enter(
        BasicFileAttributes attributes, Optional<Reason> reason, DirectoryScan<Directory> scan) {
      byte[] prefix = Arrays.copyOf(bytes, bytes.length + 1);
      prefix[bytes.length] = '/';
      scan.enter(
          new Directory(name() + "/", prefix, reason),
          new FoundDirectory(path, attributes.fileKey(), false));
    }

    void hash(OpenDirectory open, BasicFileAttributes target, DirectoryScan<Directory> scan)
        throws IOException, InterruptedException {
      FileHash input =
          link
              ? FileHash.of(path, target, rangeSize, true)
              : FileHash.in(open.found(), path, target, rangeSize);
      LocalFile file = new LocalFile(bytes, input, changes);
      if (!listing.wants(file)) {
        return;
      }
      if (hashing.isEmpty()) {
        listing.file(file);
        return;
      }
      scan.hash(open, input, new Found(listing, file, hashing.get()));
    }

    private @Nullable BasicFileAttributes link(String name, Path path) throws IOException {
      link = true;
      BasicFileAttributes target = targetOf(path);
      if (target == null) {
        irregular(followsLinks ? EntryKind.BROKEN_LINK : EntryKind.SYMBOLIC_LINK);
      } else if (target.isDirectory()) {
        irregular(EntryKind.DIRECTORY_LINK);
      } else if (!followsLinks) {
        irregular(EntryKind.SYMBOLIC_LINK);
      } else if (!target.isRegularFile()) {
        irregular(EntryKind.SPECIAL_FILE);
      } else {
        if (!path.toRealPath().startsWith(realRoot())) {
          leaves(name);
        }
        return target;
      }
      return null;
    }

    private void irregular(EntryKind kind) {
      listing.irregular(IrregularEntry.of(name(), path.toString(), kind));
    }
  }

  /** A file whose digests are being computed. */
  private record Found(Listing listing, LocalFile file, Hashing how)
      implements DirectoryScan.Result {
    @Override
    public void digests(byte[][] digests) throws IOException {
      listing.hashed(new Hashed(file, Arrays.asList(digests), Evidence.READ));
    }

    @Override
    public @Nullable FileTap tap(ByteBuffer start) {
      return InspectedFile.of(file, how, start);
    }
  }

  /**
   * A download cache consists of links that lead out of the model, so they are reported together.
   */
  private synchronized void leaves(String name) {
    if (leaving == 0 || CanonicalPath.CODE_POINT_ORDER.compare(name, firstLeaving) < 0) {
      firstLeaving = name;
    }
    leaving++;
  }

  /** Reports what concerns the whole directory, after all of it was classified. */
  synchronized void end() {
    if (leaving == 0) {
      return;
    }
    String name = Printable.quote(firstLeaving);
    String links =
        leaving == 1
            ? "the symbolic link " + name + " leads"
            : leaving + " symbolic links, such as " + name + ", lead";
    listing.finding(
        Finding.of(Rules.LINK_LEAVES_MODEL, links + " out of the model (OMS 6.1.1)")
            .withFile(firstLeaving));
  }

  private static EntryKind kindOf(BasicFileAttributes attributes) {
    if (attributes.isRegularFile()) {
      return EntryKind.FILE;
    }
    return attributes.isSymbolicLink() ? EntryKind.SYMBOLIC_LINK : EntryKind.SPECIAL_FILE;
  }

  /** The attributes of the target of a link, or null if there is none or the link is circular. */
  private static @Nullable BasicFileAttributes targetOf(Path link) {
    try {
      return Files.readAttributes(link, BasicFileAttributes.class);
    } catch (IOException e) {
      // Dangling, circular, or inside a directory without access: broken for every reader.
      return null;
    }
  }

  private synchronized Path realRoot() throws IOException {
    if (realRoot == null) {
      realRoot = root.toRealPath();
    }
    return realRoot;
  }

  private void report(
      String name,
      String location,
      EntryKind kind,
      @Nullable FileSystemException failure,
      Optional<Reason> reason) {
    if (reason.isEmpty()) {
      listing.irregular(new IrregularEntry(name, location, kind, Optional.ofNullable(failure)));
    } else {
      listing.leftOut(new UncoveredEntry(name, kind, reason.get()));
    }
  }
}
