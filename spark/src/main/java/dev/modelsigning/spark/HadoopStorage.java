package dev.modelsigning.spark;

import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.internal.text.CanonicalPath;
import dev.modelsigning.model.EntryKind;
import dev.modelsigning.model.IrregularEntry;
import dev.modelsigning.model.Selection;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.hadoop.fs.EtagSource;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.apache.hadoop.hdfs.protocol.HdfsFileStatus;
import org.apache.spark.SparkConf;
import org.jspecify.annotations.Nullable;

/**
 * A file system of Hadoop: HDFS, or S3 by S3A. Checksums of HDFS stay on; a store that has entity
 * tags is asked for the version that was listed.
 *
 * @param root the URI of the model, without a slash at its end
 * @param flat whether it is a store that has keys instead of directories
 * @param below whether only what is below it can be meant, and no file with that name
 */
record HadoopStorage(String root, boolean flat, boolean below) implements Storage {

  private static final long serialVersionUID = 1L;

  @Override
  public String name() throws IOException {
    String path = new Path(root).toUri().getPath();
    String name = path.substring(path.lastIndexOf('/') + 1);
    String host = new Path(root).toUri().getAuthority();
    if (name.isEmpty() && (host == null || !flat)) {
      throw new FileSystemException(root, null, "has no name; name a directory in it");
    }
    return name.isEmpty() ? host : name;
  }

  @Override
  public String location() {
    return root;
  }

  @Override
  public String locate(String name) {
    return name.isEmpty() ? root : root + "/" + name;
  }

  @Override
  public Storage followingLinks(boolean follow) {
    return this; // there are none
  }

  @Override
  public Optional<String> nameOf(java.nio.file.Path file) {
    return Optional.empty();
  }

  private FileSystem files(SparkConf conf) throws IOException {
    return HadoopFiles.of(new Path(root), conf);
  }

  @Override
  public void list(Selection selection, SparkConf conf, Entries entries) throws IOException {
    FileSystem files = files(conf);
    Path top = files.makeQualified(new Path(root));
    if (flat) {
      listKeys(files, top, entries);
      return;
    }
    FileStatus found;
    try {
      found = files.getFileStatus(top);
    } catch (FileNotFoundException e) {
      throw absent(e);
    }
    if (found.isFile()) {
      requireEmpty(files, found);
      entries.file("", name(), look(found), Optional.empty());
    } else if (found.isSymlink()) {
      throw new FileSystemException(root, null, "is a symbolic link; name what it leads to");
    } else {
      walk(files, top, entries);
    }
  }

  private NoSuchFileException absent(@Nullable IOException cause) {
    NoSuchFileException absent =
        new NoSuchFileException(root, null, "there is no such file or directory");
    absent.initCause(cause);
    return absent;
  }

  /** Lists a store. Each key is an entry, also where Hadoop shows none. */
  private void listKeys(FileSystem files, Path top, Entries entries) throws IOException {
    String key = top.toUri().getPath().substring(1);
    String prefix = key.isEmpty() ? "" : key + "/";
    S3aKeys keys = S3aKeys.of(files);
    boolean any = keys.isAny(prefix);
    Optional<FileStatus> object = below || key.isEmpty() ? Optional.empty() : object(files, top);
    if (object.isPresent() && any) {
      throw new FileSystemException(
          root,
          null,
          "is an object, and there are others below it; to name only those, write " + root + "/");
    }
    if (object.isPresent()) {
      entries.file("", name(), look(object.get()), Optional.empty());
      return;
    }
    if (!any && !key.isEmpty()) {
      throw absent(null);
    }
    keys.list(
        prefix,
        item -> {
          if (!item.isDirectory()) {
            pass(item.key().substring(prefix.length()), item, entries);
          }
        });
  }

  private static Optional<FileStatus> object(FileSystem files, Path top) throws IOException {
    try {
      return Optional.of(files.getFileStatus(top)).filter(FileStatus::isFile);
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
  }

  /** What is no path is never read, as Hadoop would read something else. */
  private void pass(String name, S3aKeys.Item item, Entries entries) throws IOException {
    if (CanonicalPath.problem(name) != null) {
      entries.irregular(
          IrregularEntry.of(
              Printable.escape(name),
              root + "/" + Printable.escape(name),
              EntryKind.NAME_NOT_CANONICAL));
      return;
    }
    requireTag(locate(name), item.etag());
    entries.file(
        name, name, Look.of(item.size(), item.modified(), item.etag(), ""), Optional.empty());
  }

  private void walk(FileSystem files, Path top, Entries entries) throws IOException {
    Deque<Path> directories = new ArrayDeque<>();
    directories.push(top);
    while (!directories.isEmpty()) {
      Path directory = directories.pop();
      for (RemoteIterator<FileStatus> all = files.listStatusIterator(directory); all.hasNext(); ) {
        FileStatus entry = all.next();
        if (entry.isDirectory()) {
          directories.push(entry.getPath());
        } else {
          pass(files, top, entry, entries);
        }
      }
    }
  }

  private void pass(FileSystem files, Path top, FileStatus entry, Entries entries)
      throws IOException {
    String name = nameBelow(top, entry.getPath());
    if (entry.isFile()) {
      requireEmpty(files, entry);
      entries.file(name, name, look(entry), Optional.empty());
    } else {
      EntryKind kind = entry.isSymlink() ? EntryKind.SYMBOLIC_LINK : EntryKind.SPECIAL_FILE;
      entries.irregular(IrregularEntry.of(name, entry.getPath().toString(), kind));
    }
  }

  /** The path of an entry below the top. */
  private static String nameBelow(Path top, Path entry) throws FileSystemException {
    String above = top.toUri().getPath();
    String prefix = above.endsWith("/") ? above : above + "/";
    URI uri = entry.toUri();
    if (!uri.getPath().startsWith(prefix)) {
      throw new FileSystemException(
          entry.toString(), null, "was listed below " + top + ", where it does not lie");
    }
    return uri.getPath().substring(prefix.length());
  }

  private Look look(FileStatus status) throws FileSystemException {
    String etag = status instanceof EtagSource source ? source.getEtag() : null;
    if (flat) {
      requireTag(status.getPath().toString(), etag);
    }
    return Look.of(
        status.getLen(),
        Instant.ofEpochMilli(status.getModificationTime()),
        etag == null ? "" : etag,
        status instanceof HdfsFileStatus hdfs ? "file " + hdfs.getFileId() : "");
  }

  private static void requireTag(String file, @Nullable String etag) throws FileSystemException {
    if (etag == null || etag.isEmpty()) {
      throw new FileSystemException(
          file,
          null,
          "the store gives no entity tag (ETag) for it, so that nothing tells whether it changes"
              + " while it is read");
    }
  }

  @Override
  public Look look(String name, SparkConf conf) throws IOException {
    return look(status(name, files(conf)));
  }

  private FileStatus status(String name, FileSystem files) throws IOException {
    FileStatus found;
    try {
      found = files.getFileStatus(path(name));
    } catch (FileNotFoundException e) {
      NoSuchFileException absent = new NoSuchFileException(locate(name), null, "is not there");
      absent.initCause(e);
      throw absent;
    }
    if (!found.isFile()) {
      throw new Storage.ChangedException(locate(name), "is not a regular file");
    }
    return found;
  }

  private Path path(String name) throws FileSystemException {
    Path top = new Path(root);
    if (name.isEmpty()) {
      return top;
    }
    String below = below(top, name);
    // By its components: a name that begins like a URI would be taken for one.
    Path path = new Path(top.toUri().getScheme(), top.toUri().getAuthority(), below);
    if (!path.toUri().getPath().equals(below)) {
      throw new FileSystemException(
          locate(name), null, "cannot be read, as Hadoop takes it for " + path);
    }
    return path;
  }

  private static String below(Path top, String name) {
    String path = top.toUri().getPath();
    return (path.endsWith("/") ? path : path + "/") + name;
  }

  @Override
  public InputStream open(String name, Look version, long from, SparkConf conf) throws IOException {
    FileSystem files = files(conf);
    FileStatus found = status(name, files);
    if (!look(found).isSame(version)) {
      throw new Storage.ChangedException(
          locate(name), "was " + version + " when it was listed, and is " + look(found));
    }
    requireClosed(files, found.getPath());
    FSDataInputStream in =
        files instanceof DistributedFileSystem
            // The file that was looked at, whatever has its name by now.
            ? files.open(files.getPathHandle(found, Options.HandleOpt.exact()))
            : await(files.openFile(found.getPath()).withFileStatus(found).build(), locate(name));
    try {
      if (from > 0) {
        in.seek(from);
      }
      return in;
    } catch (IOException | RuntimeException e) {
      in.close();
      throw e;
    }
  }

  /** The name node does not count what is in the last block of a file that is being written. */
  private static void requireClosed(FileSystem files, Path file) throws IOException {
    if (files instanceof DistributedFileSystem hdfs && !hdfs.isFileClosed(file)) {
      throw new Storage.ChangedException(
          file.toString(), "is being written: it has more than its length says");
    }
  }

  /**
   * A file without content is not opened where files have shards, and only its length says that it
   * is empty.
   */
  private static void requireEmpty(FileSystem files, FileStatus file) throws IOException {
    if (file.getLen() == 0) {
      requireClosed(files, file.getPath());
    }
  }

  private static FSDataInputStream await(Future<FSDataInputStream> opening, String file)
      throws IOException {
    try {
      return opening.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException failure) {
        throw failure;
      }
      throw new FileSystemException(file, null, "cannot be opened: " + e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      opening.cancel(true);
      throw new java.io.InterruptedIOException("interrupted while " + file + " was opened");
    }
  }
}
