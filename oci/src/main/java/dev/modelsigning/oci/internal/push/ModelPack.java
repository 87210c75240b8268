package dev.modelsigning.oci.internal.push;

import dev.modelsigning.internal.json.JsonWriter;
import dev.modelsigning.manifest.Manifest;
import dev.modelsigning.manifest.ResourceDescriptor;
import dev.modelsigning.oci.internal.image.Descriptor;
import dev.modelsigning.oci.internal.image.ImageManifest;
import dev.modelsigning.oci.internal.image.MediaTypes;
import dev.modelsigning.oci.internal.layer.ModelLayers;
import dev.modelsigning.oci.reference.OciDigest;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A model as the CNCF's ModelPack specification has it, with a layer for each file as it is, in
 * canonical order. The same files always give the same bytes: nothing of a time, a place or a user
 * is in it.
 *
 * @param config the bytes of the config
 * @param manifest the manifest
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record ModelPack(byte[] config, ImageManifest manifest) {

  /** More layers are read by nobody: they do not fit into the longest manifest. */
  static final int MAX_FILES = 20_000;

  private static final String TYPE = "application/vnd.cncf.model.manifest.v1+json";
  private static final String CONFIG = "application/vnd.cncf.model.config.v1+json";

  /**
   * Packs files that were hashed.
   *
   * @param hashed the files, with the SHA-256 digest of each
   * @param files the same files
   * @throws IOException if they are too many for one manifest
   */
  public static ModelPack of(Manifest hashed, KeptFiles files) throws IOException {
    List<Descriptor> layers = new ArrayList<>();
    for (ResourceDescriptor resource : hashed.resources()) {
      String name = resource.name();
      Map<String, String> annotations = new LinkedHashMap<>();
      annotations.put(ModelLayers.FILE_PATH, name);
      // So that oras, which does not know the other, writes the files under their names, too.
      annotations.put(ModelLayers.TITLE, name);
      layers.add(
          Descriptor.of(
                  LayerKind.of(name).mediaType(),
                  OciDigest.ofHash(resource.digest().toBytes()),
                  files.file(name).size())
              .withAnnotations(annotations));
    }
    byte[] config = config(layers);
    ImageManifest manifest =
        new ImageManifest(
            Optional.of(MediaTypes.MANIFEST),
            Optional.of(TYPE),
            Descriptor.of(CONFIG, config),
            layers,
            Optional.empty(),
            Map.of());
    if (manifest.toJson().length > ImageManifest.MAX_LENGTH) {
      throw new FileSystemException(files.location(), null, tooMany(layers.size()));
    }
    return new ModelPack(config, manifest);
  }

  /** What is wrong with so many files. */
  static String tooMany(int files) {
    return "has "
        + files
        + " files or more, whose names and digests do not fit into the "
        + ImageManifest.MAX_LENGTH
        + " bytes of the longest manifest that registries take; pack small files into one";
  }

  private static byte[] config(List<Descriptor> layers) {
    return JsonWriter.document(json ->
        json.object("descriptor", members -> {})
            .object("config", members -> {})
            .object(
                "modelfs",
                members ->
                    members
                        .string("type", "layers")
                        .array(
                            "diffIds",
                            list -> layers.forEach(it -> list.string(it.digest().toString())))));
  }
}
