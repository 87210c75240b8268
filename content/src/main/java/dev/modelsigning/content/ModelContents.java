package dev.modelsigning.content;

import dev.modelsigning.content.internal.found.FileStart;
import dev.modelsigning.facts.ContentInspector;
import dev.modelsigning.facts.FileInspection;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

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
    FileStart file = FileStart.of(name, size, start);
    Set<Reader> readers = Reader.of(file);
    return switch (readers.size()) {
      case 0 -> Optional.empty();
      case 1 -> Optional.of(readers.iterator().next().open(file));
      default -> {
        List<FileInspection> all = new ArrayList<>();
        readers.forEach(reader -> all.add(reader.open(file)));
        yield Optional.of(new SeveralInspections(all));
      }
    };
  }
}
