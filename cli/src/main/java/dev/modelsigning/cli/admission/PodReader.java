package dev.modelsigning.cli.admission;

import dev.modelsigning.internal.json.JsonReader;
import dev.modelsigning.internal.json.MalformedJsonException;
import dev.modelsigning.internal.json.Printable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads which models a pod names: the references of its image volumes, which containers of all
 * kinds mount, and those in its annotation. Nothing else of a pod is kept.
 */
final class PodReader {

  /** The annotation that names models, separated by commas or white space. */
  static final String ANNOTATION = "model-signing.dev/models";

  /** The number of models that one pod may name. */
  static final int MAX_MODELS = 64;

  /** The number of characters of a name. */
  static final int MAX_NAME = 1024;

  private static final int MAX_ANNOTATION = MAX_MODELS * (MAX_NAME + 1);

  /** More than the API server takes; all names of an object are kept while it is read. */
  private static final int MAX_MEMBERS = 20_000;

  private final JsonReader json;
  private final Map<String, String> volumes = new LinkedHashMap<>();
  private final Map<String, List<String>> users = new LinkedHashMap<>();
  private final List<String> problems = new ArrayList<>();
  private final List<NamedModel> annotated = new ArrayList<>();
  private String kind = "";
  private String version = "";

  private PodReader(JsonReader json) {
    this.json = json;
  }

  /**
   * Reads an object.
   *
   * @return empty if it is no pod of version v1
   */
  static Optional<PodModels> read(JsonReader json) throws MalformedJsonException {
    PodReader reader = new PodReader(json);
    json.object(name -> {
      switch (name) {
        case "kind" -> reader.kind = json.string(MAX_NAME);
        case "apiVersion" -> reader.version = json.string(MAX_NAME);
        case "metadata" -> reader.metadata();
        case "spec" -> reader.spec();
        default -> json.skip();
      }
    });
    return reader.kind.equals("Pod") && reader.version.equals("v1")
        ? Optional.of(reader.models())
        : Optional.empty();
  }

  private void metadata() throws MalformedJsonException {
    json.object(name -> {
      if (name.equals("annotations") && !json.isNull()) {
        json.object(
            MAX_MEMBERS,
            key -> {
              if (key.equals(ANNOTATION)) {
                annotation(json.string());
              } else {
                json.skip();
              }
            });
      } else {
        json.skip();
      }
    });
  }

  private void annotation(String text) {
    if (text.length() > MAX_ANNOTATION) {
      problems.add(
          "the annotation "
              + ANNOTATION
              + " has at most "
              + MAX_ANNOTATION
              + " characters, found "
              + text.length());
      // Kept whole, to be distinguished from another that is too long.
      annotated.add(new NamedModel(text, "the annotation " + ANNOTATION));
      return;
    }
    for (String name : text.split("[\\s,]+", -1)) {
      if (!name.isEmpty()) {
        annotated.add(new NamedModel(name, "the annotation " + ANNOTATION));
      }
    }
  }

  private void spec() throws MalformedJsonException {
    json.object(name -> {
      if (json.isNull()) {
        json.skip();
        return;
      }
      switch (name) {
        case "volumes" -> json.array(index -> volume());
        case "containers" -> json.array(index -> container("container"));
        case "initContainers" -> json.array(index -> container("init container"));
        case "ephemeralContainers" -> json.array(index -> container("ephemeral container"));
        default -> json.skip();
      }
    });
  }

  private void volume() throws MalformedJsonException {
    var volume =
        new Object() {
          String name = "";
          boolean hasImage;
          String reference = "";
        };
    json.object(field -> {
      if (field.equals("name")) {
        volume.name = json.string();
      } else if (field.equals("image") && !json.isNull()) {
        volume.hasImage = true;
        json.object(part -> {
          if (part.equals("reference")) {
            volume.reference = json.string();
          } else {
            json.skip();
          }
        });
      } else {
        json.skip();
      }
    });
    if (volume.hasImage && volumes.put(volume.name, volume.reference) != null) {
      throw json.malformed("two volumes have the name " + Printable.quote(volume.name));
    }
  }

  private void container(String what) throws MalformedJsonException {
    var container =
        new Object() {
          String name = "";
          final List<String> mounts = new ArrayList<>();
        };
    json.object(field -> {
      if (field.equals("name")) {
        container.name = json.string();
      } else if (field.equals("volumeMounts") && !json.isNull()) {
        json.array(index ->
            json.object(part -> {
              if (part.equals("name")) {
                container.mounts.add(json.string());
              } else {
                json.skip();
              }
            }));
      } else {
        json.skip();
      }
    });
    container.mounts.stream()
        .distinct()
        .forEach(mount ->
            users
                .computeIfAbsent(mount, key -> new ArrayList<>())
                .add("the " + what + " " + Printable.quote(container.name)));
  }

  private PodModels models() {
    List<NamedModel> all = new ArrayList<>();
    volumes.forEach((name, reference) -> {
      List<String> by = users.getOrDefault(name, List.of());
      all.add(
          new NamedModel(
              reference,
              "the volume "
                  + Printable.quote(name)
                  + (by.isEmpty() ? "" : " of " + String.join(", ", by))));
    });
    all.addAll(annotated);
    if (all.size() > MAX_MODELS) {
      return new PodModels(
          all, List.of("a pod names at most " + MAX_MODELS + " models here, found " + all.size()));
    }
    return new PodModels(all, problems);
  }
}
