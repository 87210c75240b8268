package dev.modelsigning.oci.internal.registry;

import dev.modelsigning.oci.internal.image.MediaTypes;
import dev.modelsigning.oci.reference.OciDigest;
import java.util.Optional;

/**
 * A manifest or an index as a registry has it.
 *
 * @param bytes its bytes
 * @param digest their digest, computed here
 * @param mediaType the type that the registry and the document itself say
 * @param tagDigest where the tag of the reference was at the same time; empty if the reference has
 *     none, or the tag is not there
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record StoredManifest(
    byte[] bytes, OciDigest digest, String mediaType, Optional<OciDigest> tagDigest) {

  /** Whether it is an index, and not a manifest. */
  public boolean isIndex() {
    return MediaTypes.isIndex(mediaType);
  }
}
