package dev.modelsigning.cli.output;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Determines whether a write error on standard output is a broken pipe, as with {@code head}, which
 * exits after reading enough. Java distinguishes it from other errors only by a message that
 * depends on the locale; but on a pipe it is the only possible error, unless the pipe is
 * non-blocking. Linux reports whether it is. Elsewhere, as on macOS, writing one more byte to the
 * channel tells: it fails only if nobody reads, and writes nothing if the pipe is full.
 */
public final class ClosedPipe {

  /** The file type bits of a mode, and those of a pipe (POSIX, sys/stat.h). */
  private static final int KIND = 0170000;

  private static final int PIPE = 0010000;

  /** The flag for non-blocking writes (Linux, fcntl.h), in octal in the line of flags. */
  private static final long NON_BLOCKING = 04000;

  private static final String FLAGS = "flags:";

  private ClosedPipe() {}

  /**
   * Whether standard output of this process is a broken pipe.
   *
   * @param channel standard output, on which a write failed before
   */
  public static boolean isStandardOutput(WritableByteChannel channel) {
    return is(Path.of("/dev/fd/1"), Path.of("/proc/self/fdinfo/1"), channel);
  }

  /**
   * Whether a descriptor is a broken pipe; false if that cannot be determined.
   *
   * @param descriptor the file of the descriptor
   * @param information Linux's information about it; on other systems there is no such file
   * @param channel the same file, on which a write failed before
   */
  static boolean is(Path descriptor, Path information, WritableByteChannel channel) {
    try {
      Object mode = Files.getAttribute(descriptor, "unix:mode");
      return mode instanceof Integer bits
          && (bits & KIND) == PIPE
          && (Files.exists(information) ? waits(information) : refuses(channel));
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
      return false;
    }
  }

  private static boolean waits(Path information) throws IOException {
    for (String line : Files.readAllLines(information)) {
      if (line.startsWith(FLAGS)) {
        long flags = Long.parseLong(line.substring(FLAGS.length()).strip(), 8);
        return (flags & NON_BLOCKING) == 0;
      }
    }
    return false;
  }

  /** Whether nobody reads. A byte written here follows output that is incomplete anyway. */
  private static boolean refuses(WritableByteChannel channel) {
    try {
      channel.write(ByteBuffer.wrap(new byte[] {'\n'}));
      return false;
    } catch (IOException e) {
      return true;
    }
  }
}
