package dev.modelsigning.predicate;

import dev.modelsigning.facts.CardEntry.Field;
import dev.modelsigning.internal.card.Card;
import dev.modelsigning.internal.card.License;
import dev.modelsigning.internal.card.WellFormedText;
import dev.modelsigning.internal.document.ToolVersion;
import dev.modelsigning.internal.json.JsonWriter;
import dev.modelsigning.internal.text.CanonicalPath;
import dev.modelsigning.manifest.Manifest;
import dev.modelsigning.manifest.ResourceDescriptor;
import dev.modelsigning.manifest.Serialization;
import dev.modelsigning.model.HashAlgorithm;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Writes a bill of materials in CycloneDX, with what 1.6 and 1.7 have in common. */
final class BomJson {

  private static final String MODEL = "model";
  private static final String FILE = "file:";
  private static final String DATASET = "dataset:";
  private static final String PREFIX = "dev.modelsigning:";

  /** The name that old signatures give to a model of one file. */
  private static final String SINGLE_FILE = ".";

  private final BomContent content;
  private final List<String> missing;
  private final JsonWriter json;

  BomJson(BomContent content, List<String> missing, JsonWriter json) {
    this.content = content;
    this.missing = missing;
    this.json = json;
  }

  void write() {
    List<String> paths = paths();
    String version = content.given().version().toString();
    json.string("$schema", "http://cyclonedx.org/schema/bom-" + version + ".schema.json")
        .string("bomFormat", "CycloneDX")
        .string("specVersion", version)
        .string("serialNumber", "urn:uuid:" + content.given().serialNumber())
        .integer("version", 1)
        .object("metadata", this::writeMetadata)
        .array("components", components -> writeComponents(paths, components))
        .array("dependencies", dependencies -> writeDependencies(paths, dependencies))
        .array(
            "properties",
            properties -> missing.forEach(element -> property("g7:missing", element, properties)));
  }

  /** The files to list, sorted. */
  private List<String> paths() {
    if (!content.listsFiles()) {
      return List.of();
    }
    List<String> paths = new ArrayList<>(content.manifest().paths());
    paths.sort(CanonicalPath.CODE_POINT_ORDER);
    return paths;
  }

  private void writeMetadata(JsonWriter metadata) {
    metadata
        .string("timestamp", content.given().time().toString())
        .array("lifecycles", phases -> phases.object(one -> one.string("phase", "post-build")))
        .object(
            "tools",
            tools ->
                tools.array(
                    "components",
                    components ->
                        components.object(tool ->
                            tool.string("type", "application")
                                .string("name", "Model Signing for Java")
                                .string("version", ToolVersion.text()))));
    if (!content.given().authors().isEmpty()) {
      metadata.array(
          "authors",
          authors ->
              content
                  .given()
                  .authors()
                  .forEach(name -> authors.object(one -> one.string("name", name))));
    }
    metadata.object("component", this::writeModel);
    content
        .given()
        .supplier()
        .ifPresent(name -> metadata.object("supplier", one -> one.string("name", name)));
  }

  private void writeModel(JsonWriter model) {
    model.string("type", "machine-learning-model").string("bom-ref", MODEL);
    content
        .given()
        .supplier()
        .ifPresent(name -> model.object("supplier", one -> one.string("name", name)));
    model.string("name", content.name());
    content.given().modelVersion().ifPresent(version -> model.string("version", version));
    if (!content.licenses().isEmpty()) {
      model.array("licenses", this::writeLicenses);
    }
    if (!content.baseModels().isEmpty()) {
      model.object("pedigree", pedigree -> pedigree.array("ancestors", this::writeBaseModels));
    }
    model
        .object("modelCard", card -> card.object("modelParameters", this::writeParameters))
        .array("properties", this::writeProperties);
  }

  private void writeLicenses(JsonWriter licenses) {
    for (License one : content.licenses()) {
      if (one.kind() == License.Kind.EXPRESSION) {
        licenses.object(choice -> writeLicense("expression", one, choice));
      } else {
        licenses.object(choice ->
            choice.object(
                "license",
                license ->
                    writeLicense(one.kind() == License.Kind.ID ? "id" : "name", one, license)));
      }
    }
  }

  private static void writeLicense(String member, License license, JsonWriter json) {
    json.string(member, license.text()).string("acknowledgement", "declared");
  }

  private void writeBaseModels(JsonWriter ancestors) {
    int number = 0;
    for (Lineage one : content.baseModels()) {
      String reference = "base-model:" + number++;
      ancestors.object(model -> {
        model
            .string("type", "machine-learning-model")
            .string("bom-ref", reference)
            .string("name", one.name());
        writeResolved(one.resolved(), model);
      });
    }
  }

  /** What is known of the content of a base model or dataset. */
  private static void writeResolved(Optional<ResolvedDependency> resolved, JsonWriter component) {
    resolved.ifPresent(content ->
        component.array(
            "properties",
            properties -> {
              property("oms:root-digest", content.rootDigest().toString(), properties);
              property("oms:signed", Boolean.toString(content.isSigned()), properties);
              content
                  .signedBy()
                  .ifPresent(who -> property("oms:signer", WellFormedText.of(who), properties));
              property("name", WellFormedText.of(content.name()), properties);
              content.uri().ifPresent(uri -> property("uri", uri, properties));
            }));
  }

  private void writeParameters(JsonWriter parameters) {
    Card card = content.card();
    card.text(Field.TASK).ifPresent(text -> parameters.string("task", text));
    card.text(Field.MODEL_TYPE).ifPresent(text -> parameters.string("architectureFamily", text));
    card.text(Field.ARCHITECTURE).ifPresent(text -> parameters.string("modelArchitecture", text));
    if (!content.datasets().isEmpty()) {
      parameters.array(
          "datasets",
          datasets -> {
            for (int i = 0; i < content.datasets().size(); i++) {
              String reference = DATASET + i;
              datasets.object(one -> one.string("ref", reference));
            }
          });
    }
  }

  private void writeProperties(JsonWriter properties) {
    Manifest manifest = content.manifest();
    Serialization serialization = manifest.serialization();
    property("oms:root-digest", manifest.rootDigest().toString(), properties);
    property("oms:method", serialization.method(), properties);
    property("oms:hash-algorithm", serialization.hashAlgorithm().id(), properties);
    if (serialization instanceof Serialization.Shards shards) {
      // The manifest has digests of ranges only, so there is no hash of a file.
      property("oms:shard-size", Long.toString(shards.shardSize()), properties);
    }
    property("oms:files", Integer.toString(manifest.fileCount()), properties);
    property("oms:files-listed", Boolean.toString(content.listsFiles()), properties);
    content.card().values(Field.LANGUAGE).forEach(one -> property("language", one, properties));
    content.card().values(Field.LIBRARY).forEach(one -> property("library", one, properties));
  }

  private void writeComponents(List<String> paths, JsonWriter components) {
    for (int i = 0; i < content.datasets().size(); i++) {
      Lineage dataset = content.datasets().get(i);
      String reference = DATASET + i;
      components.object(component -> {
        component
            .string("type", "data")
            .string("bom-ref", reference)
            .string("name", dataset.name())
            .array(
                "data",
                data ->
                    data.object(
                        one -> one.string("type", "dataset").string("name", dataset.name())));
        writeResolved(dataset.resolved(), component);
      });
    }
    for (String path : paths) {
      components.object(component -> writeFile(path, component));
    }
  }

  private void writeFile(String path, JsonWriter file) {
    List<ResourceDescriptor> resources = content.manifest().resourcesOf(path);
    file.string("type", "file")
        .string("bom-ref", FILE + path)
        .string("name", path.equals(SINGLE_FILE) ? content.name() : path);
    if (content.manifest().serialization() instanceof Serialization.Shards) {
      file.array(
          "properties",
          properties -> property("oms:shards", Integer.toString(resources.size()), properties));
    } else {
      file.array(
          "hashes",
          hashes ->
              resources.forEach(one ->
                  hashes.object(hash ->
                      hash.string("alg", name(one.digest().algorithm()))
                          .string("content", one.digest().hex()))));
    }
  }

  private static String name(HashAlgorithm algorithm) {
    return switch (algorithm) {
      case SHA256 -> "SHA-256";
      case BLAKE2B -> "BLAKE2b-512";
      case BLAKE3 -> "BLAKE3";
    };
  }

  private void writeDependencies(List<String> paths, JsonWriter dependencies) {
    dependencies.object(model ->
        model
            .string("ref", MODEL)
            .array(
                "dependsOn",
                references -> {
                  for (int i = 0; i < content.datasets().size(); i++) {
                    references.string(DATASET + i);
                  }
                  paths.forEach(path -> references.string(FILE + path));
                }));
  }

  private static void property(String name, String value, JsonWriter properties) {
    properties.object(one -> one.string("name", PREFIX + name).string("value", value));
  }
}
