package dev.modelsigning.policy.internal.tree;

import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.policy.problem.MalformedPolicyException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The fields of a map. One that is not known is refused, since a rule would not have its effect.
 */
public final class MapFields {

  /** What fields are called on command lines and in the policies of other programs. */
  private static final Map<String, String> ELSEWHERE =
      Map.ofEntries(
          Map.entry("identity-provider", "issuer"),
          Map.entry("oidc-issuer", "issuer"),
          Map.entry("subject", "identity"),
          Map.entry("certificate-identity", "identity"),
          Map.entry("certificate-fingerprint", "fingerprint"),
          Map.entry("certificate-chain", "trust"),
          Map.entry("tsa-certificate-chain", "timestamps"),
          Map.entry("crl", "revocation-lists"),
          Map.entry("file", "public-key"),
          Map.entry("path", "match"),
          Map.entry("pattern", "match"),
          Map.entry("rules", "models"),
          Map.entry("signed-by", "of"),
          Map.entry("threshold", "at-least"));

  private final Value map;
  private final Map<String, Value> entries;

  /** By the name that was probably meant, the refusal of a field with another one. */
  private final Map<String, MalformedPolicyException> misspelt = new HashMap<>();

  MapFields(Value map, List<String> known, List<String> silent) throws MalformedPolicyException {
    this.map = map;
    this.entries = map.entries("a map with " + String.join(", ", known));
    for (Map.Entry<String, Value> entry : entries.entrySet()) {
      if (!known.contains(entry.getKey()) && !silent.contains(entry.getKey())) {
        List<String> meant = meant(entry.getKey(), known);
        MalformedPolicyException unknown =
            entry
                .getValue()
                .refused(
                    "unknown field %s%s; fields are %s"
                        .formatted(
                            Printable.quote(entry.getKey()),
                            NearNames.hint(meant),
                            String.join(", ", known)));
        // That the field which is meant is missing would be said of one mistake twice.
        meant.forEach(name -> misspelt.putIfAbsent(name, unknown));
        map.refusals().add(unknown);
      }
    }
    if (entries.isEmpty()) {
      throw map.refused("expected one of " + String.join(", ", known) + ", found an empty map");
    }
  }

  private static List<String> meant(String found, List<String> known) {
    String elsewhere = ELSEWHERE.getOrDefault(found.replace('_', '-'), "");
    return known.contains(elsewhere) ? List.of(elsewhere) : NearNames.near(found, known);
  }

  /** Whether there is a field with a similar name, which was refused. */
  public boolean isMisspelt(String name) {
    return misspelt.containsKey(name);
  }

  /** The map. */
  public Value map() {
    return map;
  }

  /** Whether there is a field. */
  public boolean has(String name) {
    return entries.containsKey(name);
  }

  /** A field, if there is one. */
  public Optional<Value> get(String name) {
    return Optional.ofNullable(entries.get(name));
  }

  /** A field that must be there. */
  public Value require(String name) throws MalformedPolicyException {
    Value value = entries.get(name);
    if (value == null) {
      throw missing(name, "expected the field '" + name + "', which is missing");
    }
    return value;
  }

  /** The refusal of a map without a field: that of a similar name, if there is one. */
  public MalformedPolicyException missing(String name, String what) {
    return misspelt.getOrDefault(name, map.refused(what));
  }

  /** Reads a part that says nothing about the others. */
  public <T> T attempt(T otherwise, Refusals.Part<T> part) throws MalformedPolicyException {
    return map.refusals().attempt(otherwise, part);
  }

  /** The only one of some fields that is there. */
  public Value requireOne(String... names) throws MalformedPolicyException {
    List<Value> found = new ArrayList<>();
    for (String name : names) {
      get(name).ifPresent(found::add);
    }
    if (found.isEmpty() && !misspelt.isEmpty()) {
      throw misspelt.values().iterator().next();
    }
    if (found.size() != 1) {
      throw map.refused(
          "expected one of %s, found %s"
              .formatted(String.join(", ", names), found.isEmpty() ? "none" : found.size()));
    }
    return found.get(0);
  }

  /** Texts, none if there is no such field. */
  public List<Value> texts(String name) throws MalformedPolicyException {
    Value value = entries.get(name);
    return value == null ? List.of() : value.texts();
  }

  /** A truth value, or another one if there is no such field. */
  public boolean flag(String name, boolean otherwise) throws MalformedPolicyException {
    Value value = entries.get(name);
    return value == null ? otherwise : value.flag();
  }

  /** One of some words, or a meaning if there is no such field. */
  public <T> T word(String name, Map<String, T> words, T otherwise)
      throws MalformedPolicyException {
    Value value = entries.get(name);
    return value == null ? otherwise : value.word(words);
  }
}
