package dev.modelsigning.manifest;

import dev.modelsigning.finding.Finding;
import dev.modelsigning.finding.Rules;
import dev.modelsigning.json.Printable;
import dev.modelsigning.manifest.UncoveredEntry.Reason;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.NavigableSet;
import org.jspecify.annotations.Nullable;

/**
 * Finds every entry of a model directory and gives each a verdict (OMS 6.1): a file, left out by a
 * rule, or irregular. Nothing is passed over in silence. Directories are entered, links to
 * directories never are.
 */
final class ModelWalk {

  private final Path root;
  private final boolean followLinks;
  private final IgnoreRules rules;
  private final NavigableSet<String> listed;
  private final Deque<Pending> pending = new ArrayDeque<>();

  private final List<FoundFile> files = new ArrayList<>();
  private final List<UncoveredEntry> ignored = new ArrayList<>();
  private final List<Irregular> irregular = new ArrayList<>();
  private final List<Finding> findings = new ArrayList<>();
  private @Nullable Path realRoot;

  /**
   * A regular file, or an allowed link to one.
   *
   * @param name its canonical path in the model
   * @param path where it is
   * @param attributes its attributes; those of the target if it is a link
   */
  record FoundFile(String name, Path path, BasicFileAttributes attributes) {}

  /**
   * An entry that is neither a directory nor a file that may be hashed.
   *
   * @param name its path in the model, escaped where it cannot be represented
   * @param path where it is
   * @param kind what it is
   * @param failure why it could not be read, if that is the matter
   */
  record Irregular(String name, Path path, EntryKind kind, @Nullable FileSystemException failure) {}

  /** All that was found, each list in code point order of the names. */
  record Found(
      List<FoundFile> files,
      List<UncoveredEntry> ignored,
      List<Irregular> irregular,
      List<Finding> findings) {}

  /**
   * Walks a directory.
   *
   * @param root the model's directory
   * @param followLinks whether links to files count as files
   * @param rules what is left out
   * @param listed names that are never left out, whatever the rules say
   * @throws InterruptedIOException if the thread is interrupted
   * @throws IOException if the root cannot be read; what cannot be read below it is irregular
   */
  static Found walk(Path root, boolean followLinks, IgnoreRules rules, NavigableSet<String> listed)
      throws IOException {
    ModelWalk walk = new ModelWalk(root, followLinks, rules, listed);
    walk.walkAll();
    walk.files.sort(CanonicalPath.byName(FoundFile::name));
    walk.ignored.sort(CanonicalPath.byName(UncoveredEntry::name));
    walk.irregular.sort(CanonicalPath.byName(Irregular::name));
    walk.findings.sort(Comparator.comparing(Finding::message));
    return new Found(walk.files, walk.ignored, walk.irregular, walk.findings);
  }

  private ModelWalk(
      Path root, boolean followLinks, IgnoreRules rules, NavigableSet<String> listed) {
    this.root = root;
    this.followLinks = followLinks;
    this.rules = rules;
    this.listed = listed;
  }

  /** A directory that is still to be looked at; its prefix ends with a slash or is empty. */
  private record Pending(String prefix, Path directory) {}

  /** Not by recursion: an attacker chooses how deep the directories are. */
  private void walkAll() throws IOException {
    for (Path child : children(root)) {
      child("", child);
    }
    while (!pending.isEmpty()) {
      Pending next = pending.pop();
      List<Path> children;
      try {
        children = children(next.directory());
      } catch (FileSystemException e) {
        String name = next.prefix().substring(0, next.prefix().length() - 1);
        addUnlessIgnored(name, next.directory(), EntryKind.UNREADABLE_DIRECTORY, e);
        continue;
      }
      for (Path child : children) {
        child(next.prefix(), child);
      }
    }
  }

  private static List<Path> children(Path directory) throws IOException {
    try {
      return list(directory);
    } catch (IOException e) {
      throw naming(directory, e);
    }
  }

  private static List<Path> list(Path directory) throws IOException {
    List<Path> children = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
      stream.forEach(children::add);
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return children;
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

  private void child(String prefix, Path child) throws IOException {
    if (Thread.currentThread().isInterrupted()) {
      throw new InterruptedIOException("reading the model was interrupted");
    }
    String component = CanonicalPath.lastComponent(child);
    if (component == null || CanonicalPath.problem(component) != null) {
      String shown = prefix + Printable.escape(String.valueOf(child.getFileName()));
      addUnlessIgnored(shown, child, EntryKind.UNREPRESENTABLE_NAME, null);
      return;
    }
    String name = prefix + component;
    try {
      entry(name, child);
    } catch (IOException e) {
      if (naming(child, e) instanceof FileSystemException named) {
        addUnlessIgnored(name, child, EntryKind.UNREADABLE_ENTRY, named);
      } else {
        throw e;
      }
    }
  }

  private void entry(String name, Path path) throws IOException {
    BasicFileAttributes attributes =
        Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    Reason reason = listed.contains(name) ? null : rules.match(name);
    if (attributes.isDirectory()) {
      if (reason == null || isAboveListed(name)) {
        pending.push(new Pending(name + "/", path));
      } else {
        ignored.add(new UncoveredEntry(name, EntryKind.DIRECTORY, reason));
      }
    } else if (reason != null) {
      ignored.add(new UncoveredEntry(name, kindOf(attributes), reason));
    } else if (attributes.isRegularFile()) {
      files.add(new FoundFile(name, path, attributes));
    } else if (attributes.isSymbolicLink()) {
      link(name, path);
    } else {
      irregular.add(new Irregular(name, path, EntryKind.SPECIAL_FILE, null));
    }
  }

  private boolean isAboveListed(String directory) {
    String first = listed.ceiling(directory + "/");
    return first != null && first.startsWith(directory + "/");
  }

  private void link(String name, Path path) throws IOException {
    BasicFileAttributes target = targetOf(path);
    if (target == null) {
      EntryKind kind = followLinks ? EntryKind.BROKEN_LINK : EntryKind.SYMBOLIC_LINK;
      irregular.add(new Irregular(name, path, kind, null));
    } else if (target.isDirectory()) {
      irregular.add(new Irregular(name, path, EntryKind.DIRECTORY_LINK, null));
    } else if (!followLinks) {
      irregular.add(new Irregular(name, path, EntryKind.SYMBOLIC_LINK, null));
    } else if (!target.isRegularFile()) {
      irregular.add(new Irregular(name, path, EntryKind.SPECIAL_FILE, null));
    } else {
      if (!path.toRealPath().startsWith(realRoot())) {
        findings.add(
            Finding.of(
                    Rules.LINK_LEAVES_MODEL,
                    "the symbolic link "
                        + Printable.quote(name)
                        + " leads out of the model (OMS 6.1.1)")
                .withFile(name));
      }
      files.add(new FoundFile(name, path, target));
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

  private Path realRoot() throws IOException {
    if (realRoot == null) {
      realRoot = root.toRealPath();
    }
    return realRoot;
  }

  private void addUnlessIgnored(
      String name, Path path, EntryKind kind, @Nullable FileSystemException failure) {
    Reason reason = rules.match(name);
    if (reason == null) {
      irregular.add(new Irregular(name, path, kind, failure));
    } else {
      ignored.add(new UncoveredEntry(name, kind, reason));
    }
  }

  private static EntryKind kindOf(BasicFileAttributes attributes) {
    if (attributes.isRegularFile()) {
      return EntryKind.FILE;
    }
    return attributes.isSymbolicLink() ? EntryKind.SYMBOLIC_LINK : EntryKind.SPECIAL_FILE;
  }
}
