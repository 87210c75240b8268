package dev.modelsigning.manifest;

import dev.modelsigning.internal.text.CanonicalPath;
import dev.modelsigning.model.Digest;

/**
 * A file of a model, or a range of bytes of a file, with its digest (OMS 5.2.1).
 *
 * @param name the canonical path of the file in the model; with shards followed by {@code
 *     :start:end}
 * @param digest the digest of these bytes
 */
public record ResourceDescriptor(String name, Digest digest) {

  /**
   * Checks the name.
   *
   * @throws IllegalArgumentException if the name is not canonical (OMS 6.1.2). The name {@code .},
   *     which older signers gave to a single file, is accepted here; {@link Manifest} accepts it
   *     only as the only resource.
   */
  public ResourceDescriptor {
    if (!name.equals(Manifest.SINGLE_FILE)) {
      CanonicalPath.require(name);
    }
  }
}
