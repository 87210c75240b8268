package dev.modelsigning.oci.internal.layer;

import dev.modelsigning.internal.tar.TarEntry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The files of an archive in a temporary file, so that they can be read in any order and by several
 * threads. The digest of the layer was checked before any of them is handed out. The file is
 * private, and already unlinked where the system can do that.
 */
public final class SpooledArchive implements AutoCloseable {

  private final FileChannel file;
  private final List<Entry> entries;

  /**
   * A file of the archive.
   *
   * @param name its canonical name
   * @param size its length in bytes
   * @param start where it starts in the temporary file
   */
  public record Entry(String name, long size, long start) {}

  private SpooledArchive(FileChannel file, List<Entry> entries) {
    this.file = file;
    this.entries = List.copyOf(entries);
  }

  /**
   * Unpacks an archive to its end.
   *
   * @param archive the archive, from its start
   * @param directory where the temporary file is made
   */
  public static SpooledArchive of(LayerArchive archive, Path directory) throws IOException {
    Path place = Files.createTempFile(directory, ".model-signing-", ".layer");
    FileChannel file =
        FileChannel.open(
            place,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE);
    try {
      return new SpooledArchive(file, unpack(archive, file));
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private static List<Entry> unpack(LayerArchive archive, FileChannel file) throws IOException {
    List<Entry> entries = new ArrayList<>();
    byte[] buffer = new byte[128 * 1024];
    Optional<TarEntry> entry = archive.next();
    while (entry.isPresent()) {
      entries.add(new Entry(entry.get().name(), entry.get().size(), file.position()));
      int read = archive.read(buffer, 0, buffer.length);
      while (read >= 0) {
        ByteBuffer block = ByteBuffer.wrap(buffer, 0, read);
        while (block.hasRemaining()) {
          file.write(block);
        }
        read = archive.read(buffer, 0, buffer.length);
      }
      entry = archive.next();
    }
    return entries;
  }

  /** The files, in the order of the archive. */
  public List<Entry> entries() {
    return entries;
  }

  /** Opens a part of a file, from one byte to before another one. */
  public ReadableByteChannel open(Entry entry, long from, long to) {
    return new Part(entry.start() + from, entry.start() + to);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  private final class Part implements ReadableByteChannel {
    private final long end;
    private long at;
    private boolean open = true;

    Part(long start, long end) {
      this.at = start;
      this.end = end;
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
      if (at == end) {
        return -1;
      }
      int limit = into.limit();
      int wanted = (int) Math.min(into.remaining(), end - at);
      into.limit(into.position() + wanted);
      try {
        int read = file.read(into, at);
        if (read < 0) {
          throw new IOException("a temporary file was truncated");
        }
        at += read;
        return read;
      } finally {
        into.limit(limit);
      }
    }

    @Override
    public boolean isOpen() {
      return open;
    }

    @Override
    public void close() {
      open = false;
    }
  }
}
