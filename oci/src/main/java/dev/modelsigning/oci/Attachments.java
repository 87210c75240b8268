package dev.modelsigning.oci;

import dev.modelsigning.finding.Finding;
import java.util.List;

/**
 * What refers to a model in a registry, without any verification.
 *
 * @param bundles the Sigstore bundles, in the order of the registry
 * @param others the number of manifests that refer to the model and have no such bundle, such as
 *     bills of materials of other programs
 * @param findings what is wrong with some of them: they are not among the bundles
 */
public record Attachments(List<AttachedBundle> bundles, int others, List<Finding> findings) {

  /** Copies the lists. */
  public Attachments {
    bundles = List.copyOf(bundles);
    findings = List.copyOf(findings);
  }
}
