package dev.modelsigning.internal.document;

import dev.modelsigning.internal.json.JsonWriter;
import dev.modelsigning.model.RegistryPlace;

/** Where a model is in a registry, as JSON. */
public final class RegistryJson {

  private RegistryJson() {}

  /** Writes the member {@code registry}. */
  public static void write(RegistryPlace place, JsonWriter json) {
    json.object(
        "registry",
        fields -> {
          fields
              .string("reference", place.reference())
              .string("registry", place.registry())
              .string("repository", place.repository());
          place.tag().ifPresent(it -> fields.string("tag", it));
          fields.string("digest", place.digest());
          if (!place.attached().isEmpty()) {
            fields.array(
                "attached",
                list ->
                    place
                        .attached()
                        .forEach(it ->
                            list.object(one ->
                                one.string("digest", it.digest())
                                    .string("predicateType", it.predicateType()))));
          }
          place.otherSignatures().ifPresent(it -> fields.integer("otherSignatures", it));
          place.otherReferrers().ifPresent(it -> fields.integer("otherReferrers", it));
        });
  }
}
