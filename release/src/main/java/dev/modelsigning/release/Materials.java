package dev.modelsigning.release;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The parts of a release that others made, from its SBOMs (CycloneDX): every component that has a
 * package URL and a SHA-256, as a resource descriptor of in-toto. The Java runtime of the packages
 * is one of them, with its vendor.
 */
final class Materials {

  private static final String OWN = "pkg:maven/dev.modelsigning/";

  private Materials() {}

  /**
   * Reads all SBOMs in the directory of a release.
   *
   * @return the materials by package URL
   * @throws ReleaseException if an SBOM cannot be parsed, or two disagree about a digest
   */
  static SortedMap<String, Map<String, Object>> read(Path directory)
      throws IOException, ReleaseException {
    SortedMap<String, Map<String, Object>> materials = new TreeMap<>();
    for (Path file : Trees.files(directory)) {
      if (file.toString().endsWith(".json")) {
        collect(JsonText.read(file), materials);
      }
    }
    return materials;
  }

  private static void collect(Object value, Map<String, Map<String, Object>> materials)
      throws ReleaseException {
    if (value instanceof List<?> list) {
      for (Object each : list) {
        collect(each, materials);
      }
    } else if (value instanceof Map<?, ?> object) {
      for (Object each : object.values()) {
        collect(each, materials);
      }
      add(object, materials);
    }
  }

  private static void add(Map<?, ?> component, Map<String, Map<String, Object>> materials)
      throws ReleaseException {
    String url = text(component, "purl");
    String digest = sha256(component);
    if (url.isEmpty() || url.startsWith(OWN) || digest.isEmpty()) {
      return;
    }
    Map<String, Object> material = new TreeMap<>();
    material.put("uri", url);
    material.put("digest", Map.of("sha256", digest));
    if (text(component, "type").equals("platform")) {
      material.put("name", "java-runtime");
      Map<String, Object> annotations = new TreeMap<>(properties(component));
      annotations.put("vendor", text(component, "publisher"));
      annotations.put("version", text(component, "version"));
      material.put("annotations", annotations);
    }
    Map<String, Object> before = materials.putIfAbsent(url, material);
    if (before != null && !before.equals(material)) {
      throw new ReleaseException("the SBOMs disagree about " + url);
    }
  }

  private static String text(Map<?, ?> object, String member) {
    return object.get(member) instanceof String text ? text : "";
  }

  private static String sha256(Map<?, ?> component) {
    if (component.get("hashes") instanceof List<?> hashes) {
      for (Object each : hashes) {
        if (each instanceof Map<?, ?> hash && text(hash, "alg").equals("SHA-256")) {
          return text(hash, "content");
        }
      }
    }
    return "";
  }

  /** The properties of dist's namespace, such as {@code model-signing:modules}, without it. */
  private static Map<String, String> properties(Map<?, ?> component) {
    Map<String, String> properties = new TreeMap<>();
    if (component.get("properties") instanceof List<?> list) {
      for (Object each : list) {
        if (each instanceof Map<?, ?> one && text(one, "name").startsWith("model-signing:")) {
          properties.put(text(one, "name").replaceFirst("[^:]*:", ""), text(one, "value"));
        }
      }
    }
    return properties;
  }
}
