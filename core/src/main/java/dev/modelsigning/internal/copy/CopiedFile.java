package dev.modelsigning.internal.copy;

import dev.modelsigning.facts.FileParts;
import dev.modelsigning.model.ModelFile;
import dev.modelsigning.model.Version;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.FileSystemException;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A file of a model that is copied while it is read: the bytes returned to the reader are the ones
 * written to the copy, from the same buffer. No part of it is read twice, as a second read could
 * return other bytes.
 *
 * <p>The buffer belongs to the reader and is not copied into a private one first. A third party's
 * source or digester that kept the buffer, to modify it between writing and hashing, runs in this
 * process and could modify the copy itself just as well; a digester is trusted with the digests
 * anyway. One more buffer would cost an additional copy of every byte, and the source would have
 * access to that buffer too.
 */
final class CopiedFile implements ModelFile {

  private final ModelFile file;
  private final FreshDirectory directory;
  private final Consumer<CopiedFile> complete;

  // Read once from the source: the name that is checked is the name that is written, whatever the
  // source returns later.
  private final String name;
  private final byte[] utf8Name;
  private final long size;

  /**
   * The ends of the parts that were opened, by their starts. Guarded by this, like the other
   * fields.
   */
  private final TreeMap<Long, Long> parts = new TreeMap<>();

  private @Nullable FileChannel target;
  private long written;
  private int open;

  /**
   * Creates the copy of a file.
   *
   * @param file the file to read
   * @param directory the directory to write to
   * @param complete called when the whole file was written
   */
  CopiedFile(ModelFile file, FreshDirectory directory, Consumer<CopiedFile> complete) {
    this.file = file;
    this.directory = directory;
    this.complete = complete;
    this.name = file.name();
    this.utf8Name = file.utf8Name().clone();
    this.size = file.size();
  }

  @Override
  public ReadableByteChannel open(long from, long to) throws IOException {
    claim(from, to);
    ReadableByteChannel source = file.open(from, to);
    if (size == 0) {
      return source;
    }
    try {
      return new Part(source, from, to);
    } catch (IOException | RuntimeException e) {
      source.close();
      throw e;
    }
  }

  private synchronized void claim(long from, long to) throws IOException {
    Map.Entry<Long, Long> before = parts.lowerEntry(to);
    if (before != null && before.getValue() > from) {
      throw new FileSystemException(
          file.location(), null, "a part of it was to be read twice, so there can be no copy");
    }
    if (from < to) {
      parts.put(from, to);
    }
  }

  /** The channel of the copy, which is opened for the first part and closed after the last one. */
  private synchronized FileChannel begin() throws IOException {
    if (size == 0) {
      // Empty files are created when they are listed; nothing is written to them.
      throw new IllegalStateException("an empty file has no parts");
    }
    if (target == null) {
      target = directory.create(name);
    }
    open++;
    return target;
  }

  /** Creates an empty file, which nobody needs to open. */
  void createEmpty() throws IOException {
    directory.create(name).close();
  }

  private synchronized void end(long bytes) throws IOException {
    written += bytes;
    open--;
    if (open == 0 && written == size && target != null) {
      target.close();
      complete.accept(this);
    }
  }

  /** Closes the channel, even if the copy is incomplete. */
  synchronized void abandon() throws IOException {
    if (target != null) {
      target.close();
    }
  }

  /** The progress of the copy, for messages. */
  synchronized String state() {
    return "expected " + size + " bytes in its copy, written were " + written;
  }

  /** A part of the file, which is copied while it is read. */
  private final class Part implements ReadableByteChannel, FileParts {
    private final ReadableByteChannel source;
    private final FileChannel copy;
    private final long from;
    private final long to;
    private long at;
    private boolean closed;

    Part(ReadableByteChannel source, long from, long to) throws IOException {
      this.source = source;
      this.copy = begin();
      this.from = from;
      this.to = to;
      this.at = from;
    }

    @Override
    public int read(ByteBuffer block) throws IOException {
      int start = block.position();
      int read = source.read(block);
      if (block.position() != start + Math.max(0, read)) {
        // The hasher relies on one of the two lengths, so the copy would be of a different file.
        throw new FileSystemException(
            file.location(),
            null,
            "expected " + read + " more bytes in a buffer, found " + (block.position() - start));
      }
      // Bytes after the end of the part are not copied; the reader detects that the file grew.
      int wanted = (int) Math.min(read, to - at);
      if (wanted > 0) {
        ByteBuffer same = block.duplicate().position(start).limit(start + wanted);
        while (same.hasRemaining()) {
          at += copy.write(same, at);
        }
      }
      return read;
    }

    @Override
    public long size() {
      return size;
    }

    /** Reads from the copy, since the source is read only once. */
    @Override
    public void read(ByteBuffer into, long start) throws IOException {
      Objects.checkFromIndexSize(start, into.remaining(), size);
      long place = start;
      while (into.hasRemaining()) {
        int read = copy.read(into, place);
        if (read < 0) {
          throw new FileSystemException(
              file.location(), null, "its copy ends before " + size + " bytes");
        }
        place += read;
      }
    }

    @Override
    public boolean isOpen() {
      return !closed;
    }

    @Override
    public void close() throws IOException {
      if (!closed) {
        closed = true;
        try (source) {
          end(at - from);
        }
      }
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public byte[] utf8Name() {
    return utf8Name.clone();
  }

  @Override
  public String location() {
    return file.location();
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public Optional<Instant> modified() {
    return file.modified();
  }

  @Override
  public Version version() {
    return file.version();
  }

  @Override
  public void requireUnchanged() throws IOException {
    file.requireUnchanged();
  }

  @Override
  public boolean cheapRanges() {
    return file.cheapRanges();
  }
}
