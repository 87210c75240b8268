package dev.modelsigning.content.internal.tensor;

import dev.modelsigning.facts.FileInspection;
import dev.modelsigning.facts.FileParts;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/** File formats for tensors. */
public enum TensorFormat {
  /** The format of Hugging Face. */
  SAFETENSORS(".safetensors"),
  /** The format of ggml and llama.cpp. */
  GGUF(".gguf");

  private final String ending;

  TensorFormat(String ending) {
    this.ending = ending;
  }

  /** The format of a file by its name; empty if it is none of these. */
  public static Optional<TensorFormat> of(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    for (TensorFormat format : values()) {
      if (lower.endsWith(format.ending)) {
        return Optional.of(format);
      }
    }
    return Optional.empty();
  }

  /**
   * The format of a file by its first bytes, or else by its name.
   *
   * @param start its first bytes
   */
  public static Optional<TensorFormat> of(String name, ByteBuffer start) {
    byte[] magic = GgufHeader.MAGIC.getBytes(StandardCharsets.ISO_8859_1);
    return start.remaining() >= magic.length
            && start.slice().limit(magic.length).equals(ByteBuffer.wrap(magic))
        ? Optional.of(GGUF)
        : of(name);
  }

  /**
   * Inspects a file of this format while it is hashed.
   *
   * @param name its path in the model
   */
  public FileInspection begin(String name) {
    return new TensorInspection(name, this);
  }

  TensorTable read(FileParts file) throws IOException, UnreadTensorsException {
    return this == SAFETENSORS ? SafetensorsHeader.read(file) : new GgufHeader(file).read();
  }
}
