package dev.modelsigning.content.internal.found;

import dev.modelsigning.facts.FileFacts;
import dev.modelsigning.facts.FileInspection;
import dev.modelsigning.facts.FileParts;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Reads a whole file in one pass from its first byte. */
public final class PartInspection implements FileInspection {

  private final String file;
  private final PartReader reader;
  private boolean more = true;

  /**
   * Creates an inspection with this reader.
   *
   * @param file the file, by its name in the manifest
   */
  public PartInspection(String file, PartReader reader) {
    this.file = file;
    this.reader = reader;
  }

  @Override
  public boolean accept(ByteBuffer block) {
    more = more && reader.accept(block);
    return more;
  }

  @Override
  public FileFacts end(Optional<FileParts> parts) {
    FoundFacts found = new FoundFacts(file);
    reader.end(found);
    return found.facts();
  }
}
