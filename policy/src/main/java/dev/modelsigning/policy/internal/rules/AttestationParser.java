package dev.modelsigning.policy.internal.rules;

import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.policy.internal.tree.MapFields;
import dev.modelsigning.policy.internal.tree.Value;
import dev.modelsigning.policy.problem.MalformedPolicyException;
import dev.modelsigning.predicate.PredicateType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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

  private static final Pattern DIGEST = Pattern.compile("sha256:(" + SignerParser.SHA256 + ")");

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

  /** Reads an attestation; empty if something in it was refused, and refusals are collected. */
  Optional<AttestationRule> parse(int number, Value value) throws MalformedPolicyException {
    int before = value.refusals().count();
    List<String> known = new ArrayList<>(List.of("type", "by", "max-age", "require-names"));
    known.addAll(CONDITIONS.keySet());
    MapFields fields = value.fields(known.toArray(String[]::new));
    Optional<PredicateType> type =
        fields.attempt(Optional.empty(), () -> Optional.of(type(fields.require("type"))));
    List<String> by = fields.attempt(List.of(), () -> signers.of(fields.require("by")));
    Optional<Age> maxAge = fields.attempt(Optional.empty(), () -> maxAge(fields));
    boolean names = fields.attempt(false, () -> fields.flag("require-names", false));
    if (type.isEmpty()) {
      // Which conditions there can be is not known.
      return Optional.empty();
    }
    List<Condition> conditions = conditions(type.get(), fields);
    return value.refusals().count() == before
        ? Optional.of(
            new AttestationRule(number, value.place(), type.get(), by, maxAge, names, conditions))
        : Optional.empty();
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
      if (matcher.matches()) {
        digests.add(matcher.group(1));
      } else {
        each.refusals().add(each.expected("'sha256:' and 64 lower-case hexadecimal digits"));
      }
    }
    return digests;
  }

  private List<Condition> conditions(PredicateType type, MapFields fields)
      throws MalformedPolicyException {
    Set<String> refused = new HashSet<>();
    for (Map.Entry<String, List<PredicateType>> condition : CONDITIONS.entrySet()) {
      if (fields.has(condition.getKey()) && !condition.getValue().contains(type)) {
        refused.add(condition.getKey());
        Value value = fields.require(condition.getKey());
        value
            .refusals()
            .add(
                value.refused(
                    "expected only with the type "
                        + String.join(
                            " or ", condition.getValue().stream().map(this::shown).toList())
                        + ", found "
                        + Printable.quote(shown(type))));
      }
    }
    List<Condition> conditions = new ArrayList<>();
    for (String field : CONDITIONS.keySet()) {
      if (fields.has(field) && !refused.contains(field)) {
        fields
            .attempt(
                Optional.<Condition>empty(), () -> condition(field, fields.require(field), type))
            .ifPresent(conditions::add);
      }
    }
    if (type.equals(PredicateType.VSA)) {
      // Always, as it is also what refuses the result FAILED.
      conditions.add(summary(fields));
    }
    return conditions;
  }

  /** Reads a condition; empty for the fields of a summary, which are one together. */
  private Optional<Condition> condition(String field, Value value, PredicateType type)
      throws MalformedPolicyException {
    return switch (field) {
      case "licenses" -> Optional.of(licenses(value));
      case "builder" -> Optional.of(new Condition.Builder(value.place(), texts(value)));
      case "result" -> Optional.of(new Condition.Result(value.place(), results(value)));
      case "severity" -> Optional.of(new Condition.Severity(value.place(), value.word(LEVELS)));
      case "base-models" ->
          Optional.of(
              new Condition.BaseModels(
                  value.place(), signers.of(value.fields("signed-by").require("signed-by"))));
      case "datasets" -> Optional.of(datasets(value, type));
      default -> Optional.empty();
    };
  }

  private static Condition summary(MapFields fields) throws MalformedPolicyException {
    return new Condition.Summary(
        fields.get("verifier").or(() -> fields.get("policy-digest")).orElse(fields.map()).place(),
        fields.has("verifier")
            ? fields.attempt(List.of(), () -> texts(fields.require("verifier")))
            : List.of(),
        fields.has("policy-digest")
            ? fields.attempt(List.of(), () -> digests(fields.require("policy-digest")))
            : List.of(),
        fields.attempt(false, () -> fields.flag("same-name", false)));
  }

  private String shown(PredicateType type) {
    return type.name().orElse(type.uri());
  }

  private Condition.Licenses licenses(Value value) throws MalformedPolicyException {
    MapFields fields = value.fields("allow", "deny");
    List<String> allow = fields.attempt(List.of(), () -> licenses(fields, "allow", List.of()));
    List<String> deny = fields.attempt(List.of(), () -> licenses(fields, "deny", allow));
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
        fields.has("signed-by")
            ? fields.attempt(List.of(), () -> signers.of(fields.require("signed-by")))
            : List.of(),
        fields.has("licenses")
            ? fields.attempt(
                Optional.empty(), () -> Optional.of(licenses(fields.require("licenses"))))
            : Optional.empty(),
        fields.attempt(false, () -> fields.word("sensitive-data", Map.of("none", true), false)));
  }

  private static List<String> results(Value value) throws MalformedPolicyException {
    List<String> results = new ArrayList<>();
    for (Value each : value.texts()) {
      each.refusals()
          .attempt(Optional.<String>empty(), () -> Optional.of(each.word(RESULTS)))
          .ifPresent(results::add);
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
