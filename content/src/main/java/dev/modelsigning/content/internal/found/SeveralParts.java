package dev.modelsigning.content.internal.found;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Several readers of the same bytes. */
public final class SeveralParts implements PartReader {

  private final List<PartReader> all;
  private final List<PartReader> reading;

  /** Creates a combination of readers. */
  public SeveralParts(List<PartReader> all) {
    this.all = List.copyOf(all);
    this.reading = new ArrayList<>(all);
  }

  @Override
  public boolean accept(ByteBuffer block) {
    reading.removeIf(one -> !one.accept(block.duplicate()));
    return !reading.isEmpty();
  }

  @Override
  public void end(FoundFacts found) {
    all.forEach(one -> one.end(found));
  }
}
