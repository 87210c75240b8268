package dev.modelsigning.internal.engine;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Iterator;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A directory that is held open. Where the file system has that, its entries are looked at and
 * opened relative to it, so that nothing on the way to them can be exchanged for a link meanwhile;
 * elsewhere by their paths. It may be used by several threads, but for its iteration.
 */
public final class OpenDirectory implements Closeable {

  private static final Set<OpenOption> READ =
      Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);

  private final FoundDirectory found;
  private final DirectoryStream<Path> stream;
  private final @Nullable SecureDirectoryStream<Path> secure;

  private OpenDirectory(FoundDirectory found, DirectoryStream<Path> stream) {
    this.found = found;
    this.stream = stream;
    this.secure =
        stream instanceof SecureDirectoryStream<Path> relative && !isZip(found.path())
            ? relative
            : null;
  }

  private static boolean isZip(Path path) {
    return path.getFileSystem().provider().getScheme().equals("jar");
  }

  /**
   * Opens a directory.
   *
   * @throws FileChangedException if it is not the one that was found
   * @throws IOException if it cannot be opened
   */
  @SuppressWarnings("StreamResourceLeak") // closed with what is returned
  static OpenDirectory open(FoundDirectory found) throws IOException {
    OpenDirectory directory = new OpenDirectory(found, Files.newDirectoryStream(found.path()));
    try {
      directory.requireSame();
      return directory;
    } catch (IOException | RuntimeException | Error e) {
      directory.close();
      throw e;
    }
  }

  private void requireSame() throws IOException {
    if (found.key() == null) {
      return;
    }
    // What was opened itself, whatever is at its path by now.
    BasicFileAttributes opened =
        secure == null
            ? found.attributes()
            : secure.getFileAttributeView(BasicFileAttributeView.class).readAttributes();
    if (!Objects.equals(opened.fileKey(), found.key())) {
      throw new FileChangedException(found.path(), "it was replaced by another file");
    }
  }

  /**
   * Requires that the directory is still where it was found, if anything is.
   *
   * @throws FileChangedException if there is another one, or something else
   */
  void requireStillThere() throws IOException {
    if (found.key() == null) {
      return;
    }
    BasicFileAttributes now;
    try {
      now = found.attributes();
    } catch (IOException e) {
      // It is gone, which it may be once all of it was read; what was not read is missed.
      return;
    }
    if (!Objects.equals(now.fileKey(), found.key())) {
      throw new FileChangedException(found.path(), "it was replaced by another file");
    }
  }

  /** The next entry, or null at the end. */
  static @Nullable Path next(Iterator<Path> entries) throws IOException {
    try {
      return entries.hasNext() ? entries.next() : null;
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  Iterator<Path> entries() {
    return stream.iterator();
  }

  /** The path of the directory. */
  public Path path() {
    return found.path();
  }

  /** Where the directory was found, to find it again. */
  public FoundDirectory found() {
    return found;
  }

  /**
   * The attributes of an entry itself, even if it is a link.
   *
   * @param entry its path, as the iteration gave it
   */
  public BasicFileAttributes attributes(Path entry) throws IOException {
    if (secure == null) {
      return Files.readAttributes(entry, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }
    try {
      return secure
          .getFileAttributeView(
              entry.getFileName(), BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
          .readAttributes();
    } catch (IOException e) {
      throw named(entry, e);
    }
  }

  /** Opens an entry that is not a link. */
  ReadableByteChannel channel(Path entry) throws IOException {
    try {
      return secure == null ? openByPath(entry) : secure.newByteChannel(entry.getFileName(), READ);
    } catch (IOException e) {
      throw named(entry, e);
    }
  }

  /** The same failure with the whole path: what is relative to a directory has a name only. */
  private static IOException named(Path entry, IOException e) {
    String file = entry.toString();
    FileSystemException named;
    if (e instanceof NoSuchFileException) {
      // It was found before.
      named = new NoSuchFileException(file, null, "it disappeared while the model was read");
    } else if (e instanceof AccessDeniedException) {
      named = new AccessDeniedException(file);
    } else if (e instanceof FileSystemLoopException) {
      named = new FileSystemLoopException(file);
    } else if (e instanceof FileSystemException other) {
      named = new FileSystemException(file, null, other.getReason());
    } else if (e.getClass().equals(IOException.class)) {
      // A link in place of the file.
      named = new FileSystemException(file, null, e.getMessage());
    } else {
      return e; // an interrupt
    }
    named.initCause(e);
    return named;
  }

  /** Opens a file that is not a link by its path. */
  static ReadableByteChannel openByPath(Path file) throws IOException {
    if (isZip(file)) {
      // A channel of a zip file would hold all of an entry in memory; it has no links.
      return Channels.newChannel(Files.newInputStream(file));
    }
    try {
      return Files.newByteChannel(file, READ);
    } catch (IllegalArgumentException | UnsupportedOperationException e) {
      // File systems without links need not know the option.
      return Files.newByteChannel(file, StandardOpenOption.READ);
    }
  }

  @Override
  public void close() throws IOException {
    stream.close();
  }
}
