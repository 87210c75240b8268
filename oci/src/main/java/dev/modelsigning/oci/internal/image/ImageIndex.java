package dev.modelsigning.oci.internal.image;

import dev.modelsigning.internal.json.JsonWriter;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An index (OCI image specification, "Image Index"): manifests for platforms, or the referrers of a
 * manifest.
 *
 * @param manifests what is in it, in its order
 * @param annotations further statements, in their order
 * @param unusable what is wrong with entries that were read and are not among the manifests, such
 *     as one with a digest of another algorithm; empty in an index that is written
 */
public record ImageIndex(
    List<Descriptor> manifests, Map<String, String> annotations, List<String> unusable) {

  /** Keeps copies. */
  public ImageIndex {
    manifests = List.copyOf(manifests);
    annotations = Collections.unmodifiableMap(new LinkedHashMap<>(annotations));
    unusable = List.copyOf(unusable);
  }

  /** An index to be written. */
  public ImageIndex(List<Descriptor> manifests, Map<String, String> annotations) {
    this(manifests, annotations, List.of());
  }

  /**
   * Reads an index. An entry that cannot be used is among the {@link #unusable}.
   *
   * @param json its bytes
   * @throws MalformedImageException if it is none, or exceeds a limit; also if it is a manifest
   */
  public static ImageIndex read(byte[] json) throws MalformedImageException {
    return ImageReader.index(json);
  }

  /**
   * The index as JSON; the same index always gives the same bytes.
   *
   * @throws IllegalStateException if entries could not be used, which would be lost
   */
  public byte[] toJson() {
    if (!unusable.isEmpty()) {
      throw new IllegalStateException("entries would be lost: " + unusable);
    }
    return JsonWriter.document(json -> {
      json.integer("schemaVersion", 2);
      json.string("mediaType", MediaTypes.INDEX);
      json.array("manifests", array -> manifests.forEach(each -> array.object(each::write)));
      if (!annotations.isEmpty()) {
        json.object("annotations", members -> annotations.forEach(members::string));
      }
    });
  }
}
