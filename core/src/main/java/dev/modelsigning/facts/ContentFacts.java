package dev.modelsigning.facts;

import dev.modelsigning.finding.Finding;
import java.util.List;

/**
 * What was found in those files of a model that match the signed digests.
 *
 * @param runnable content that can run when the model is loaded, sorted by file and part
 * @param moreRunnable how many more of these there are than are kept
 * @param card statements of its card and configuration, sorted by field and file
 * @param findings defects of files, and what could not be determined, sorted by file
 */
public record ContentFacts(
    List<RunnableContent> runnable,
    long moreRunnable,
    List<CardEntry> card,
    List<Finding> findings) {

  /** Copies the lists. */
  public ContentFacts {
    runnable = List.copyOf(runnable);
    card = List.copyOf(card);
    findings = List.copyOf(findings);
  }
}
