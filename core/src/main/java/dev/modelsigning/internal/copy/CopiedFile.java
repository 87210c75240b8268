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
 * A file of a model that is written to another place while it is read: the bytes that whoever reads
 * it gets are the ones that are written, from the same buffer. No part of it is read twice, as the
 * second reading could give other bytes than the first.
 *
 * <p>The buffer is that of whoever reads, and it is not copied to a private one first. A source or
 * a digester of somebody else that keeps a buffer, to change it between writing and hashing, runs
 * in this process and could as well write to the copy itself; a digester is trusted with the
 * digests anyway. One more buffer would cost every byte another way through memory, and the source
 * would have that one.
 */
final class CopiedFile implements ModelFile {

  private final ModelFile file;
  private final FreshDirectory directory;
  private final Consumer<CopiedFile> complete;

  // Asked for once: what is judged is what is written, whatever a source says later.
  private final String name;
  private final byte[] utf8Name;
  private final long size;

  /** Ends of the parts that were opened, by their starts; guarded by this, as the rest. */
  private final TreeMap<Long, Long> parts = new TreeMap<>();

  private @Nullable FileChannel target;
  private long written;
  private int open;

  /**
   * A file.
   *
   * @param file what is read
   * @param directory where it is written to
   * @param complete is told when all of it was written
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

  /** The file's channel, which the first part opens and the last one closes. */
  private synchronized FileChannel begin() throws IOException {
    if (size == 0) {
      // Made when it was found, and nothing is written to it.
      throw new IllegalStateException("an empty file has no parts");
    }
    if (target == null) {
      target = directory.create(name);
    }
    open++;
    return target;
  }

  /** Makes an empty file, which nobody need open. */
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

  /** Closes what is open, however far the copy has come. */
  synchronized void abandon() throws IOException {
    if (target != null) {
      target.close();
    }
  }

  /** How much of it was written, in words. */
  synchronized String state() {
    return "expected " + size + " bytes in its copy, written were " + written;
  }

  /** A part of the file, which is written while it is read. */
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
        // Who hashes goes by one of the two, so the copy would be of something else.
        throw new FileSystemException(
            file.location(),
            null,
            "expected " + read + " more bytes in a buffer, found " + (block.position() - start));
      }
      // What is behind the part is no part of the copy; whoever reads sees that the file grew.
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

    /** What was written, since the source is read once. */
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
