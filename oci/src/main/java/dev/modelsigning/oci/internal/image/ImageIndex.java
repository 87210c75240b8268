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
 */
public record ImageIndex(List<Descriptor> manifests, Map<String, String> annotations) {

  /** Keeps copies. */
  public ImageIndex {
    manifests = List.copyOf(manifests);
    annotations = Collections.unmodifiableMap(new LinkedHashMap<>(annotations));
  }

  /**
   * Reads an index.
   *
   * @param json its bytes
   * @throws MalformedImageException if it is none, or exceeds a limit; also if it is a manifest
   */
  public static ImageIndex read(byte[] json) throws MalformedImageException {
    return ImageReader.index(json);
  }

  /** The index as JSON; the same index always gives the same bytes. */
  public byte[] toJson() {
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
