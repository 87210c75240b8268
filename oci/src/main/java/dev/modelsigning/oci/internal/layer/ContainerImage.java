package dev.modelsigning.oci.internal.layer;

import dev.modelsigning.oci.internal.image.Descriptor;
import dev.modelsigning.oci.internal.image.ImageManifest;
import dev.modelsigning.oci.internal.image.MediaTypes;
import dev.modelsigning.oci.reference.OciDigest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What container runtimes take for an image. They unpack layers of certain media types, one over
 * the other, and ignore the names that a model's files have; so an image that they mount has other
 * content than the model for which we would take the same manifest.
 *
 * <p>As containerd and CRI-O decide it (2026): CRI-O unpacks if the config has the media type of an
 * image's. For a volume, containerd takes whatever is the config: it unpacks the layers of image
 * types if the config lists as many {@code diff_ids}, and fails otherwise. Types are compared here
 * more widely than there.
 */
public final class ContainerImage {

  private static final List<String> CONFIGS =
      List.of("application/vnd.oci.image.config.", "application/vnd.docker.container.image.");

  private static final List<String> LAYERS =
      List.of(
          "application/vnd.oci.image.layer.",
          "application/vnd.docker.image.rootfs.",
          "application/vnd.erofs.layer.");

  /** A config that lists no layers, nor anything else. */
  private static final OciDigest EMPTY_CONFIG = OciDigest.of("{}".getBytes(StandardCharsets.UTF_8));

  private ContainerImage() {}

  /** Whether every runtime takes what has this config for an image. */
  static boolean isConfig(Descriptor config) {
    return startsWithAny(config.mediaType(), CONFIGS);
  }

  /** Whether runtimes unpack such a layer, if the config says so. */
  static boolean isLayer(Descriptor layer) {
    return startsWithAny(layer.mediaType(), LAYERS);
  }

  private static boolean startsWithAny(String type, List<String> prefixes) {
    String lower = type.toLowerCase(Locale.ROOT);
    return prefixes.stream().anyMatch(lower::startsWith);
  }

  /**
   * Finds a reason why a runtime could unpack the layers of a manifest whose config is not read.
   *
   * @param mediaType the type with which the manifest was sent
   * @return what is wrong with it, and what to do; empty if no runtime unpacks anything of it
   */
  public static Optional<String> problem(ImageManifest manifest, String mediaType) {
    if (isConfig(manifest.config()) || mediaType.equals(MediaTypes.DOCKER_MANIFEST)) {
      return Optional.of("it is a container image, which runtimes unpack; " + push());
    }
    if (manifest.config().digest().equals(EMPTY_CONFIG)) {
      return Optional.empty();
    }
    return manifest.layers().stream()
        .filter(ContainerImage::isLayer)
        .findFirst()
        .map(layer ->
            "the layer "
                + layer.digest()
                + " has a type that container runtimes unpack ("
                + layer.mediaType()
                + ") if the config says so, and the config is not empty; "
                + push());
  }

  /** What to do. */
  static String push() {
    return "push the model as an artifact of its own, such as with 'oci push'";
  }
}
