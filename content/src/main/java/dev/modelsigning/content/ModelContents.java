package dev.modelsigning.content;

import dev.modelsigning.content.internal.card.ModelCards;
import dev.modelsigning.content.internal.found.FileStart;
import dev.modelsigning.content.internal.tensor.TensorFormat;
import dev.modelsigning.facts.ContentInspector;
import dev.modelsigning.facts.FileInspection;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Searches for content that can run when a model is loaded, and for what its card states. A file is
 * inspected only if its name or its first bytes indicate a format of interest.
 */
public final class ModelContents implements ContentInspector {

  /** The single instance; it has no settings. */
  public static final ModelContents INSTANCE = new ModelContents();

  private ModelContents() {}

  @Override
  public Optional<FileInspection> begin(String name, long size, ByteBuffer start) {
    FileStart file = FileStart.of(name, size, start);
    List<FileInspection> all = new ArrayList<>();
    for (Reader reader : Reader.of(file)) {
      all.add(reader.open(file));
    }
    if (Reader.isOfTensors(file)) {
      TensorFormat.of(name, start).ifPresent(format -> all.add(format.begin(name)));
    }
    if (Reader.isOfCard(file)) {
      ModelCards.begin(name, size).ifPresent(all::add);
    }
    return switch (all.size()) {
      case 0 -> Optional.empty();
      case 1 -> Optional.of(all.get(0));
      default -> Optional.of(new SeveralInspections(all));
    };
  }
}
