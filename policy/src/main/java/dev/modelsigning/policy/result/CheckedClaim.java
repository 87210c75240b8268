package dev.modelsigning.policy.result;

import java.util.List;

/**
 * A claim that was looked at.
 *
 * @param file the claims file; or the URI of a claim in a registry, which has no lines
 * @param line its line there, from 1
 * @param predicateType its type; empty if nobody in the policy signed it
 * @param signers the names of the signers in the policy whose claim it is
 * @param counts whether it counts for a requirement
 * @param why why it does not; empty if it does
 */
public record CheckedClaim(
    String file,
    long line,
    String predicateType,
    List<String> signers,
    boolean counts,
    String why) {

  /** Copies the list. */
  public CheckedClaim {
    signers = List.copyOf(signers);
  }

  /** Where it is: file and line; a claim with a URI of its own has no lines. */
  public String place() {
    return file.startsWith("oci://") ? file : file + ":" + line;
  }
}
