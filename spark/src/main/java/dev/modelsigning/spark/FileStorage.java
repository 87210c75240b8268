package dev.modelsigning.spark;

import dev.modelsigning.finding.Finding;
import dev.modelsigning.local.DirectorySource;
import dev.modelsigning.model.HashOutcome.Hashed;
import dev.modelsigning.model.IrregularEntry;
import dev.modelsigning.model.Listing;
import dev.modelsigning.model.ModelFile;
import dev.modelsigning.model.Selection;
import dev.modelsigning.model.UncoveredEntry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.SparkConf;

/**
 * A file system that all machines have at the same path. It is not read by Hadoop, which hides some
 * files ({@code .*.crc}), follows links and knows times to the millisecond, but as a single machine
 * reads it.
 *
 * @param root the path of the model
 * @param links whether links to files are followed
 */
record FileStorage(String root, boolean links) implements Storage {

  private static final long serialVersionUID = 1L;

  @Override
  public String name() throws IOException {
    return DirectorySource.of(Path.of(root)).name();
  }

  @Override
  public String location() {
    return root;
  }

  @Override
  public String locate(String name) {
    return name.isEmpty() ? root : Path.of(root).resolve(name).toString();
  }

  @Override
  public Storage followingLinks(boolean follow) {
    return new FileStorage(root, follow);
  }

  @Override
  public Optional<String> nameOf(Path file) throws IOException {
    return DirectorySource.of(Path.of(root)).nameOf(file);
  }

  @Override
  public void list(Selection selection, SparkConf conf, Entries entries) throws IOException {
    DirectorySource.of(Path.of(root))
        .list(selection, Optional.empty(), new Translation(this, entries));
  }

  /** Passes on what the walk of a single machine finds. Nothing is asked of the walk itself. */
  private static final class Translation implements Listing {
    private final FileStorage storage;
    private final Entries entries;
    private boolean single;

    Translation(FileStorage storage, Entries entries) {
      this.storage = storage;
      this.entries = entries;
    }

    @Override
    public synchronized void singleFile() {
      single = true;
    }

    @Override
    public synchronized boolean wants(ModelFile file) throws IOException {
      Instant modified =
          file.modified()
              .orElseThrow(() -> new FileSystemException(file.location(), null, "has no time"));
      String path = single ? "" : file.name();
      Look look = Look.of(file.size(), modified, "", storage.identityIfThere(path));
      entries.file(path, file.name(), look, Optional.of(file));
      return false;
    }

    @Override
    public void file(ModelFile file) throws IOException {
      throw notAsked(file);
    }

    @Override
    public void hashed(Hashed outcome) throws IOException {
      throw notAsked(outcome.file());
    }

    private static FileSystemException notAsked(ModelFile file) {
      return new FileSystemException(file.location(), null, "was passed without being asked for");
    }

    @Override
    public synchronized void leftOut(UncoveredEntry entry) {
      entries.leftOut(entry);
    }

    @Override
    public synchronized void irregular(IrregularEntry entry) {
      entries.irregular(entry);
    }

    @Override
    public synchronized void finding(Finding finding) {
      entries.finding(finding);
    }
  }

  @Override
  public Look look(String name, SparkConf conf) throws IOException {
    Path file = Path.of(locate(name));
    BasicFileAttributes found =
        Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (links && found.isSymbolicLink()) {
      found = Files.readAttributes(file, BasicFileAttributes.class);
    }
    if (!found.isRegularFile()) {
      throw new Storage.ChangedException(file.toString(), "is not a regular file here");
    }
    return Look.of(
        found.size(), found.lastModifiedTime().toInstant(), "", identity(file, options()));
  }

  private LinkOption[] options() {
    return links ? new LinkOption[0] : new LinkOption[] {LinkOption.NOFOLLOW_LINKS};
  }

  /**
   * Which file it is, and when anything of it changed last, which its owner cannot set; empty where
   * the system does not say. Not its device, which has another number on each machine.
   */
  private static String identity(Path file, LinkOption... options) throws IOException {
    if (!file.getFileSystem().supportedFileAttributeViews().contains("unix")) {
      return "";
    }
    Map<String, Object> found = Files.readAttributes(file, "unix:ino,ctime", options);
    return "file " + found.get("ino") + " changed " + found.get("ctime");
  }

  /** What has vanished by now is no file that executors find, and they say so. */
  private String identityIfThere(String name) {
    try {
      return identity(Path.of(locate(name)), options());
    } catch (IOException e) {
      return "";
    }
  }

  @Override
  public InputStream open(String name, Look version, long from, SparkConf conf) throws IOException {
    List<OpenOption> options = new ArrayList<>(List.of(StandardOpenOption.READ));
    if (!links) {
      options.add(LinkOption.NOFOLLOW_LINKS);
    }
    FileChannel channel =
        FileChannel.open(Path.of(locate(name)), options.toArray(new OpenOption[0]));
    try {
      channel.position(from);
      return Channels.newInputStream(channel);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }
}
