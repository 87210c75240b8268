package dev.modelsigning.spark;

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
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.apache.spark.SparkConf;

/**
 * A file system of Hadoop: HDFS, or S3 by S3A. Checksums of HDFS stay on; a store that has entity
 * tags is asked for the version that was listed.
 *
 * @param root the URI of the model, without a slash at its end
 * @param flat whether all entries below a directory are listed by one call, as stores do that have
 *     no directories
 */
record HadoopStorage(String root, boolean flat) implements Storage {

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
    FileStatus found;
    try {
      found = files.getFileStatus(top);
    } catch (FileNotFoundException e) {
      throw absent(e);
    }
    if (found.isFile()) {
      entries.file("", name(), look(found), Optional.empty());
    } else if (found.isSymlink()) {
      throw new FileSystemException(root, null, "is a symbolic link; name what it leads to");
    } else if (flat) {
      for (RemoteIterator<? extends FileStatus> all = files.listFiles(top, true); all.hasNext(); ) {
        pass(top, all.next(), entries);
      }
    } else {
      walk(files, top, entries);
    }
  }

  private NoSuchFileException absent(IOException cause) {
    NoSuchFileException absent =
        new NoSuchFileException(root, null, "there is no such file or directory");
    absent.initCause(cause);
    return absent;
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
          pass(top, entry, entries);
        }
      }
    }
  }

  private void pass(Path top, FileStatus entry, Entries entries) throws IOException {
    String name = nameBelow(top, entry.getPath());
    if (entry.isFile()) {
      entries.file(name, name, look(entry), Optional.empty());
    } else {
      EntryKind kind = entry.isSymlink() ? EntryKind.SYMBOLIC_LINK : EntryKind.SPECIAL_FILE;
      entries.irregular(IrregularEntry.of(name, entry.getPath().toString(), kind));
    }
  }

  /** The path of an entry below the top. Hadoop changes keys of objects that are no paths. */
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
    if (flat && (etag == null || etag.isEmpty())) {
      throw new FileSystemException(
          status.getPath().toString(),
          null,
          "the store gives no entity tag (ETag) for it, so that nothing tells whether it changes"
              + " while it is read");
    }
    return Look.of(
        status.getLen(),
        Instant.ofEpochMilli(status.getModificationTime()),
        etag == null ? "" : etag);
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

  private Path path(String name) {
    Path top = new Path(root);
    // By its components: a name that begins like a URI would be taken for one.
    return name.isEmpty()
        ? top
        : new Path(top.toUri().getScheme(), top.toUri().getAuthority(), below(top, name));
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
        await(files.openFile(found.getPath()).withFileStatus(found).build(), locate(name));
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
