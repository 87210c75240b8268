package dev.modelsigning.facts;

import dev.modelsigning.finding.Finding;
import java.util.List;

/**
 * What was found in one file.
 *
 * @param runnable content that can run when it is loaded
 * @param card statements about the model
 * @param findings defects, and what could not be determined
 */
public record FileFacts(
    List<RunnableContent> runnable, List<CardEntry> card, List<Finding> findings) {

  /** The facts of a file in which nothing was found. */
  public static final FileFacts NONE = new FileFacts(List.of(), List.of(), List.of());

  /** Copies the lists. */
  public FileFacts {
    runnable = List.copyOf(runnable);
    card = List.copyOf(card);
    findings = List.copyOf(findings);
  }
}
