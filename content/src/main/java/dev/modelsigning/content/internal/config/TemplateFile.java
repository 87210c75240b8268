package dev.modelsigning.content.internal.config;

import dev.modelsigning.content.internal.found.FileStart;
import dev.modelsigning.content.internal.found.FoundFacts;
import dev.modelsigning.content.internal.found.PartReader;
import dev.modelsigning.facts.RunnableContent.Kind;
import java.nio.ByteBuffer;
import java.util.Optional;

/** A file that is a template by its name. Nothing more of it is read. */
public final class TemplateFile implements PartReader {

  private final Optional<String> part;

  /** A template. */
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
