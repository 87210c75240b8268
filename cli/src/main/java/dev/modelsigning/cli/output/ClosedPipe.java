package dev.modelsigning.cli.output;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Whether an error of writing to standard output means that its reader has gone, as {@code head}
 * does when it has seen enough. Java tells it from other errors by words only, which depend on the
 * language; but to a pipe it is the only error that there is, unless who made the pipe does not
 * want to wait for room in it. Linux says whether that is so. Elsewhere, as on macOS, one more byte
 * tells: a channel is an error only where nobody reads, and takes no byte where there is no room.
 */
public final class ClosedPipe {

  /** The bits of a mode that say what a file is, and those of a pipe (POSIX, sys/stat.h). */
  private static final int KIND = 0170000;

  private static final int PIPE = 0010000;

  /** Whether writing does not wait (Linux, fcntl.h), in the line of flags, in octal. */
  private static final long NON_BLOCKING = 04000;

  private static final String FLAGS = "flags:";

  private ClosedPipe() {}

  /**
   * Whether it does, for standard output of this process.
   *
   * @param channel standard output, to which something could not be written before
   */
  public static boolean isStandardOutput(WritableByteChannel channel) {
    return is(Path.of("/dev/fd/1"), Path.of("/proc/self/fdinfo/1"), channel);
  }

  /**
   * The same for any descriptor; no if it cannot be found out.
   *
   * @param descriptor the file that it leads to
   * @param information what Linux says about it; elsewhere there is no such file
   * @param channel the same file, to which something could not be written before
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

  /** Whether nobody reads. What is written here is behind output that has a gap already. */
  private static boolean refuses(WritableByteChannel channel) {
    try {
      channel.write(ByteBuffer.wrap(new byte[] {'\n'}));
      return false;
    } catch (IOException e) {
      return true;
    }
  }
}
