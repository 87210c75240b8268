package dev.modelsigning.oci.internal.image;

import dev.modelsigning.internal.json.JsonWriter;
import dev.modelsigning.oci.reference.OciDigest;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a manifest or an index says of a blob or another manifest (OCI image specification, "Content
 * Descriptors").
 *
 * @param mediaType the media type of the content
 * @param digest its digest
 * @param size its size in bytes, at least 0
 * @param annotations further statements, in their order
 * @param artifactType the type of the artifact, if the content is a manifest
 * @param platform the platform as {@code os/architecture[/variant]}, if it has one
 */
public record Descriptor(
    String mediaType,
    OciDigest digest,
    long size,
    Map<String, String> annotations,
    Optional<String> artifactType,
    Optional<String> platform) {

  /** Keeps a copy of the annotations. */
  public Descriptor {
    if (size < 0) {
      throw new IllegalArgumentException("a size is not negative");
    }
    annotations = Collections.unmodifiableMap(new LinkedHashMap<>(annotations));
  }

  /** The descriptor of content without annotations. */
  public static Descriptor of(String mediaType, OciDigest digest, long size) {
    return new Descriptor(mediaType, digest, size, Map.of(), Optional.empty(), Optional.empty());
  }

  /** The descriptor of these bytes. */
  public static Descriptor of(String mediaType, byte[] content) {
    return of(mediaType, OciDigest.of(content), content.length);
  }

  /** The same descriptor with annotations in place of its own. */
  public Descriptor withAnnotations(Map<String, String> others) {
    return new Descriptor(mediaType, digest, size, others, artifactType, platform);
  }

  /** The same descriptor with the type of the artifact. */
  public Descriptor withArtifactType(Optional<String> type) {
    return new Descriptor(mediaType, digest, size, annotations, type, platform);
  }

  /** Writes the members of its JSON. */
  void write(JsonWriter json) {
    json.string("mediaType", mediaType);
    json.string("digest", digest.toString());
    json.integer("size", size);
    artifactType.ifPresent(type -> json.string("artifactType", type));
    if (!annotations.isEmpty()) {
      json.object("annotations", members -> annotations.forEach(members::string));
    }
    platform.ifPresent(text ->
        json.object(
            "platform",
            members -> {
              String[] parts = text.split("/", 3);
              members.string("architecture", parts.length < 2 ? "" : parts[1]);
              members.string("os", parts[0]);
              if (parts.length > 2) {
                members.string("variant", parts[2]);
              }
            }));
  }
}
