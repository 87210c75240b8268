package dev.modelsigning.statement;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One of the artifacts that a statement is about (in-toto ResourceDescriptor).
 *
 * @param name what the signer calls it; information only (OMS 6.5). Empty if it has no name
 * @param digests digests of it by the names of their algorithms, in the order in which they are
 *     written; at least one. Those of a model are in lower-case hexadecimal; what a stranger wrote
 *     about something else can be any text
 */
public record Subject(String name, Map<String, String> digests) {

  /** Copies the digests and keeps their order. */
  public Subject {
    digests = Collections.unmodifiableMap(new LinkedHashMap<>(digests));
  }
}
