package dev.modelsigning.oci.internal.layer;

import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.internal.text.CanonicalPath;
import dev.modelsigning.oci.internal.image.Descriptor;
import dev.modelsigning.oci.internal.image.ImageManifest;
import dev.modelsigning.oci.reference.OciDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Determines what the layers of a manifest are in a model, by the conventions of those who write
 * them: the CNCF's ModelPack, KitOps, Docker's model specification, and oras, whose titles count
 * for files of any media type.
 *
 * <p>A layer that no convention explains, or two explain in different ways, is an error: programs
 * would leave it out, or give it another name.
 */
public final class ModelLayers {

  /**
   * The name of a file in the model, as oras writes it (OCI image specification, "Annotations").
   */
  public static final String TITLE = "org.opencontainers.image.title";

  /** The name of a file in the model (ModelPack specification, "Layer Annotations"). */
  public static final String FILE_PATH = "org.cncf.model.filepath";

  /** Says that the layer is an archive, as oras writes it; its media type does not. */
  public static final String UNPACK = "io.deis.oras.content.unpack";

  /** The same, in drafts of that specification. */
  static final String OLD_FILE_PATH = "org.cnai.model.filepath";

  private static final List<String> MODEL_PACK =
      List.of("application/vnd.cncf.model.", "application/vnd.cnai.model.");
  private static final String KITOPS = "application/vnd.kitops.modelkit.";

  /** Files of Docker's first specification, which have no names; programs choose them. */
  private static final Map<String, String> WITHOUT_NAMES =
      Map.of(
          "application/vnd.docker.ai.gguf.v3", "model.gguf",
          "application/vnd.docker.ai.license", "LICENSE");

  private static final OciDigest EMPTY = OciDigest.of(new byte[0]);

  private ModelLayers() {}

  /**
   * Determines the layers of a model, in their order.
   *
   * @throws UnusableLayerException if there are none, or one is not usable
   */
  public static List<ModelLayer> of(ImageManifest manifest) throws UnusableLayerException {
    if (manifest.layers().isEmpty()) {
      throw new UnusableLayerException(
          "it has no layers, so there is nothing of a model in it; is it the right reference?");
    }
    if (ContainerImage.isConfig(manifest.config())) {
      throw new UnusableLayerException(
          "it is a container image, as its config has the type "
              + manifest.config().mediaType()
              + ": runtimes would unpack its layers, and not have the files of a model; "
              + ContainerImage.push());
    }
    requireNoFile(manifest.config(), "the config");
    requireSize(manifest.config());
    List<ModelLayer> layers = new ArrayList<>();
    Map<String, Descriptor> names = new HashMap<>();
    Optional<Descriptor> description = Optional.empty();
    for (Descriptor blob : manifest.layers()) {
      requireSize(blob);
      if (isDescription(blob)) {
        requireNoFile(blob, "the layer " + blob.digest());
        if (description.isPresent()) {
          throw refused(blob, "is the second one that describes the model for one program");
        }
        description = Optional.of(blob);
        continue;
      }
      ModelLayer layer = of(blob);
      layers.add(layer);
      if (layer.form() == LayerForm.FILE && names.put(layer.name(), blob) != null) {
        throw refused(
            blob,
            "is the second one with the name "
                + Printable.quote(layer.name())
                + ": programs"
                + " keep one or the other");
      }
    }
    if (layers.isEmpty()) {
      throw new UnusableLayerException("it has no layer with a file of a model");
    }
    return layers;
  }

  /** Programs write to a file what has a name, whatever it is otherwise. */
  private static void requireNoFile(Descriptor blob, String what) throws UnusableLayerException {
    for (String key : List.of(TITLE, FILE_PATH, OLD_FILE_PATH, UNPACK)) {
      if (blob.annotations().containsKey(key)) {
        throw new UnusableLayerException(
            what
                + " has the annotation "
                + key
                + ", so programs would write it to a file, which is none of the model; do not use it");
      }
    }
  }

  /** Empty content has one digest: what is empty need not be covered where others must. */
  private static void requireSize(Descriptor blob) throws UnusableLayerException {
    if ((blob.size() == 0) != blob.digest().equals(EMPTY)) {
      throw refused(
          blob, "has the size " + blob.size() + ", which is not that of content with this digest");
    }
  }

  /**
   * Whether a layer describes the model for the program that packed it, and is no file: KitOps' own
   * description, beside layers in the form of ModelPack.
   */
  public static boolean isDescription(Descriptor blob) {
    return blob.mediaType().equals(KITOPS + "config.v1+json");
  }

  private static ModelLayer of(Descriptor blob) throws UnusableLayerException {
    String type = blob.mediaType();
    boolean unpacks = "true".equals(blob.annotations().get(UNPACK));
    if (unpacks && (isTyped(type) || WITHOUT_NAMES.containsKey(type))) {
      throw refused(blob, "is to be unpacked by " + UNPACK + ", and not as its media type says");
    }
    if (isModelPack(type)) {
      return modelPack(blob);
    }
    if (type.startsWith(KITOPS)) {
      return archive(blob, "");
    }
    if (unpacks) {
      // Whatever the media type says, oras writes and reads these archives with gzip.
      return new ModelLayer(blob, LayerForm.TAR_GZIP, directory(blob));
    }
    Optional<String> name = name(blob);
    if (name.isPresent()) {
      return file(blob, name.get());
    }
    String usual = WITHOUT_NAMES.get(type);
    if (usual != null) {
      return file(blob, usual);
    }
    if (ContainerImage.isLayer(blob)) {
      throw refused(
          blob, "is that of a container's root, and not part of a model; " + ContainerImage.push());
    }
    throw refused(
        blob, "has no name, neither in " + TITLE + " nor in " + FILE_PATH + "; push it anew");
  }

  private static boolean isModelPack(String type) {
    return MODEL_PACK.stream().anyMatch(type::startsWith);
  }

  /** Whether a media type says which convention the layer follows. */
  private static boolean isTyped(String type) {
    return isModelPack(type) || type.startsWith(KITOPS);
  }

  private static ModelLayer modelPack(Descriptor blob) throws UnusableLayerException {
    if (blob.mediaType().endsWith(".raw")) {
      return file(
          blob,
          name(blob)
              .orElseThrow(() -> refused(blob, "has no name in " + FILE_PATH + "; push it anew")));
    }
    // The name of an archive is the one under which it was packed; its entries have whole names.
    return archive(blob, "");
  }

  private static ModelLayer archive(Descriptor blob, String within) throws UnusableLayerException {
    String type = blob.mediaType();
    if (blob.annotations().containsKey(TITLE)) {
      throw refused(
          blob,
          "is an archive by its media type, and a file by "
              + TITLE
              + ": programs take one or the other");
    }
    if (type.endsWith(".tar")) {
      return new ModelLayer(blob, LayerForm.TAR, within);
    }
    if (type.endsWith(".tar+gzip")) {
      return new ModelLayer(blob, LayerForm.TAR_GZIP, within);
    }
    throw refused(
        blob, "is an archive of a form that is not read; push it with gzip, or uncompressed");
  }

  /** The name that annotations give to a file, which must be one. */
  private static Optional<String> name(Descriptor blob) throws UnusableLayerException {
    List<String> names =
        Stream.of(FILE_PATH, OLD_FILE_PATH, TITLE)
            .flatMap(key -> Optional.ofNullable(blob.annotations().get(key)).stream())
            .distinct()
            .toList();
    if (names.size() > 1) {
      throw refused(
          blob,
          "has two names, "
              + Printable.quote(names.get(0))
              + " and "
              + Printable.quote(names.get(1))
              + ": programs take one or the other");
    }
    return names.stream().findFirst();
  }

  private static ModelLayer file(Descriptor blob, String name) throws UnusableLayerException {
    requireCanonical(blob, name);
    return new ModelLayer(blob, LayerForm.FILE, name);
  }

  /** The directory that oras packed, which is also the first component of each entry's name. */
  private static String directory(Descriptor blob) throws UnusableLayerException {
    String name =
        name(blob).orElseThrow(() -> refused(blob, "is a directory without a name in " + TITLE));
    String directory = name.endsWith("/") ? name.substring(0, name.length() - 1) : name;
    if (directory.equals(".")) {
      return "";
    }
    requireCanonical(blob, directory);
    return directory;
  }

  private static void requireCanonical(Descriptor blob, String name) throws UnusableLayerException {
    String problem = CanonicalPath.problem(name);
    if (problem != null) {
      throw refused(blob, "has a name that " + problem + ", " + Printable.quote(name));
    }
  }

  private static UnusableLayerException refused(Descriptor blob, String why) {
    return new UnusableLayerException(
        "the layer " + blob.digest() + " (" + Printable.escape(blob.mediaType()) + ") " + why);
  }
}
