package dev.modelsigning.certificate;

import dev.modelsigning.finding.Finding;
import dev.modelsigning.finding.Rules;
import java.util.List;

/** For tests that are not about the finding that no signer was required. */
public final class AnySigner {

  private AnySigner() {}

  /** The findings but the one that says so. */
  public static List<Finding> aside(List<Finding> findings) {
    return findings.stream().filter(each -> !each.rule().equals(Rules.ANY_SIGNER)).toList();
  }
}
