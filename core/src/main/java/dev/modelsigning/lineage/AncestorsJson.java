package dev.modelsigning.lineage;

import dev.modelsigning.internal.json.JsonReader;
import dev.modelsigning.internal.json.MalformedJsonException;
import dev.modelsigning.lineage.Ancestor.Kind;
import dev.modelsigning.predicate.PredicateType;
import dev.modelsigning.statement.AttestedStatement;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads base models and datasets from predicates of SLSA provenance ({@code resolvedDependencies})
 * and CycloneDX ({@code pedigree.ancestors} of the model, components of type {@code data}). What is
 * not as expected is skipped: predicates of other tools have any form.
 */
final class AncestorsJson {

  /** The largest number of ancestors that are read from a claim. */
  static final int MAX_ANCESTORS = 1_000;

  private static final int MAX_TEXT = 1_000;
  private static final int MAX_TOKENS = 10_000_000;
  private static final int MAX_MEMBERS = 10_000;
  private static final Pattern DIGEST = Pattern.compile("(?:sha256:)?([0-9a-f]{64})");
  private static final String ROOT_DIGEST = "dev.modelsigning:oms:root-digest";

  private final JsonReader json;
  private final List<Ancestor> ancestors = new ArrayList<>();

  private AncestorsJson(JsonReader json) {
    this.json = json;
  }

  /** The ancestors that a statement names; none if its predicate is of another type. */
  static List<Ancestor> read(AttestedStatement statement) {
    if (statement.predicate().isEmpty()) {
      return List.of();
    }
    boolean slsa = PredicateType.SLSA.includes(statement.predicateType());
    if (!slsa && !PredicateType.CYCLONEDX.includes(statement.predicateType())) {
      return List.of();
    }
    byte[] predicate = statement.predicate().get().getBytes(StandardCharsets.UTF_8);
    try {
      return JsonReader.read(
          "predicate",
          predicate,
          MAX_TOKENS,
          json -> {
            json.allowMembers(MAX_MEMBERS);
            AncestorsJson reader = new AncestorsJson(json);
            if (slsa) {
              reader.readProvenance();
            } else {
              reader.readBillOfMaterials();
            }
            return List.copyOf(reader.ancestors);
          });
    } catch (MalformedJsonException e) {
      // It has another form than expected. It is shown in the table like any other claim.
      return List.of();
    }
  }

  private void readProvenance() throws MalformedJsonException {
    member(
        "buildDefinition",
        () -> member("resolvedDependencies", () -> json.array(index -> readDependency())));
  }

  private void readDependency() throws MalformedJsonException {
    Found found = new Found();
    json.object(name -> {
      switch (name) {
        case "name", "uri" -> found.text(name, json);
        case "digest" ->
            json.object(algorithm -> {
              if (algorithm.equals("sha256") && json.isString()) {
                found.digest = digest(json.string());
              } else {
                json.skip();
              }
            });
        case "annotations" ->
            json.object(note -> {
              if (note.equals("dev.modelsigning/role") && json.isString()) {
                found.role = json.string();
              } else {
                json.skip();
              }
            });
        default -> json.skip();
      }
    });
    if ("base-model".equals(found.role)) {
      add(Kind.BASE_MODEL, found);
    } else if ("dataset".equals(found.role)) {
      add(Kind.DATASET, found);
    }
  }

  private void readBillOfMaterials() throws MalformedJsonException {
    json.object(name -> {
      switch (name) {
        case "metadata" ->
            member(
                "component",
                () ->
                    member(
                        "pedigree",
                        () ->
                            member(
                                "ancestors",
                                () -> json.array(index -> readComponent(Kind.BASE_MODEL)))));
        case "components" -> json.array(index -> readComponent(Kind.DATASET));
        default -> json.skip();
      }
    });
  }

  private void readComponent(Kind kind) throws MalformedJsonException {
    Found found = new Found();
    json.object(name -> {
      switch (name) {
        case "name" -> found.text(name, json);
        case "type" -> found.role = json.isString() ? json.string() : skipped();
        case "properties" -> json.array(index -> readProperty(found));
        default -> json.skip();
      }
    });
    if (kind == Kind.BASE_MODEL || "data".equals(found.role)) {
      add(kind, found);
    }
  }

  private @Nullable String skipped() throws MalformedJsonException {
    json.skip();
    return null;
  }

  private void readProperty(Found found) throws MalformedJsonException {
    Found property = new Found();
    json.object(name -> property.text(name, json));
    if (ROOT_DIGEST.equals(property.name)) {
      found.digest = digest(property.value == null ? "" : property.value);
    }
  }

  private static @Nullable String digest(String text) {
    var matcher = DIGEST.matcher(text);
    return matcher.matches() ? matcher.group(1) : null;
  }

  private void add(Kind kind, Found found) {
    String name = found.name != null ? found.name : found.uri != null ? found.uri : "not named";
    if (ancestors.size() < MAX_ANCESTORS) {
      ancestors.add(new Ancestor(kind, name, Optional.ofNullable(found.digest)));
    }
  }

  /** Reads one member of an object, and skips the others. */
  private void member(String wanted, Production read) throws MalformedJsonException {
    json.object(name -> {
      if (name.equals(wanted)) {
        read.read();
      } else {
        json.skip();
      }
    });
  }

  @FunctionalInterface
  private interface Production {
    void read() throws MalformedJsonException;
  }

  /** What was found of a component. */
  private static final class Found {
    private @Nullable String name;
    private @Nullable String uri;
    private @Nullable String value;
    private @Nullable String role;
    private @Nullable String digest;

    void text(String member, JsonReader json) throws MalformedJsonException {
      if (!json.isString()) {
        json.skip();
        return;
      }
      String text = json.string();
      String kept = text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT);
      switch (member) {
        case "name" -> name = kept;
        case "uri" -> uri = kept;
        case "value" -> value = kept;
        default -> {
          // Other members say nothing about the ancestor.
        }
      }
    }
  }
}
