package dev.modelsigning.dist;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * The components of a package, as CycloneDX JSON: the libraries in the jar, the Java runtime,
 * Debian packages.
 */
final class Sbom {

  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

  private final JsonObject document;

  private Sbom(JsonObject document) {
    this.document = document;
  }

  /** Reads the SBOM of the jar, which the CycloneDX plugin for Maven wrote. */
  static Sbom read(Path file) throws IOException, BuildException {
    if (!Files.isRegularFile(file)) {
      throw new BuildException("no " + file + "; build online, without -o and -Dcyclonedx.skip");
    }
    return new Sbom(
        GSON.fromJson(Files.readString(file, StandardCharsets.UTF_8), JsonObject.class));
  }

  /** Adds the Java runtime, by the JDK that it is linked from, whose classes are hashed. */
  Sbom with(Jdk jdk) throws IOException, BuildException {
    JsonObject component = new JsonObject();
    component.addProperty("type", "platform");
    component.addProperty("bom-ref", "java-runtime");
    component.addProperty("publisher", jdk.vendor());
    component.addProperty("name", "openjdk");
    component.addProperty("version", jdk.version());
    component.addProperty(
        "description", "Java runtime with the modules " + String.join(", ", JavaRuntime.MODULES));
    component.add("hashes", hashes(jdk.modulesDigest()));
    component.add("licenses", licence("GPL-2.0-only WITH Classpath-exception-2.0"));
    component.addProperty(
        "cpe",
        "cpe:2.3:a:oracle:openjdk:" + jdk.version().replaceFirst("[+-].*", "") + ":*:*:*:*:*:*:*");
    component.addProperty("purl", "pkg:generic/openjdk@" + jdk.version().replace("+", "%2B"));
    JsonArray properties = new JsonArray();
    properties.add(property("digestOf", Jdk.MODULES));
    properties.add(property("modules", String.join(",", JavaRuntime.MODULES)));
    component.add("properties", properties);
    return with(List.of(component));
  }

  /** Adds the Debian packages of an image. */
  Sbom with(DebianRoot root) {
    List<JsonObject> components = new ArrayList<>();
    for (DebianRoot.Part one : root.packages()) {
      JsonObject component = new JsonObject();
      component.addProperty("type", "library");
      component.addProperty("bom-ref", one.purl());
      component.addProperty("name", one.name());
      component.addProperty("version", one.version());
      component.add("hashes", hashes(one.digest()));
      component.addProperty("purl", one.purl());
      components.add(component);
    }
    return with(components);
  }

  private Sbom with(List<JsonObject> components) {
    JsonObject copy = document.deepCopy();
    JsonArray all = copy.getAsJsonArray("components");
    components.forEach(all::add);
    return new Sbom(copy);
  }

  /** The licences, one line for each library. */
  List<String> licences() {
    TreeSet<String> lines = new TreeSet<>();
    for (JsonElement element : document.getAsJsonArray("components")) {
      JsonObject component = element.getAsJsonObject();
      List<String> names = new ArrayList<>();
      if (component.has("licenses")) {
        for (JsonElement licence : component.getAsJsonArray("licenses")) {
          JsonObject one = licence.getAsJsonObject();
          if (one.has("expression")) {
            names.add(one.get("expression").getAsString());
          } else {
            JsonObject named = one.getAsJsonObject("license");
            names.add((named.has("id") ? named.get("id") : named.get("name")).getAsString());
          }
        }
      }
      lines.add(
          component.get("name").getAsString()
              + " "
              + component.get("version").getAsString()
              + ": "
              + (names.isEmpty() ? "see THIRD-PARTY-LICENSES" : String.join(" or ", names)));
    }
    return List.copyOf(lines);
  }

  void write(Path file) throws IOException {
    Files.writeString(file, GSON.toJson(document) + "\n", StandardCharsets.UTF_8);
  }

  private static JsonArray hashes(String sha256) {
    JsonObject hash = new JsonObject();
    hash.addProperty("alg", "SHA-256");
    hash.addProperty("content", sha256);
    JsonArray hashes = new JsonArray();
    hashes.add(hash);
    return hashes;
  }

  /** A property in a namespace of ours, which the provenance of a release repeats. */
  private static JsonObject property(String name, String value) {
    JsonObject property = new JsonObject();
    property.addProperty("name", "model-signing:" + name);
    property.addProperty("value", value);
    return property;
  }

  private static JsonArray licence(String expression) {
    JsonObject licence = new JsonObject();
    licence.addProperty("expression", expression);
    JsonArray licences = new JsonArray();
    licences.add(licence);
    return licences;
  }
}
