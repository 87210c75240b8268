package dev.modelsigning.oci.internal.registry;

import dev.modelsigning.oci.internal.image.Descriptor;
import java.util.List;

/**
 * The manifests that say to be about another one. It is only what the registry says: whoever uses
 * them opens each, and looks at its subject.
 *
 * @param found each of them once
 * @param api whether the registry has the referrers API
 * @param tag whether the fallback tag was there
 * @param notRead what the registry lists, or may list, and was not looked at, each with its reason
 */
public record Referrers(List<Descriptor> found, boolean api, boolean tag, List<String> notRead) {

  /** More than any artifact has; what exceeds it is meant to keep readers busy. */
  public static final int MAX = 1_000;

  /** Keeps copies. */
  public Referrers {
    found = List.copyOf(found);
    notRead = List.copyOf(notRead);
  }
}
