package dev.modelsigning.content;

import dev.modelsigning.content.internal.tensor.TensorComparison;
import dev.modelsigning.content.internal.tensor.TensorFormat;
import dev.modelsigning.facts.FileParts;
import dev.modelsigning.facts.TensorDifference;
import dev.modelsigning.facts.TensorFormats;
import java.io.IOException;

/**
 * Compares the tensors of safetensors files and of GGUF files, recognized by the extensions of
 * their names.
 */
public final class ModelTensors implements TensorFormats {

  /** The single instance; it has no settings. */
  public static final ModelTensors INSTANCE = new ModelTensors();

  private ModelTensors() {}

  @Override
  public boolean knows(String name) {
    return TensorFormat.of(name).isPresent();
  }

  @Override
  public TensorDifference compare(String name, FileParts before, FileParts after)
      throws IOException {
    TensorFormat format =
        TensorFormat.of(name).orElseThrow(() -> new IllegalArgumentException(name));
    return TensorComparison.of(format, name, before, after);
  }
}
