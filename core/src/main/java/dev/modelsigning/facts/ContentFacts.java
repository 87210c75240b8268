package dev.modelsigning.facts;

import dev.modelsigning.finding.Finding;
import java.util.List;

/**
 * What was found in the files of a model that are what was signed.
 *
 * @param runnable what can run when it is loaded, sorted by file and part
 * @param moreRunnable how many more there are than are kept
 * @param card what its card and configuration state, sorted by field and file
 * @param findings what is wrong with files, or could not be found out, sorted by file
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
