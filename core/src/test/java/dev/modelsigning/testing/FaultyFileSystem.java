package dev.modelsigning.testing;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.ProviderMismatchException;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.spi.FileSystemProvider;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A file system that is another one, except that something happens at chosen moments: before a
 * certain byte of a file is handed out, before a file is opened, and so on. What happens may be a
 * failure, or a change of the other file system behind the reader's back.
 *
 * <p>The moments do not depend on the sizes of buffers: a read that would go beyond a chosen byte
 * ends before it.
 */
public final class FaultyFileSystem extends FileSystem {

  /** What happens. If it throws, it happens again the next time, otherwise only once. */
  @FunctionalInterface
  public interface Fault {

    /** Does it, or fails as the file system is to fail; checked exceptions of any kind will do. */
    void strike() throws Exception;
  }

  private record Moment(String kind, String path, long position) {}

  private final FileSystem real;
  private final Provider provider = new Provider();
  private final Map<Moment, Fault> faults = new ConcurrentHashMap<>();
  private final Set<String> endless = ConcurrentHashMap.newKeySet();
  private volatile int longestRead = Integer.MAX_VALUE;
  private volatile int emptyReads;
  private volatile boolean slashes;

  /** The same files as in another file system. */
  public FaultyFileSystem(FileSystem real) {
    this.real = real;
  }

  /**
   * Triggers a fault before the byte at this offset is returned, or, at the length of the file,
   * before its end is reported.
   */
  public FaultyFileSystem beforeByte(long offset, Path file, Fault fault) {
    return before("read", file, offset, fault);
  }

  /** Before a file is opened. */
  public FaultyFileSystem beforeOpening(Path file, Fault fault) {
    return before("open", file, 0, fault);
  }

  /** When a file that was opened is closed. */
  public FaultyFileSystem whenClosing(Path file, Fault fault) {
    return before("close", file, 0, fault);
  }

  /** Triggers a fault before the attributes of a file or directory are returned. */
  public FaultyFileSystem beforeAttributes(Path file, Fault fault) {
    return before("attributes", file, 0, fault);
  }

  /**
   * Triggers a fault before the change time of a file, or another attribute requested by name, is
   * returned.
   */
  public FaultyFileSystem beforeNamedAttributes(Path file, Fault fault) {
    return before("named attributes", file, 0, fault);
  }

  /**
   * Triggers a fault before an entry of a directory is returned, counted from 0; at the number of
   * entries, before the end is reported; at -1, before the directory is opened.
   */
  public FaultyFileSystem beforeEntry(int number, Path directory, Fault fault) {
    return before("list", directory, number, fault);
  }

  /** When so many reads of a file have returned nothing, one after the other. */
  public FaultyFileSystem afterEmptyReads(int number, Path file, Fault fault) {
    return before("empty", file, number, fault);
  }

  private FaultyFileSystem before(String kind, Path path, long position, Fault fault) {
    faults.put(new Moment(kind, path.toString(), position), fault);
    return this;
  }

  /** Reads return this many bytes at most. */
  public FaultyFileSystem withReadsOfAtMost(int bytes) {
    longestRead = bytes;
    return this;
  }

  /** Before a read returns bytes or the end, this many others return nothing. */
  public FaultyFileSystem withEmptyReads(int number) {
    emptyReads = number;
    return this;
  }

  /** The content of a file is zeros that never end, whatever its length is said to be. */
  public FaultyFileSystem withEndless(Path file) {
    endless.add(file.toString());
    return this;
  }

  /** Directories are listed with a slash at the end of their names, as in an object store. */
  public FaultyFileSystem withSlashesBehindDirectories() {
    slashes = true;
    return this;
  }

  /** The path in the other file system, past all faults. */
  public Path real(Path path) {
    if (path instanceof FaultyPath faulty && faulty.getFileSystem() == this) {
      return faulty.path;
    }
    throw new ProviderMismatchException(path.toString());
  }

  private Path wrap(Path path) {
    return path == null ? null : new FaultyPath(path, "");
  }

  private void strike(String kind, Path real, long position) throws IOException {
    if (faults.isEmpty()) {
      return;
    }
    Moment moment = new Moment(kind, real.toString(), position);
    Fault fault = faults.remove(moment);
    if (fault == null) {
      return;
    }
    try {
      fault.strike();
    } catch (IOException | RuntimeException | Error e) {
      faults.put(moment, fault);
      throw e;
    } catch (Exception e) {
      throw new AssertionError("a fault that no file system has", e);
    }
  }

  /** The first offset at which something happens, from here on, or the greatest number. */
  private long nextFault(Path real, long offset) {
    return faults.keySet().stream()
        .filter(moment -> moment.kind().equals("read") && moment.path().equals(real.toString()))
        .mapToLong(Moment::position)
        .filter(position -> position >= offset)
        .min()
        .orElse(Long.MAX_VALUE);
  }

  @Override
  public FileSystemProvider provider() {
    return provider;
  }

  @Override
  public void close() throws IOException {
    real.close();
  }

  @Override
  public boolean isOpen() {
    return real.isOpen();
  }

  @Override
  public boolean isReadOnly() {
    return real.isReadOnly();
  }

  @Override
  public String getSeparator() {
    return real.getSeparator();
  }

  @Override
  public Iterable<Path> getRootDirectories() {
    return () -> mapped(real.getRootDirectories().iterator());
  }

  private Iterator<Path> mapped(Iterator<Path> paths) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return paths.hasNext();
      }

      @Override
      public Path next() {
        return wrap(paths.next());
      }
    };
  }

  @Override
  public Iterable<FileStore> getFileStores() {
    return real.getFileStores();
  }

  @Override
  public Set<String> supportedFileAttributeViews() {
    return real.supportedFileAttributeViews();
  }

  @Override
  public Path getPath(String first, String... more) {
    String text = more.length == 0 ? first : more[more.length - 1];
    Path path = real.getPath(first, more);
    boolean directory = slashes && text.length() > 1 && text.endsWith("/");
    return new FaultyPath(path, directory ? "/" : "");
  }

  @Override
  public PathMatcher getPathMatcher(String syntaxAndPattern) {
    PathMatcher matcher = real.getPathMatcher(syntaxAndPattern);
    return path -> matcher.matches(real(path));
  }

  @Override
  public UserPrincipalLookupService getUserPrincipalLookupService() {
    return real.getUserPrincipalLookupService();
  }

  @Override
  public WatchService newWatchService() throws IOException {
    return real.newWatchService();
  }

  private final class FaultyPath implements Path {
    private final Path path;
    private final String slash;

    FaultyPath(Path path, String slash) {
      this.path = path;
      this.slash = slash;
    }

    @Override
    public FileSystem getFileSystem() {
      return FaultyFileSystem.this;
    }

    @Override
    public boolean isAbsolute() {
      return path.isAbsolute();
    }

    @Override
    public Path getRoot() {
      return wrap(path.getRoot());
    }

    @Override
    public Path getFileName() {
      Path name = path.getFileName();
      return name == null ? null : new FaultyPath(name, slash);
    }

    @Override
    public Path getParent() {
      return wrap(path.getParent());
    }

    @Override
    public int getNameCount() {
      return path.getNameCount();
    }

    @Override
    public Path getName(int index) {
      return wrap(path.getName(index));
    }

    @Override
    public Path subpath(int beginIndex, int endIndex) {
      return wrap(path.subpath(beginIndex, endIndex));
    }

    @Override
    public boolean startsWith(Path other) {
      return getFileSystem().equals(other.getFileSystem()) && path.startsWith(real(other));
    }

    @Override
    public boolean endsWith(Path other) {
      return getFileSystem().equals(other.getFileSystem()) && path.endsWith(real(other));
    }

    @Override
    public Path normalize() {
      return wrap(path.normalize());
    }

    @Override
    public Path resolve(Path other) {
      return new FaultyPath(path.resolve(real(other)), ((FaultyPath) other).slash);
    }

    @Override
    public Path relativize(Path other) {
      return wrap(path.relativize(real(other)));
    }

    @Override
    public URI toUri() {
      return path.toUri();
    }

    @Override
    public Path toAbsolutePath() {
      return new FaultyPath(path.toAbsolutePath(), slash);
    }

    @Override
    public Path toRealPath(LinkOption... options) throws IOException {
      return wrap(path.toRealPath(options));
    }

    @Override
    public WatchKey register(
        WatchService watcher, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers)
        throws IOException {
      return path.register(watcher, events, modifiers);
    }

    @Override
    public int compareTo(Path other) {
      return path.compareTo(real(other));
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof FaultyPath that
          && getFileSystem().equals(that.getFileSystem())
          && path.equals(that.path)
          && slash.equals(that.slash);
    }

    @Override
    public int hashCode() {
      return path.hashCode();
    }

    @Override
    public String toString() {
      return path + slash;
    }
  }

  private final class Provider extends FileSystemProvider {

    private FileSystemProvider realProvider() {
      return real.provider();
    }

    @Override
    public String getScheme() {
      return "faulty";
    }

    @Override
    public FileSystem newFileSystem(URI uri, Map<String, ?> environment) {
      throw new UnsupportedOperationException();
    }

    @Override
    public FileSystem getFileSystem(URI uri) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Path getPath(URI uri) {
      throw new UnsupportedOperationException();
    }

    @Override
    public SeekableByteChannel newByteChannel(
        Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
        throws IOException {
      Path file = real(path);
      strike("open", file, 0);
      return new FaultyChannel(file, Files.newByteChannel(file, options, attributes));
    }

    @Override
    public DirectoryStream<Path> newDirectoryStream(
        Path path, DirectoryStream.Filter<? super Path> filter) throws IOException {
      Path directory = real(path);
      strike("list", directory, -1);
      DirectoryStream<Path> stream =
          realProvider().newDirectoryStream(directory, entry -> filter.accept(wrap(entry)));
      return new DirectoryStream<>() {
        @Override
        public Iterator<Path> iterator() {
          return new FaultyEntries(directory, stream.iterator());
        }

        @Override
        public void close() throws IOException {
          stream.close();
        }
      };
    }

    @Override
    public void createDirectory(Path path, FileAttribute<?>... attributes) throws IOException {
      Files.createDirectory(real(path), attributes);
    }

    @Override
    public void delete(Path path) throws IOException {
      Files.delete(real(path));
    }

    @Override
    public void copy(Path source, Path target, CopyOption... options) throws IOException {
      Files.copy(real(source), real(target), options);
    }

    @Override
    public void move(Path source, Path target, CopyOption... options) throws IOException {
      Files.move(real(source), real(target), options);
    }

    @Override
    public boolean isSameFile(Path path, Path other) throws IOException {
      return Files.isSameFile(real(path), real(other));
    }

    @Override
    public boolean isHidden(Path path) throws IOException {
      return Files.isHidden(real(path));
    }

    @Override
    public FileStore getFileStore(Path path) throws IOException {
      return Files.getFileStore(real(path));
    }

    @Override
    public void checkAccess(Path path, AccessMode... modes) throws IOException {
      realProvider().checkAccess(real(path), modes);
    }

    @Override
    public <V extends FileAttributeView> V getFileAttributeView(
        Path path, Class<V> type, LinkOption... options) {
      return Files.getFileAttributeView(real(path), type, options);
    }

    @Override
    public <A extends BasicFileAttributes> A readAttributes(
        Path path, Class<A> type, LinkOption... options) throws IOException {
      Path file = real(path);
      strike("attributes", file, 0);
      return Files.readAttributes(file, type, options);
    }

    @Override
    public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options)
        throws IOException {
      Path file = real(path);
      strike("named attributes", file, 0);
      return Files.readAttributes(file, attributes, options);
    }

    @Override
    public void setAttribute(Path path, String attribute, Object value, LinkOption... options)
        throws IOException {
      Files.setAttribute(real(path), attribute, value, options);
    }
  }

  private final class FaultyEntries implements Iterator<Path> {
    private final Path directory;
    private final Iterator<Path> entries;
    private int number;

    FaultyEntries(Path directory, Iterator<Path> entries) {
      this.directory = directory;
      this.entries = entries;
    }

    @Override
    public boolean hasNext() {
      try {
        strike("list", directory, number);
      } catch (IOException e) {
        throw new DirectoryIteratorException(e);
      }
      return entries.hasNext();
    }

    @Override
    public Path next() {
      number++;
      Path entry = entries.next();
      return new FaultyPath(entry, slashes && Files.isDirectory(entry) ? "/" : "");
    }
  }

  private final class FaultyChannel implements SeekableByteChannel {
    private final Path file;
    private final SeekableByteChannel channel;
    private final AtomicInteger emptyReadsLeft = new AtomicInteger(emptyReads);
    private long endlessPosition;

    FaultyChannel(Path file, SeekableByteChannel channel) {
      this.file = file;
      this.channel = channel;
    }

    @Override
    public synchronized int read(ByteBuffer target) throws IOException {
      if (emptyReadsLeft.getAndDecrement() > 0) {
        strike("empty", file, emptyReads - emptyReadsLeft.get());
        return 0;
      }
      emptyReadsLeft.set(emptyReads);
      long position = position();
      strike("read", file, position);
      int wanted = Math.min(target.remaining(), longestRead);
      if (!faults.isEmpty()) {
        wanted = (int) Math.min(wanted, nextFault(file, position + 1) - position);
      }
      if (endless.contains(file.toString())) {
        if (!isOpen()) {
          throw new ClosedChannelException();
        }
        target.put(new byte[wanted]);
        endlessPosition += wanted;
        return wanted;
      }
      int limit = target.limit();
      target.limit(target.position() + wanted);
      try {
        return channel.read(target);
      } finally {
        target.limit(limit);
      }
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
      return channel.write(source);
    }

    @Override
    public synchronized long position() throws IOException {
      return endless.contains(file.toString()) ? endlessPosition : channel.position();
    }

    @Override
    public synchronized SeekableByteChannel position(long newPosition) throws IOException {
      endlessPosition = newPosition;
      channel.position(newPosition);
      return this;
    }

    @Override
    public long size() throws IOException {
      return channel.size();
    }

    @Override
    public SeekableByteChannel truncate(long size) throws IOException {
      channel.truncate(size);
      return this;
    }

    @Override
    public boolean isOpen() {
      return real.isOpen() && channel.isOpen();
    }

    @Override
    public void close() throws IOException {
      channel.close();
      strike("close", file, 0);
    }
  }
}
