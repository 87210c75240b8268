package dev.modelsigning.cli.watch;

import dev.modelsigning.cli.output.Output;
import dev.modelsigning.internal.json.Printable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/**
 * A small file with the last verdict as text, such as {@code /dev/termination-log} of a container.
 * That is mounted by itself, often in a root that is read-only, so it is written in place. It is
 * not empty at any time after the first verdict, and a link is not followed.
 */
public final class TerminationLog {

  /** The option that names it. */
  public static final String OPTION = "--termination-log";

  /** How much of a message Kubernetes keeps of one container, in bytes. */
  static final int MAX_BYTES = 4096;

  /** How such a file begins; nothing else is replaced. */
  private static final String START = "model-signing, ";

  private static final String CUT = "...\n";

  private TerminationLog() {}

  /**
   * Empties the file.
   *
   * @throws IOException if it cannot be written, or has something else than a verdict
   */
  static void begin(Path file) throws IOException {
    write(file, "");
  }

  /**
   * Replaces the content of the file.
   *
   * @param lines the lines, which are escaped here; what is too much at the end is left out
   * @param output says how lines are shown, and which round of several it is
   * @throws IOException if it cannot be written, or has something else than a verdict
   */
  public static void write(Path file, List<String> lines, Output output) throws IOException {
    List<String> all = new ArrayList<>();
    all.add(
        START
            + output
                .roundPrefix()
                .orElseGet(() -> Instant.now().truncatedTo(ChronoUnit.SECONDS).toString()));
    all.addAll(lines);
    write(file, text(all, output));
  }

  private static void requireReplaceable(Path file) throws IOException {
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new FileSystemException(
          file.toString(), null, "is not a regular file; name one with " + OPTION);
    }
    if (Files.size(file) > 0) {
      try (InputStream content = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
        String start = new String(content.readNBytes(START.length()), StandardCharsets.UTF_8);
        if (!start.equals(START)) {
          throw new FileSystemException(
              file.toString(),
              null,
              "has something else than a verdict, so it is not replaced; name another file with "
                  + OPTION);
        }
      }
    }
  }

  private static void write(Path file, String content) throws IOException {
    requireReplaceable(file);
    ByteBuffer text = ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8));
    try (FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.WRITE, StandardOpenOption.CREATE, LinkOption.NOFOLLOW_LINKS)) {
      while (text.hasRemaining()) {
        channel.write(text, text.position());
      }
      channel.truncate(text.limit());
    }
  }

  private static String text(List<String> lines, Output output) {
    StringBuilder text = new StringBuilder();
    int size = 0;
    for (String line : lines) {
      String shown = output.withoutSecrets(Printable.escape(line));
      int room = MAX_BYTES - CUT.length() - size;
      int length = shown.getBytes(StandardCharsets.UTF_8).length + 1;
      if (length > room) {
        return text.append(start(shown, room)).append(CUT).toString();
      }
      text.append(shown).append('\n');
      size += length;
    }
    return text.toString();
  }

  /** The beginning of a text, of at most so many bytes in UTF-8, without half a character. */
  private static String start(String text, int bytes) {
    int end = 0;
    int size = 0;
    while (end < text.length()) {
      int character = text.codePointAt(end);
      size += Character.toString(character).getBytes(StandardCharsets.UTF_8).length;
      if (size > bytes) {
        break;
      }
      end += Character.charCount(character);
    }
    return text.substring(0, end);
  }
}
