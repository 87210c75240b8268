package dev.modelsigning.content;

import dev.modelsigning.facts.CardEntry;
import dev.modelsigning.facts.FileFacts;
import dev.modelsigning.facts.FileInspection;
import dev.modelsigning.facts.FileParts;
import dev.modelsigning.facts.RunnableContent;
import dev.modelsigning.finding.Finding;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** Several readers of the same file. */
final class SeveralInspections implements FileInspection {

  private final List<FileInspection> all;
  private final List<FileInspection> reading;

  SeveralInspections(List<FileInspection> all) {
    this.all = all;
    this.reading = new ArrayList<>(all);
  }

  @Override
  public boolean accept(ByteBuffer block) {
    for (Iterator<FileInspection> each = reading.iterator(); each.hasNext(); ) {
      if (!each.next().accept(block.asReadOnlyBuffer())) {
        each.remove();
      }
    }
    return !reading.isEmpty();
  }

  @Override
  public FileFacts end(Optional<FileParts> parts) throws IOException {
    List<RunnableContent> runnable = new ArrayList<>();
    List<CardEntry> card = new ArrayList<>();
    List<Finding> findings = new ArrayList<>();
    for (FileInspection one : all) {
      FileFacts facts = one.end(parts);
      runnable.addAll(facts.runnable());
      card.addAll(facts.card());
      findings.addAll(facts.findings());
    }
    return new FileFacts(runnable, card, findings);
  }
}
