package dev.modelsigning.oci.internal.image;

import java.util.List;

/** The media types of manifests and indexes. */
public final class MediaTypes {

  /** A manifest of the OCI image specification. */
  public static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";

  /** An index of the OCI image specification. */
  public static final String INDEX = "application/vnd.oci.image.index.v1+json";

  /** A manifest of docker, version 2 schema 2, whose fields are those of the OCI's. */
  public static final String DOCKER_MANIFEST =
      "application/vnd.docker.distribution.manifest.v2+json";

  /** An index of docker, a "manifest list". */
  public static final String DOCKER_INDEX =
      "application/vnd.docker.distribution.manifest.list.v2+json";

  /** The config of an artifact that has none: the two bytes {@code {}}. */
  public static final String EMPTY = "application/vnd.oci.empty.v1+json";

  private static final List<String> MANIFESTS = List.of(MANIFEST, DOCKER_MANIFEST);
  private static final List<String> INDEXES = List.of(INDEX, DOCKER_INDEX);

  private MediaTypes() {}

  /** All that can be read, for a header {@code Accept}. */
  public static String accepted() {
    return String.join(", ", MANIFEST, INDEX, DOCKER_MANIFEST, DOCKER_INDEX);
  }

  /** Whether this is the type of a manifest. */
  public static boolean isManifest(String type) {
    return MANIFESTS.contains(type);
  }

  /** Whether this is the type of an index. */
  public static boolean isIndex(String type) {
    return INDEXES.contains(type);
  }
}
