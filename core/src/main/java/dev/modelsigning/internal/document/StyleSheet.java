package dev.modelsigning.internal.document;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Objects;

/**
 * A style sheet that is embedded in a page.
 *
 * @param text the sheet
 */
public record StyleSheet(String text) {

  /**
   * Loads a style sheet from a resource.
   *
   * @param type a class in the package of the resource
   * @param name the resource's name
   */
  public static StyleSheet of(Class<?> type, String name) {
    try (InputStream resource = Objects.requireNonNull(type.getResourceAsStream(name))) {
      return new StyleSheet(new String(resource.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The hash source that permits this sheet in a Content Security Policy (CSP 3, 2.3.1). */
  public String source() {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
