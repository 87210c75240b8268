package dev.modelsigning.bundle;

import dev.modelsigning.internal.json.JsonReader;
import dev.modelsigning.internal.json.MalformedJsonException;
import java.nio.charset.StandardCharsets;

/**
 * An entry of a transparency log, as it stands in a bundle (Sigstore {@code TransparencyLogEntry}).
 * Its fields are interpreted by the method {@code sigstore} only.
 *
 * @param json the entry as compact JSON text
 */
public record TransparencyLogEntry(String json) {

  /**
   * Checks the text.
   *
   * @throws IllegalArgumentException if it is not a JSON object
   */
  public TransparencyLogEntry {
    try {
      JsonReader.read(
          "log entry",
          json.getBytes(StandardCharsets.UTF_8),
          BundleJson.MAX_TOKENS,
          reader -> {
            reader.object(name -> reader.skip());
            return true;
          });
    } catch (MalformedJsonException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }
}
