package dev.modelsigning.policy.internal.rules;

import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.policy.internal.tree.MapFields;
import dev.modelsigning.policy.internal.tree.Value;
import dev.modelsigning.policy.problem.MalformedPolicyException;
import dev.modelsigning.predicate.PredicateType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads what must be attested.
 *
 * @param signers the signers that there are
 */
record AttestationParser(SignerNames signers) {

  private static final Duration MAX_AGE = Duration.ofDays(36_525);

  private static final Pattern AGE = Pattern.compile("([1-9][0-9]{0,9})([smhdw])");

  private static final Pattern DIGEST = Pattern.compile("sha256:([0-9a-f]{64})");

  /** The types of predicates that have a condition. */
  private static final Map<String, List<PredicateType>> CONDITIONS = conditions();

  private static final Map<String, Condition.Level> LEVELS = new LinkedHashMap<>();

  private static final Map<String, String> RESULTS = new LinkedHashMap<>();

  static {
    for (Condition.Level level : Condition.Level.values()) {
      LEVELS.put(level.name().toLowerCase(Locale.ROOT), level);
    }
    for (String result : List.of("PASSED", "WARNED", "FAILED")) {
      RESULTS.put(result, result);
    }
  }

  private static Map<String, List<PredicateType>> conditions() {
    Map<String, List<PredicateType>> types = new LinkedHashMap<>();
    types.put("licenses", List.of(PredicateType.CYCLONEDX));
    types.put("builder", List.of(PredicateType.SLSA));
    types.put("result", List.of(PredicateType.TEST_RESULT));
    types.put("severity", List.of(PredicateType.VULNS));
    types.put("base-models", List.of(PredicateType.CYCLONEDX, PredicateType.SLSA));
    types.put("datasets", List.of(PredicateType.CYCLONEDX, PredicateType.SLSA));
    types.put("verifier", List.of(PredicateType.VSA));
    types.put("policy-digest", List.of(PredicateType.VSA));
    types.put("same-name", List.of(PredicateType.VSA));
    return types;
  }

  AttestationRule parse(int number, Value value) throws MalformedPolicyException {
    List<String> known = new ArrayList<>(List.of("type", "by", "max-age", "require-names"));
    known.addAll(CONDITIONS.keySet());
    MapFields fields = value.fields(known.toArray(String[]::new));
    PredicateType type = type(fields.require("type"));
    return new AttestationRule(
        number,
        value.place(),
        type,
        signers.of(fields.require("by")),
        maxAge(fields),
        fields.flag("require-names", false),
        conditions(type, fields));
  }

  private static PredicateType type(Value value) throws MalformedPolicyException {
    try {
      return PredicateType.of(value.text("a type of predicate"));
    } catch (IllegalArgumentException e) {
      throw value.refused(String.valueOf(e.getMessage()));
    }
  }

  /** The largest age in a rule, if it has one. */
  static Optional<Age> maxAge(MapFields fields) throws MalformedPolicyException {
    if (!fields.has("max-age")) {
      return Optional.empty();
    }
    Value value = fields.require("max-age");
    String expected = "an age such as 90s, 30m, 12h, 180d, 4w, of at most 100 years";
    String text = value.text(expected);
    Matcher matcher = AGE.matcher(text);
    if (!matcher.matches()) {
      throw value.expected(expected);
    }
    Duration unit =
        switch (matcher.group(2)) {
          case "s" -> Duration.ofSeconds(1);
          case "m" -> Duration.ofMinutes(1);
          case "h" -> Duration.ofHours(1);
          case "d" -> Duration.ofDays(1);
          default -> Duration.ofDays(7);
        };
    Duration age = unit.multipliedBy(Long.parseLong(matcher.group(1)));
    if (age.compareTo(MAX_AGE) > 0) {
      throw value.expected(expected);
    }
    return Optional.of(new Age(value.place(), age, text));
  }

  /** Digests, in lower-case hexadecimal. */
  static List<String> digests(Value value) throws MalformedPolicyException {
    List<String> digests = new ArrayList<>();
    for (Value each : value.texts()) {
      Matcher matcher = DIGEST.matcher(each.text());
      if (!matcher.matches()) {
        throw each.expected("'sha256:' and 64 lower-case hexadecimal digits");
      }
      digests.add(matcher.group(1));
    }
    return digests;
  }

  private List<Condition> conditions(PredicateType type, MapFields fields)
      throws MalformedPolicyException {
    for (Map.Entry<String, List<PredicateType>> condition : CONDITIONS.entrySet()) {
      if (fields.has(condition.getKey()) && !condition.getValue().contains(type)) {
        throw fields
            .require(condition.getKey())
            .refused(
                "expected only with the type "
                    + String.join(" or ", condition.getValue().stream().map(this::shown).toList())
                    + ", found "
                    + Printable.quote(shown(type)));
      }
    }
    List<Condition> conditions = new ArrayList<>();
    if (fields.has("licenses")) {
      conditions.add(licenses(fields.require("licenses")));
    }
    if (fields.has("builder")) {
      Value builder = fields.require("builder");
      conditions.add(new Condition.Builder(builder.place(), texts(builder)));
    }
    if (fields.has("result")) {
      Value result = fields.require("result");
      conditions.add(new Condition.Result(result.place(), results(result)));
    }
    if (fields.has("severity")) {
      Value severity = fields.require("severity");
      conditions.add(new Condition.Severity(severity.place(), severity.word(LEVELS)));
    }
    if (fields.has("base-models")) {
      Value models = fields.require("base-models");
      conditions.add(
          new Condition.BaseModels(
              models.place(), signers.of(models.fields("signed-by").require("signed-by"))));
    }
    if (fields.has("datasets")) {
      conditions.add(datasets(fields.require("datasets"), type));
    }
    if (type.equals(PredicateType.VSA)) {
      // Always, as it is also what refuses the result FAILED.
      conditions.add(
          new Condition.Summary(
              fields
                  .get("verifier")
                  .or(() -> fields.get("policy-digest"))
                  .orElse(fields.map())
                  .place(),
              fields.has("verifier") ? texts(fields.require("verifier")) : List.of(),
              fields.has("policy-digest") ? digests(fields.require("policy-digest")) : List.of(),
              fields.flag("same-name", false)));
    }
    return conditions;
  }

  private String shown(PredicateType type) {
    return type.name().orElse(type.uri());
  }

  private Condition.Licenses licenses(Value value) throws MalformedPolicyException {
    MapFields fields = value.fields("allow", "deny");
    List<String> allow = licenses(fields, "allow", List.of());
    List<String> deny = licenses(fields, "deny", allow);
    return new Condition.Licenses(value.place(), allow, deny);
  }

  /** Licences without duplicates, which are compared without regard to case. */
  private static List<String> licenses(MapFields fields, String name, List<String> others)
      throws MalformedPolicyException {
    List<String> found = new ArrayList<>();
    for (Value value : fields.texts(name)) {
      String license = value.text();
      if (found.stream().anyMatch(license::equalsIgnoreCase)) {
        throw value.refused("named twice: " + Printable.quote(license));
      }
      if (others.stream().anyMatch(license::equalsIgnoreCase)) {
        throw value.refused("both allowed and denied: " + Printable.quote(license));
      }
      found.add(license);
    }
    return found;
  }

  private Condition.Datasets datasets(Value value, PredicateType type)
      throws MalformedPolicyException {
    MapFields fields = value.fields("signed-by", "licenses", "sensitive-data");
    for (String stated : List.of("licenses", "sensitive-data")) {
      if (fields.has(stated) && !type.equals(PredicateType.CYCLONEDX)) {
        throw fields
            .require(stated)
            .refused(
                "expected only with the type cyclonedx, found " + Printable.quote(shown(type)));
      }
    }
    return new Condition.Datasets(
        value.place(),
        fields.has("signed-by") ? signers.of(fields.require("signed-by")) : List.of(),
        fields.has("licenses")
            ? Optional.of(licenses(fields.require("licenses")))
            : Optional.empty(),
        fields.word("sensitive-data", Map.of("none", true), false));
  }

  private static List<String> results(Value value) throws MalformedPolicyException {
    List<String> results = new ArrayList<>();
    for (Value each : value.texts()) {
      results.add(each.word(RESULTS));
    }
    return results;
  }

  private static List<String> texts(Value value) throws MalformedPolicyException {
    List<String> texts = new ArrayList<>();
    for (Value each : value.texts()) {
      texts.add(each.text());
    }
    return texts;
  }
}
