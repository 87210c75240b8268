package dev.modelsigning.content.testing;

import dev.modelsigning.content.ModelContents;
import dev.modelsigning.facts.FileFacts;
import dev.modelsigning.facts.FileInspection;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Inspects a file in the same way as while it is hashed. */
public final class Looked {

  private static final int START = 4096;

  private Looked() {}

  /** What is found in a file, of which parts can be read. */
  public static FileFacts into(String name, byte[] bytes) throws IOException {
    return into(name, bytes, bytes.length, true);
  }

  /** What is found in a file of text. */
  public static FileFacts into(String name, String text) throws IOException {
    return into(name, text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * What is found in a file.
   *
   * @param shown how many of its bytes are shown at first
   * @param parts whether parts of it can be read
   */
  public static FileFacts into(String name, byte[] bytes, int shown, boolean parts)
      throws IOException {
    ByteBuffer start = ByteBuffer.wrap(bytes, 0, Math.min(bytes.length, START));
    Optional<FileInspection> asked =
        ModelContents.INSTANCE.begin(name, bytes.length, start.asReadOnlyBuffer());
    if (asked.isEmpty()) {
      return FileFacts.NONE;
    }
    FileInspection inspection = asked.get();
    boolean more = true;
    for (int at = 0; more && at < shown; at += START) {
      int length = Math.min(START, shown - at);
      more = inspection.accept(ByteBuffer.wrap(bytes, at, length).slice().asReadOnlyBuffer());
    }
    return inspection.end(parts ? Optional.of(new MemoryParts(bytes)) : Optional.empty());
  }
}
