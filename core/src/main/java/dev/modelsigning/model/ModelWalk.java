package dev.modelsigning.model;

import dev.modelsigning.finding.Finding;
import dev.modelsigning.finding.Rules;
import dev.modelsigning.internal.hash.DirectoryHandler;
import dev.modelsigning.internal.hash.DirectoryScan;
import dev.modelsigning.internal.hash.FileHash;
import dev.modelsigning.internal.hash.FoundDirectory;
import dev.modelsigning.internal.hash.OpenDirectory;
import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.model.UncoveredEntry.Reason;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Gives every entry of a model directory a verdict (OMS 6.1): a file, left out by a rule, or
 * irregular. Nothing is passed over in silence. Directories are entered, links to directories never
 * are. Files are hashed as they are found, but for large ones.
 */
final class ModelWalk implements DirectoryHandler<ModelWalk.Directory> {

  private final Path root;
  private final boolean followLinks;
  private final IgnoreRules rules;
  private final Listed listed;
  private final long rangeSize;
  private final HashProgress progress;
  private final ModelSink sink;
  private @Nullable Path realRoot;

  /**
   * An entry that is neither a directory nor a file that may be hashed.
   *
   * @param name its path in the model, escaped where it cannot be represented
   * @param path where it is
   * @param kind what it is
   * @param failure why it could not be read, if that is the matter
   */
  record Irregular(String name, Path path, EntryKind kind, @Nullable FileSystemException failure) {}

  /** A directory of the model. */
  static final class Directory {
    /** What the names of its entries begin with: its own name and a slash, or nothing. */
    final String prefix;

    /** The same in UTF-8. */
    final byte[] bytes;

    /** Why what is in it is left out, unless it is listed; null if it is not. */
    final @Nullable Reason reason;

    Directory(String prefix, byte[] bytes, @Nullable Reason reason) {
      this.prefix = prefix;
      this.bytes = bytes;
      this.reason = reason;
    }
  }

  /** Names that no rule leaves out. */
  interface Listed {
    /** What is listed while a model is signed: nothing, so rules may leave out any name. */
    Listed NONE =
        new Listed() {
          @Override
          public boolean hasFile(byte[] name) {
            return false;
          }

          @Override
          public boolean hasFileBelow(String directory) {
            return false;
          }
        };

    /** Whether a file is among them. */
    boolean hasFile(byte[] name);

    /** Whether a file in a directory, or below it, is among them. */
    boolean hasFileBelow(String directory);
  }

  /**
   * A walk that has yet to begin.
   *
   * @param root the model's directory
   * @param followLinks whether links to files count as files
   * @param rules what is left out
   * @param listed names that are never left out, whatever the rules say
   * @param rangeSize length of the ranges that get a digest each
   * @param progress is told how many files were found
   * @param sink decides, and takes what was found
   */
  ModelWalk(
      Path root,
      boolean followLinks,
      IgnoreRules rules,
      Listed listed,
      long rangeSize,
      HashProgress progress,
      ModelSink sink) {
    this.root = root;
    this.followLinks = followLinks;
    this.rules = rules;
    this.listed = listed;
    this.rangeSize = rangeSize;
    this.progress = progress;
    this.sink = sink;
  }

  /** The directory to begin with. */
  static Directory top() {
    return new Directory("", new byte[0], null);
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
    report(name, path, EntryKind.UNREADABLE_DIRECTORY, named, directory.reason);
  }

  /** An error that says where it happened, which only those of the default file system all do. */
  private static IOException naming(Path path, IOException e) {
    boolean interrupted =
        e instanceof ClosedByInterruptException
            // Also the class of what took too long on a network, which is an error like any other.
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
    String component = CanonicalPath.lastComponent(entry);
    if (component == null || CanonicalPath.problem(component) != null) {
      String shown = directory.prefix + Printable.escape(String.valueOf(entry.getFileName()));
      report(shown, entry, EntryKind.UNREPRESENTABLE_NAME, null, reason(directory, shown));
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
      report(name, entry, EntryKind.UNREADABLE_ENTRY, named, reason(directory, name));
      return;
    }
    if (target != null) {
      found.hash(open, target, scan);
    }
  }

  /** Why an entry is left out, if it is not listed. */
  private @Nullable Reason reason(Directory directory, String name) {
    return directory.reason != null ? directory.reason : rules.exact(name);
  }

  /** An entry with a name that can be. */
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

    /** Finds out what it is; returns the attributes of a file that is to be hashed. */
    @Nullable BasicFileAttributes judge(OpenDirectory open, DirectoryScan<Directory> scan)
        throws IOException {
      BasicFileAttributes attributes = open.attributes(path);
      Reason reason = directory.reason;
      if (reason == null && rules.canMatch(directory.prefix.length() + component.length())) {
        reason = rules.exact(name());
      }
      Reason inherited = reason; // what a listed name excuses is not excused below it
      if (reason != null && listed.hasFile(bytes)) {
        reason = null;
      }
      if (attributes.isDirectory()) {
        if (reason == null || listed.hasFileBelow(name())) {
          enter(attributes, inherited, scan);
        } else {
          sink.ignored(new UncoveredEntry(name(), EntryKind.DIRECTORY, reason));
        }
      } else if (reason != null) {
        sink.ignored(new UncoveredEntry(name(), kindOf(attributes), reason));
      } else if (attributes.isRegularFile()) {
        return attributes;
      } else if (attributes.isSymbolicLink()) {
        return link(name(), path);
      } else {
        sink.irregular(new Irregular(name(), path, EntryKind.SPECIAL_FILE, null));
      }
      return null;
    }

    private void enter(
        BasicFileAttributes attributes, @Nullable Reason reason, DirectoryScan<Directory> scan) {
      byte[] prefix = Arrays.copyOf(bytes, bytes.length + 1);
      prefix[bytes.length] = '/';
      scan.enter(
          new Directory(name() + "/", prefix, reason),
          new FoundDirectory(path, attributes.fileKey(), false));
    }

    void hash(OpenDirectory open, BasicFileAttributes target, DirectoryScan<Directory> scan)
        throws IOException, InterruptedException {
      int number = sink.file(bytes, target.size());
      if (number == ModelSink.NOT_HASHED) {
        return;
      }
      progress.found(1, target.size());
      FileHash file =
          link
              ? FileHash.of(path, target, rangeSize, true)
              : FileHash.in(open.found(), path, target, rangeSize);
      scan.hash(open, file, digests -> sink.hashed(number, bytes, target.size(), digests));
    }

    private @Nullable BasicFileAttributes link(String name, Path path) throws IOException {
      link = true;
      BasicFileAttributes target = targetOf(path);
      if (target == null) {
        EntryKind kind = followLinks ? EntryKind.BROKEN_LINK : EntryKind.SYMBOLIC_LINK;
        sink.irregular(new Irregular(name, path, kind, null));
      } else if (target.isDirectory()) {
        sink.irregular(new Irregular(name, path, EntryKind.DIRECTORY_LINK, null));
      } else if (!followLinks) {
        sink.irregular(new Irregular(name, path, EntryKind.SYMBOLIC_LINK, null));
      } else if (!target.isRegularFile()) {
        sink.irregular(new Irregular(name, path, EntryKind.SPECIAL_FILE, null));
      } else {
        if (!path.toRealPath().startsWith(realRoot())) {
          sink.finding(
              Finding.of(
                      Rules.LINK_LEAVES_MODEL,
                      "the symbolic link "
                          + Printable.quote(name)
                          + " leads out of the model (OMS 6.1.1)")
                  .withFile(name));
        }
        return target;
      }
      return null;
    }
  }

  /** The attributes of what a link leads to, or null if it leads nowhere or in a circle. */
  private static @Nullable BasicFileAttributes targetOf(Path link) {
    try {
      return Files.readAttributes(link, BasicFileAttributes.class);
    } catch (IOException e) {
      // Dangling, circular, or behind a directory that may not be entered: broken for every reader.
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
      Path path,
      EntryKind kind,
      @Nullable FileSystemException failure,
      @Nullable Reason reason) {
    if (reason == null) {
      sink.irregular(new Irregular(name, path, kind, failure));
    } else {
      sink.ignored(new UncoveredEntry(name, kind, reason));
    }
  }

  private static EntryKind kindOf(BasicFileAttributes attributes) {
    if (attributes.isRegularFile()) {
      return EntryKind.FILE;
    }
    return attributes.isSymbolicLink() ? EntryKind.SYMBOLIC_LINK : EntryKind.SPECIAL_FILE;
  }
}
