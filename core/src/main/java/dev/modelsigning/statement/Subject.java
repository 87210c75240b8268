package dev.modelsigning.statement;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One of the artifacts that a statement is about (in-toto ResourceDescriptor).
 *
 * @param name its name according to the signer; informative only (OMS 6.5). Empty if it has no name
 * @param digests its digests by the names of the algorithms, in the order of the document; at least
 *     one. Those of a model are in lower-case hexadecimal; those of other subjects can be any text
 * @param annotations further properties, in the order of the document; those that are not text are
 *     left out when a statement is read
 */
public record Subject(String name, Map<String, String> digests, Map<String, String> annotations) {

  /**
   * The annotation of a model with the digest that binds the names of its files; if it is there, it
   * is text.
   */
  public static final String NAMES_ANNOTATION = "dev.modelsigning/names-sha256";

  /** Copies the maps and keeps their order. */
  public Subject {
    digests = Collections.unmodifiableMap(new LinkedHashMap<>(digests));
    annotations = Collections.unmodifiableMap(new LinkedHashMap<>(annotations));
  }

  /** Creates a subject without annotations. */
  public Subject(String name, Map<String, String> digests) {
    this(name, digests, Map.of());
  }
}
