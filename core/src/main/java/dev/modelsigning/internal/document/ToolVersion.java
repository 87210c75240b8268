package dev.modelsigning.internal.document;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** The version of this library, for reports. */
public final class ToolVersion {

  private static final String TEXT = read();

  private ToolVersion() {}

  /** The version, such as {@code 0.1.0}. */
  public static String text() {
    return TEXT;
  }

  private static String read() {
    try (InputStream resource =
        Objects.requireNonNull(ToolVersion.class.getResourceAsStream("version.txt"))) {
      return new String(resource.readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
