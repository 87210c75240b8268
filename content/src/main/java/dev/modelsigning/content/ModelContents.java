package dev.modelsigning.content;

import dev.modelsigning.content.internal.card.ModelCards;
import dev.modelsigning.content.internal.tensor.TensorFormat;
import dev.modelsigning.facts.ContentInspector;
import dev.modelsigning.facts.FileInspection;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Looks for what can run when a model is loaded, and for what its card states. A file is only read
 * for that if its name or its first bytes ask for it.
 */
public final class ModelContents implements ContentInspector {

  /** The one that there is; it has no settings. */
  public static final ModelContents INSTANCE = new ModelContents();

  private ModelContents() {}

  @Override
  public Optional<FileInspection> begin(String name, long size, ByteBuffer start) {
    return ModelCards.begin(name, size)
        .or(() -> TensorFormat.of(name, start).map(format -> format.begin(name)));
  }
}
