package dev.modelsigning.oci;

import dev.modelsigning.finding.Finding;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What refers to a model in a registry, without any verification.
 *
 * @param bundles the Sigstore bundles, in the order of the registry
 * @param otherTypes how many manifests refer to the model and have no such bundle, such as bills of
 *     materials of other programs, by the type of the artifact that they say to be
 * @param findings what is wrong with some of them: they are not among the bundles
 */
public record Attachments(
    List<AttachedBundle> bundles, Map<String, Integer> otherTypes, List<Finding> findings) {

  /** Keeps copies. */
  public Attachments {
    bundles = List.copyOf(bundles);
    otherTypes = Collections.unmodifiableMap(new TreeMap<>(otherTypes));
    findings = List.copyOf(findings);
  }

  /** The number of manifests that refer to the model and have no bundle. */
  public int others() {
    return otherTypes.values().stream().mapToInt(Integer::intValue).sum();
  }
}
