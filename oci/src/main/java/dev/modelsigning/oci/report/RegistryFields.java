package dev.modelsigning.oci.report;

import dev.modelsigning.internal.json.JsonWriter;
import dev.modelsigning.oci.reference.OciDigest;
import dev.modelsigning.oci.reference.OciReference;

/** Where a model is in a registry, in the JSON of reports; verdicts have the same fields. */
final class RegistryFields {

  private RegistryFields() {}

  static void write(OciReference asked, OciDigest digest, JsonWriter json) {
    json.string("reference", asked.toString())
        .string("registry", asked.registry())
        .string("repository", asked.repository());
    asked.tag().ifPresent(tag -> json.string("tag", tag));
    json.string("digest", digest.toString());
  }
}
