package dev.modelsigning.internal.file;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Reads small files completely, with limits on size and time. In Java, opening a FIFO blocks until
 * there is a writer, and cannot be interrupted; so a separate thread opens and reads the file, and
 * is abandoned on a time-out or when the caller is interrupted. Files are read once, so they may be
 * pipes where {@link FileKind} permits.
 */
public final class SmallFile {

  /** The limit for pipes and devices, which may be endless. */
  private static final int MAX_STREAM = 16 * 1024 * 1024;

  private static final Duration OPENING = Duration.ofSeconds(30);
  private static final Duration READING = Duration.ofMinutes(5);

  private final Path file;
  private final FileKind kind;
  private final BasicFileAttributes attributes;
  private final CountDownLatch opened = new CountDownLatch(1);

  private SmallFile(Path file, FileKind kind, BasicFileAttributes attributes) {
    this.file = file;
    this.kind = kind;
    this.attributes = attributes;
  }

  /**
   * Reads a file.
   *
   * @param file the file, or a link to it
   * @param kind its purpose
   * @throws FileTooLargeException if it is larger than the limit for its kind
   * @throws InterruptedIOException if the thread is interrupted
   * @throws IOException if it cannot be read, or not before the time-out
   */
  public static byte[] read(Path file, FileKind kind) throws IOException {
    return read(file, kind, OPENING, READING);
  }

  static byte[] read(Path file, FileKind kind, Duration opening, Duration reading)
      throws IOException {
    SmallFile small = of(file, kind);
    return small.inTime(stream -> small.read(stream), opening, reading);
  }

  /**
   * Parses a file as a stream, in the thread that reads it.
   *
   * @param file the file, or a link to it
   * @param kind its purpose, one that requires a regular file
   * @param parser parses the content
   * @throws FileTooLargeException if it is larger than the limit for its kind
   * @throws InterruptedIOException if the thread is interrupted
   * @throws IOException if it cannot be read, or not before the time-out
   * @throws E if the parser throws it
   */
  public static <T, E extends Exception> T parse(Path file, FileKind kind, Parser<T, E> parser)
      throws IOException, E {
    SmallFile small = of(file, kind);
    return small.<T, E>inTime(
        stream -> parser.parse(small.new Bounded(stream), small.attributes.size()),
        OPENING,
        READING);
  }

  /**
   * Parses a file as a stream in the thread of the caller, while another thread reads it: only the
   * reading is bounded, and the parser may take as long as it needs.
   *
   * @param file the file, or a link to it
   * @param kind its purpose, one that requires a regular file
   * @param parser parses the content
   * @throws FileTooLargeException if it is larger than the limit for its kind
   * @throws InterruptedIOException if the thread is interrupted while it waits for the content
   * @throws IOException if it cannot be read, or not before the time-out, or if the parser throws
   *     it
   * @throws E if the parser throws it
   */
  public static <T, E extends Exception> T parseHere(Path file, FileKind kind, Parser<T, E> parser)
      throws IOException, E {
    return parseHere(file, kind, parser, OPENING, READING);
  }

  static <T, E extends Exception> T parseHere(
      Path file, FileKind kind, Parser<T, E> parser, Duration opening, Duration reading)
      throws IOException, E {
    SmallFile small = of(file, kind);
    HandedBlocks blocks = new HandedBlocks();
    FutureTask<Boolean> task =
        start(() -> {
          try {
            return small.<Boolean, InterruptedException>content(
                stream -> blocks.fill(small.new Bounded(stream)));
          } finally {
            blocks.end(); // also after a failure, so that nobody waits for more
          }
        });
    try {
      small.awaitOpened(opening);
      return parser.parse(small.new Awaited(blocks, task, reading), small.attributes.size());
    } finally {
      task.cancel(true); // no effect if it has ended
    }
  }

  /** Parses the content of a file. */
  @FunctionalInterface
  public interface Parser<T, E extends Exception> {
    /**
     * Parses the content.
     *
     * @param content a stream, not buffered, that fails when it becomes too long
     * @param size the length of the file as reported by the file system, in bytes
     */
    T parse(InputStream content, long size) throws IOException, E;
  }

  @FunctionalInterface
  private interface Use<T, E extends Exception> {
    T use(InputStream content) throws IOException, E;
  }

  /** A stream that fails beyond the size limit. */
  private final class Bounded extends FilterInputStream {
    private long left = (long) kind.maxSize() + 1;

    Bounded(InputStream stream) {
      super(stream);
    }

    @Override
    public int read() throws IOException {
      byte[] single = new byte[1];
      return read(single, 0, 1) < 0 ? -1 : single[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int read = super.read(target, offset, (int) Math.min(length, left));
      left -= Math.max(0, read);
      if (left == 0) {
        throw tooLarge();
      }
      return read;
    }
  }

  /** What another thread reads. Only the time that is spent waiting for it is bounded. */
  private final class Awaited extends InputStream {
    private final HandedBlocks blocks;
    private final FutureTask<Boolean> reader;
    private final Duration reading;
    private long left;
    private ByteBuffer block = ByteBuffer.allocate(0);
    private boolean ended;

    Awaited(HandedBlocks blocks, FutureTask<Boolean> reader, Duration reading) {
      this.blocks = blocks;
      this.reader = reader;
      this.reading = reading;
      this.left = reading.toNanos();
    }

    @Override
    public int read() throws IOException {
      byte[] single = new byte[1];
      return read(single, 0, 1) < 0 ? -1 : single[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      if (!block.hasRemaining() && !ended) {
        next();
      }
      if (ended) {
        return -1;
      }
      int read = Math.min(length, block.remaining());
      block.get(target, offset, read);
      return read;
    }

    private void next() throws IOException {
      long start = System.nanoTime();
      try {
        Optional<ByteBuffer> next = blocks.next(left);
        if (next.isEmpty()) {
          throw notInTime(reading);
        }
        block = next.get();
        if (!block.hasRemaining()) {
          requireComplete();
          ended = true;
        }
      } catch (InterruptedException e) {
        throw interrupted();
      } finally {
        left -= System.nanoTime() - start;
      }
    }

    /** The last block is also handed over after a failure. */
    private void requireComplete() throws IOException {
      result(reader, reading, Duration.ofNanos(Math.max(1, left)));
    }
  }

  private static SmallFile of(Path file, FileKind kind) throws IOException {
    BasicFileAttributes attributes;
    try {
      attributes = Files.readAttributes(file, BasicFileAttributes.class);
    } catch (IOException e) {
      throw naming(file, e);
    }
    if (attributes.isDirectory()) {
      throw new FileSystemException(
          file.toString(), null, "is a directory, expected a " + kind.description());
    }
    SmallFile small = new SmallFile(file, kind, attributes);
    if (kind.regularOnly() && !attributes.isRegularFile()) {
      throw small.notRegular();
    }
    if (attributes.isRegularFile() && attributes.size() > kind.maxSize()) {
      throw small.tooLarge();
    }
    return small;
  }

  private <T, E extends Exception> T inTime(Use<T, E> use, Duration opening, Duration reading)
      throws IOException, E {
    FutureTask<T> task = start(() -> content(use));
    try {
      awaitOpened(opening);
      return this.<T, E>result(task, reading, reading);
    } finally {
      task.cancel(true); // no effect if it has ended
    }
  }

  private static <T> FutureTask<T> start(Callable<T> reader) {
    FutureTask<T> task = new FutureTask<>(reader);
    Thread thread = new Thread(task, "model-signing-read");
    thread.setDaemon(true);
    thread.start();
    return task;
  }

  private void awaitOpened(Duration opening) throws IOException {
    try {
      if (!opened.await(opening.toNanos(), TimeUnit.NANOSECONDS)) {
        throw new FileSystemException(
            file.toString(),
            null,
            attributes.isRegularFile()
                ? "cannot be opened: the system has not answered for " + opening.toSeconds() + " s"
                : "cannot be opened: nobody has written into this pipe or device for "
                    + opening.toSeconds()
                    + " s");
      }
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  /**
   * What the other thread returns.
   *
   * @param reading the time-out, for the message
   * @param left what is left of it
   */
  private <T, E extends Exception> T result(FutureTask<T> task, Duration reading, Duration left)
      throws IOException, E {
    try {
      return task.get(left.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw notInTime(reading);
    } catch (InterruptedException e) {
      throw interrupted();
    } catch (ExecutionException e) {
      throw this.<E>failure(e);
    }
  }

  private FileSystemException notInTime(Duration reading) {
    return new FileSystemException(
        file.toString(),
        null,
        "cannot be read: it has not ended for " + reading.toSeconds() + " s");
  }

  /** Restores the interrupt status, too. */
  private InterruptedIOException interrupted() {
    Thread.currentThread().interrupt();
    return new InterruptedIOException("reading " + file + " was interrupted");
  }

  /**
   * The failure of the other thread; what is not an I/O error or unchecked is the exception of the
   * use.
   */
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private <E extends Exception> E failure(ExecutionException e) throws IOException {
    Throwable cause = e.getCause();
    if (cause instanceof Error error) {
      throw error;
    } else if (cause instanceof RuntimeException unexpected) {
      throw unexpected;
    } else if (cause == null || cause instanceof IOException) {
      throw naming(file, cause == null ? e : cause);
    }
    return (E) cause;
  }

  /** An error that names the file; errors of the operating system often lack the name. */
  private static IOException naming(Path file, Throwable e) {
    if (e instanceof FileSystemException named) {
      return named;
    }
    FileSystemException named =
        new FileSystemException(file.toString(), null, "cannot be read: " + e.getMessage());
    named.initCause(e);
    return named;
  }

  /** Runs in the thread that may be abandoned. */
  private <T, E extends Exception> T content(Use<T, E> use) throws IOException, E {
    try (InputStream stream = open()) {
      opened.countDown();
      return use.use(stream);
    } finally {
      opened.countDown();
    }
  }

  private InputStream open() throws IOException {
    if (!file.getFileSystem().equals(FileSystems.getDefault())) {
      return Files.newInputStream(file); // a channel of a zip file holds the whole entry in memory
    }
    SeekableByteChannel channel = Files.newByteChannel(file);
    try {
      if (attributes.isRegularFile()) {
        requireSeekable(channel);
      }
      return Channels.newInputStream(channel);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /** A regular file may have been replaced by a FIFO in the meantime, which has no position. */
  private void requireSeekable(SeekableByteChannel channel) throws IOException {
    try {
      channel.position();
    } catch (ClosedByInterruptException e) {
      throw e;
    } catch (IOException e) {
      throw (FileSystemException) notRegular().initCause(e);
    }
  }

  private byte[] read(InputStream stream) throws IOException {
    if (!attributes.isRegularFile()) {
      int max = Math.min(kind.maxSize(), MAX_STREAM);
      byte[] content = stream.readNBytes(max + 1);
      if (content.length > max) {
        throw new FileTooLargeException(
            file,
            "is larger than "
                + max
                + " bytes, the most for a "
                + kind.description()
                + " from a pipe or device");
      }
      return content;
    }
    int expected = (int) attributes.size();
    byte[] content = new byte[expected];
    int length = stream.readNBytes(content, 0, expected);
    // Files in /proc and similar file systems do not report their size, and others report a wrong
    // one.
    byte[] more = stream.readNBytes(kind.maxSize() - length + 1);
    if (length + more.length > kind.maxSize()) {
      throw tooLarge();
    }
    if (length == expected && more.length == 0) {
      return content;
    }
    byte[] all = Arrays.copyOf(content, length + more.length);
    System.arraycopy(more, 0, all, length, more.length);
    return all;
  }

  private FileTooLargeException tooLarge() {
    return new FileTooLargeException(
        file, "is larger than " + kind.maxSize() + " bytes, the most for a " + kind.description());
  }

  private FileSystemException notRegular() {
    return new FileSystemException(
        file.toString(), null, "is not a regular file, expected a " + kind.description());
  }
}
