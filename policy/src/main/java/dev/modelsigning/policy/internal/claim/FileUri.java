package dev.modelsigning.policy.internal.claim;

import java.nio.charset.StandardCharsets;

/** How verification summaries name models and policies that have no other address. */
public final class FileUri {

  private FileUri() {}

  /** A URI for a relative path: {@code file:fraud/v3}. */
  public static String of(String path) {
    StringBuilder uri = new StringBuilder("file:");
    for (byte each : path.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (each & 0xff);
      if (c < 0x80 && (Character.isLetterOrDigit(c) || "-._~/".indexOf(c) >= 0)) {
        uri.append(c);
      } else {
        uri.append(String.format("%%%02X", (int) c));
      }
    }
    return uri.toString();
  }
}
