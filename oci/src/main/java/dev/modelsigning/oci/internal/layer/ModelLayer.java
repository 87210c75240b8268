package dev.modelsigning.oci.internal.layer;

import dev.modelsigning.oci.internal.image.Descriptor;

/**
 * A layer with files of a model.
 *
 * @param blob the layer
 * @param form how it contains them
 * @param name the name of the file in the model; of an archive, the directory in which all of its
 *     entries must be, empty for the model's own
 */
public record ModelLayer(Descriptor blob, LayerForm form, String name) {}
