package dev.modelsigning.cli.admission;

import dev.modelsigning.oci.reference.OciReference;
import java.util.ArrayList;
import java.util.List;

/**
 * The registries that may be asked, with our credentials, for models that others name. Names are
 * compared as texts: a host with and without a port are two.
 */
public final class Registries {

  /** How one is written. */
  public static final String FORM = "HOST[:PORT][/REPOSITORY]";

  private static final String ANY_DIGEST = "@sha256:" + "0".repeat(64);

  private final List<Place> places;

  /**
   * A registry, or a part of it.
   *
   * @param prefix a repository: it, and those below it; empty for all
   */
  private record Place(String host, String prefix) {
    boolean has(OciReference model) {
      return model.registry().equals(host)
          && (prefix.isEmpty()
              || model.repository().equals(prefix)
              || model.repository().startsWith(prefix + "/"));
    }
  }

  private Registries(List<Place> places) {
    this.places = List.copyOf(places);
  }

  /**
   * Reads a list of registries.
   *
   * @throws IllegalArgumentException if one is malformed
   */
  public static Registries of(List<String> texts) {
    List<Place> places = new ArrayList<>();
    for (String text : texts) {
      String trimmed = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
      boolean whole = trimmed.indexOf('/') < 0;
      OciReference example;
      try {
        example = OciReference.parse("oci://" + trimmed + (whole ? "/any" : "") + ANY_DIGEST);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("expected " + FORM + ": " + e.getMessage(), e);
      }
      if (example.tag().isPresent()) {
        throw new IllegalArgumentException("expected " + FORM + ", without a tag");
      }
      places.add(new Place(example.registry(), whole ? "" : example.repository()));
    }
    return new Registries(places);
  }

  /** Whether a model may be asked for. */
  boolean have(OciReference model) {
    return places.stream().anyMatch(place -> place.has(model));
  }

  /** The names of the hosts, each once. */
  public List<String> hosts() {
    return places.stream().map(Place::host).distinct().toList();
  }
}
