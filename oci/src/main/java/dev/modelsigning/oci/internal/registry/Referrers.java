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
 */
public record Referrers(List<Descriptor> found, boolean api, boolean tag) {

  /** More than any artifact has; what exceeds it is meant to keep readers busy. */
  public static final int MAX = 1_000;

  /** Keeps a copy. */
  public Referrers {
    found = List.copyOf(found);
  }
}
