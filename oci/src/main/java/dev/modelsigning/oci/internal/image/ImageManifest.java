package dev.modelsigning.oci.internal.image;

import dev.modelsigning.internal.json.JsonWriter;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A manifest (OCI image specification, "Image Manifest").
 *
 * @param mediaType its own media type, if it says it
 * @param artifactType the type of the artifact, if it says it
 * @param config the config
 * @param layers the layers, in their order
 * @param subject the manifest that this one is about
 * @param annotations further statements, in their order
 */
public record ImageManifest(
    Optional<String> mediaType,
    Optional<String> artifactType,
    Descriptor config,
    List<Descriptor> layers,
    Optional<Descriptor> subject,
    Map<String, String> annotations) {

  /** The largest length of a manifest or an index, in bytes, as registries have it. */
  public static final int MAX_LENGTH = 4 * 1024 * 1024;

  /** Keeps copies. */
  public ImageManifest {
    layers = List.copyOf(layers);
    annotations = Collections.unmodifiableMap(new LinkedHashMap<>(annotations));
  }

  /**
   * Reads a manifest.
   *
   * @param json its bytes
   * @throws MalformedImageException if it is none, or exceeds a limit; also if it is an index
   */
  public static ImageManifest read(byte[] json) throws MalformedImageException {
    return ImageReader.manifest(json);
  }

  /**
   * Checks that a manifest or an index, if it says its media type, says the one with which it was
   * sent: otherwise readers could take the same bytes for different things (CVE-2021-41190).
   *
   * @param json its bytes
   * @param mediaType the type with which it was sent
   * @throws MalformedImageException if it says another one
   */
  public static void requireType(byte[] json, String mediaType) throws MalformedImageException {
    ImageReader.requireType(json, mediaType);
  }

  /** The type of the artifact, which is that of the config if the manifest does not say it. */
  public String effectiveType() {
    return artifactType.orElse(config.mediaType());
  }

  /** The manifest as JSON; the same manifest always gives the same bytes. */
  public byte[] toJson() {
    return JsonWriter.document(json -> {
      json.integer("schemaVersion", 2);
      json.string("mediaType", mediaType.orElse(MediaTypes.MANIFEST));
      artifactType.ifPresent(type -> json.string("artifactType", type));
      json.object("config", config::write);
      json.array("layers", array -> layers.forEach(layer -> array.object(layer::write)));
      subject.ifPresent(about -> json.object("subject", about::write));
      if (!annotations.isEmpty()) {
        json.object("annotations", members -> annotations.forEach(members::string));
      }
    });
  }
}
