package dev.modelsigning.content.internal.config;

import dev.modelsigning.content.internal.found.FileStart;
import dev.modelsigning.content.internal.found.FoundFacts;
import dev.modelsigning.content.internal.found.PartReader;
import dev.modelsigning.facts.RunnableContent.Kind;
import java.nio.ByteBuffer;
import java.util.Optional;

/** A file that is a template according to its name. Its content is not read. */
public final class TemplateFile implements PartReader {

  private final Optional<String> part;

  /** Creates a reader of a template. */
  public TemplateFile(FileStart file) {
    this.part = file.part();
  }

  @Override
  public boolean accept(ByteBuffer block) {
    return false;
  }

  @Override
  public void end(FoundFacts found) {
    found.runs(part, Kind.TEMPLATE);
  }
}
