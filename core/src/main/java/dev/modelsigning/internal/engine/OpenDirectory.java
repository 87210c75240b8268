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
 * An open directory. Where the file system supports it, entries are examined and opened relative to
 * it, so that no component of their path can be replaced by a link in the meantime; elsewhere by
 * path. It may be used by several threads, except for the iteration.
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
   * @throws FileChangedException if it was replaced since it was found
   * @throws IOException if it cannot be opened
   */
  @SuppressWarnings("StreamResourceLeak") // closed with the returned object
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
    // The attributes of the opened directory, not of what is at its path now.
    BasicFileAttributes opened =
        secure == null
            ? found.attributes()
            : secure.getFileAttributeView(BasicFileAttributeView.class).readAttributes();
    if (!Objects.equals(opened.fileKey(), found.key())) {
      throw new FileChangedException(found.path(), "it was replaced by another file");
    }
  }

  /**
   * Requires that the path is still that of this directory, or does not exist.
   *
   * @throws FileChangedException if another directory, or something else, is at the path
   */
  void requireStillThere() throws IOException {
    if (found.key() == null) {
      return;
    }
    BasicFileAttributes now;
    try {
      now = found.attributes();
    } catch (IOException e) {
      // A directory may be deleted after all of it was read; unread files will be reported as
      // missing.
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

  /** The directory as it was found, to find it again. */
  public FoundDirectory found() {
    return found;
  }

  /**
   * The attributes of an entry itself, even if it is a link.
   *
   * @param entry its path, as returned by the iteration
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

  /** The same failure with the whole path: paths relative to a directory contain the name only. */
  private static IOException named(Path entry, IOException e) {
    String file = entry.toString();
    FileSystemException named;
    if (e instanceof NoSuchFileException) {
      // It existed when it was found.
      named = new NoSuchFileException(file, null, "it disappeared while the model was read");
    } else if (e instanceof AccessDeniedException) {
      named = new AccessDeniedException(file);
    } else if (e instanceof FileSystemLoopException) {
      named = new FileSystemLoopException(file);
    } else if (e instanceof FileSystemException other) {
      named = new FileSystemException(file, null, other.getReason());
    } else if (e.getClass().equals(IOException.class)) {
      // The file was replaced by a link.
      named = new FileSystemException(file, null, e.getMessage());
    } else {
      return e; // an interrupt
    }
    named.initCause(e);
    return named;
  }

  /** Opens a file by its path, without following a link. */
  static ReadableByteChannel openByPath(Path file) throws IOException {
    if (isZip(file)) {
      // A channel of a zip file would hold the whole entry in memory; zip files have no links.
      return Channels.newChannel(Files.newInputStream(file));
    }
    try {
      return Files.newByteChannel(file, READ);
    } catch (IllegalArgumentException | UnsupportedOperationException e) {
      // File systems without links need not support the option.
      return Files.newByteChannel(file, StandardOpenOption.READ);
    }
  }

  @Override
  public void close() throws IOException {
    stream.close();
  }
}
