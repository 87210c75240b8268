package dev.modelsigning.policy.internal.rules;

import dev.modelsigning.facts.RunnableContent;
import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.model.HashAlgorithm;
import dev.modelsigning.policy.internal.rules.SignatureRule.KeyAlgorithm;
import dev.modelsigning.policy.internal.tree.MapFields;
import dev.modelsigning.policy.internal.tree.Value;
import dev.modelsigning.policy.problem.MalformedPolicyException;
import dev.modelsigning.report.Amounts;
import dev.modelsigning.signingkey.EcdsaScheme;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the rules for models.
 *
 * @param signers the signers that there are
 */
record RuleParser(SignerNames signers) {

  /** The largest number of attestations of a rule. */
  static final int MAX_ATTESTATIONS = 100;

  private static final AlgorithmRule NO_ALGORITHMS = new AlgorithmRule(List.of(), List.of());

  private static final ForbidRule NOTHING_FORBIDDEN =
      new ForbidRule(ForbidRule.IgnoredPaths.ALLOWED, true, false, Set.of());

  private static final Map<String, ModelRule.Mode> MODES =
      ordered("enforce", ModelRule.Mode.ENFORCE, "warn", ModelRule.Mode.WARN);

  private static final Map<String, ForbidRule.IgnoredPaths> IGNORED_PATHS = ignoredPaths();

  private static final Map<String, String> HASHES = new LinkedHashMap<>();

  private static final Map<String, KeyAlgorithm> KEY_ALGORITHMS = KeyAlgorithm.all();

  private static final Map<String, String> SCHEMES = new LinkedHashMap<>();

  /** The kinds of content that can run, by their names in policies. */
  private static final Map<String, Set<RunnableContent.Kind>> CODE = new LinkedHashMap<>();

  static {
    for (HashAlgorithm algorithm : HashAlgorithm.values()) {
      HASHES.put(algorithm.id(), algorithm.id());
    }
    for (EcdsaScheme scheme : EcdsaScheme.values()) {
      SCHEMES.put(scheme.name(), scheme.name());
    }
    for (RunnableContent.Kind kind : RunnableContent.Kind.values()) {
      CODE.put(kind.code(), Set.of(kind));
    }
    // As the configurations of models call it, and the short form.
    CODE.put("auto_map", Set.of(RunnableContent.Kind.CUSTOM_CODE));
    CODE.put("native", Set.of(RunnableContent.Kind.NATIVE_LIBRARY));
    CODE.put("all", EnumSet.allOf(RunnableContent.Kind.class));
  }

  private static <T> Map<String, T> ordered(String first, T one, String second, T other) {
    Map<String, T> words = new LinkedHashMap<>();
    words.put(first, one);
    words.put(second, other);
    return words;
  }

  private static Map<String, ForbidRule.IgnoredPaths> ignoredPaths() {
    Map<String, ForbidRule.IgnoredPaths> words =
        ordered(
            "all", ForbidRule.IgnoredPaths.ALL, "all-but-git", ForbidRule.IgnoredPaths.ALL_BUT_GIT);
    words.put("none", ForbidRule.IgnoredPaths.ALLOWED);
    return words;
  }

  /** Reads a rule; empty if something in it was refused, and refusals are collected. */
  Optional<ModelRule> parse(int number, Value value) throws MalformedPolicyException {
    int before = value.refusals().count();
    MapFields fields =
        value.fields(
            "match",
            "mode",
            "signatures",
            "max-age",
            "pin",
            "algorithms",
            "forbid",
            "attestations");
    NamePattern match = fields.attempt(new NamePattern("**"), () -> match(fields.require("match")));
    Optional<ModelRule.Mode> mode =
        fields.attempt(
            Optional.empty(),
            () -> Optional.of(fields.word("mode", MODES, ModelRule.Mode.ENFORCE)));
    if (mode.equals(Optional.of(ModelRule.Mode.ENFORCE)) && !fields.has("signatures")) {
      value
          .refusals()
          .add(
              fields.missing(
                  "signatures",
                  "expected the field 'signatures', which is missing: a rule that refuses says who"
                      + " must have signed; 'mode: warn' does without"));
    }
    ModelRule rule =
        new ModelRule(
            number,
            value.place(),
            match,
            mode.orElse(ModelRule.Mode.ENFORCE),
            fields.has("signatures")
                ? fields.attempt(
                    Optional.empty(), () -> Optional.of(signatures(fields.require("signatures"))))
                : Optional.empty(),
            fields.attempt(Optional.empty(), () -> AttestationParser.maxAge(fields)),
            fields.attempt(List.of(), () -> pin(fields)),
            fields.attempt(NO_ALGORITHMS, () -> algorithms(fields)),
            fields.attempt(NOTHING_FORBIDDEN, () -> forbid(fields)),
            fields.attempt(List.of(), () -> attestations(fields)));
    return value.refusals().count() == before ? Optional.of(rule) : Optional.empty();
  }

  private static NamePattern match(Value value) throws MalformedPolicyException {
    String text = value.text("a pattern");
    try {
      return new NamePattern(text);
    } catch (IllegalArgumentException e) {
      throw value.refused(
          "expected a pattern such as 'team/**', relative to the policy; "
              + Printable.quote(text)
              + " "
              + e.getMessage());
    }
  }

  private SignatureRule signatures(Value value) throws MalformedPolicyException {
    MapFields fields = value.fields("of", "at-least", "must-include", "algorithms");
    int before = value.refusals().count();
    List<String> of = fields.attempt(List.of(), () -> signers.of(fields.require("of")));
    // What is compared with them is only read if it is not known who they are.
    Optional<List<String>> known =
        value.refusals().count() == before ? Optional.of(of) : Optional.empty();
    int atLeast =
        fields.has("at-least")
            ? fields.attempt(1, () -> atLeast(fields.require("at-least"), known))
            : 1;
    List<String> mustInclude =
        fields.has("must-include")
            ? fields.attempt(List.of(), () -> mustInclude(fields.require("must-include"), known))
            : List.of();
    List<KeyAlgorithm> algorithms =
        fields.has("algorithms")
            ? fields.attempt(List.of(), () -> keyAlgorithms(fields))
            : List.of();
    return new SignatureRule(value.place(), of, atLeast, mustInclude, algorithms);
  }

  private static List<KeyAlgorithm> keyAlgorithms(MapFields fields)
      throws MalformedPolicyException {
    Value value = fields.require("algorithms");
    int before = value.refusals().count();
    List<KeyAlgorithm> found = words(fields.texts("algorithms"), KEY_ALGORITHMS);
    if (value.refusals().count() == before && found.stream().noneMatch(KeyAlgorithm::isOfOms)) {
      throw value.refused(
          "expected at least one algorithm of OMS (4.2), such as 'ecdsa', found "
              + String.join(", ", found.stream().map(KeyAlgorithm::name).toList())
              + " only: such signatures count beside one of OMS, and never for one");
    }
    return found;
  }

  private static int atLeast(Value value, Optional<List<String>> of)
      throws MalformedPolicyException {
    int atLeast = value.number();
    if (atLeast < 1) {
      throw value.refused("expected 1 or more, found " + atLeast);
    }
    if (of.isPresent() && atLeast > of.get().size()) {
      throw value.refused(
          "expected at most %d, as 'of' names %s; found %d"
              .formatted(of.get().size(), Amounts.of(of.get().size(), "signer"), atLeast));
    }
    return atLeast;
  }

  private List<String> mustInclude(Value value, Optional<List<String>> of)
      throws MalformedPolicyException {
    List<String> names = signers.of(value);
    for (String name : names) {
      if (of.isPresent() && !of.get().contains(name)) {
        throw value.refused(
            "expected signers of 'of', found " + Printable.quote(name) + ", which is not there");
      }
    }
    return names;
  }

  private static List<String> pin(MapFields fields) throws MalformedPolicyException {
    return fields.has("pin")
        ? AttestationParser.digests(fields.require("pin").fields("digest").require("digest"))
        : List.of();
  }

  private static AlgorithmRule algorithms(MapFields fields) throws MalformedPolicyException {
    if (!fields.has("algorithms")) {
      return NO_ALGORITHMS;
    }
    MapFields algorithms = fields.require("algorithms").fields("hash", "signature");
    return new AlgorithmRule(
        algorithms.attempt(List.of(), () -> words(algorithms.texts("hash"), HASHES)),
        algorithms.attempt(List.of(), () -> words(algorithms.texts("signature"), SCHEMES)));
  }

  private static <T> List<T> words(List<Value> values, Map<String, T> words)
      throws MalformedPolicyException {
    List<T> found = new ArrayList<>();
    for (Value value : values) {
      value
          .refusals()
          .attempt(Optional.<T>empty(), () -> Optional.of(value.word(words)))
          .ifPresent(found::add);
    }
    return found;
  }

  private static ForbidRule forbid(MapFields rule) throws MalformedPolicyException {
    if (!rule.has("forbid")) {
      return NOTHING_FORBIDDEN;
    }
    MapFields fields =
        rule.require("forbid").fields("ignored-paths", "unsigned-files", "symlinks", "code");
    ForbidRule.IgnoredPaths allowed = ForbidRule.IgnoredPaths.ALLOWED;
    return new ForbidRule(
        fields.attempt(allowed, () -> fields.word("ignored-paths", IGNORED_PATHS, allowed)),
        fields.attempt(true, () -> fields.flag("unsigned-files", true)),
        fields.attempt(false, () -> fields.flag("symlinks", false)),
        fields.attempt(Set.of(), () -> code(fields.texts("code"))));
  }

  private static Set<RunnableContent.Kind> code(List<Value> values)
      throws MalformedPolicyException {
    Set<RunnableContent.Kind> kinds = EnumSet.noneOf(RunnableContent.Kind.class);
    for (Value value : values) {
      for (RunnableContent.Kind kind :
          value.refusals().attempt(Set.<RunnableContent.Kind>of(), () -> value.word(CODE))) {
        if (!kinds.add(kind)) {
          throw value.refused("named twice: " + Printable.quote(kind.code()));
        }
      }
    }
    return kinds;
  }

  private List<AttestationRule> attestations(MapFields fields) throws MalformedPolicyException {
    List<AttestationRule> attestations = new ArrayList<>();
    if (fields.has("attestations")) {
      AttestationParser parser = new AttestationParser(signers);
      int number = 0;
      for (Value value :
          fields.require("attestations").list("a list of attestations", MAX_ATTESTATIONS)) {
        int position = number;
        fields
            .attempt(Optional.<AttestationRule>empty(), () -> parser.parse(position, value))
            .ifPresent(attestations::add);
        number++;
      }
    }
    return attestations;
  }
}
