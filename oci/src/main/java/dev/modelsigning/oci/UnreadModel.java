package dev.modelsigning.oci;

import dev.modelsigning.finding.Finding;
import dev.modelsigning.model.Evidence;
import dev.modelsigning.model.HashAlgorithm;
import dev.modelsigning.model.HashOutcome.Hashed;
import dev.modelsigning.model.Hashing;
import dev.modelsigning.model.Listing;
import dev.modelsigning.model.ModelSource;
import dev.modelsigning.model.Selection;
import dev.modelsigning.oci.internal.layer.LayerFile;
import dev.modelsigning.oci.internal.layer.LayerForm;
import dev.modelsigning.oci.internal.layer.ModelLayer;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * A model in a registry of which nothing is ever read: what its layers are is known by their
 * descriptors, or not at all.
 */
final class UnreadModel implements ModelSource {

  private final OciModel model;
  private final List<ModelLayer> layers;

  UnreadModel(OciModel model, List<ModelLayer> layers) {
    this.model = model;
    this.layers = layers;
  }

  @Override
  public String name() {
    return model.name();
  }

  @Override
  public String location() {
    return model.location();
  }

  @Override
  public void list(Selection selection, Optional<Hashing> hashing, Listing listing)
      throws IOException {
    Optional<String> problem = model.unpacked();
    if (problem.isPresent()) {
      throw new IOException(model.pinned() + ": " + problem.get());
    }
    for (Finding finding : model.notOfModel()) {
      listing.finding(finding);
    }
    for (ModelLayer layer : layers) {
      if (layer.form() != LayerForm.FILE) {
        throw refused(layer, "is an archive, whose files are known only when it is read");
      }
      LayerFile file =
          new LayerFile(
              layer.name(),
              location(),
              layer.blob().size(),
              layer.blob().digest(),
              (from, to) -> {
                throw refused(layer, "would have to be read");
              });
      if (!listing.wants(file)) {
        continue;
      }
      if (hashing.isEmpty()) {
        listing.file(file);
        continue;
      }
      if (hashing.get().algorithm() != HashAlgorithm.SHA256
          || hashing.get().shardSize().isPresent()) {
        throw refused(layer, "was signed with other digests than SHA-256 of whole files");
      }
      listing.hashed(
          new Hashed(file, List.of(layer.blob().digest().bytes()), Evidence.CONTENT_ADDRESSED));
    }
  }

  private IOException refused(ModelLayer layer, String why) {
    return new IOException(
        model.pinned()
            + ": the layer "
            + layer.blob().digest()
            + " "
            + why
            + ", and here nothing of a model is read");
  }
}
