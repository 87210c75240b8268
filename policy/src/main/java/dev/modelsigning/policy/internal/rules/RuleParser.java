package dev.modelsigning.policy.internal.rules;

import dev.modelsigning.facts.RunnableContent;
import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.model.HashAlgorithm;
import dev.modelsigning.policy.internal.tree.MapFields;
import dev.modelsigning.policy.internal.tree.Value;
import dev.modelsigning.policy.problem.MalformedPolicyException;
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

  private static final Map<String, ModelRule.Mode> MODES =
      ordered("enforce", ModelRule.Mode.ENFORCE, "warn", ModelRule.Mode.WARN);

  private static final Map<String, ForbidRule.IgnoredPaths> IGNORED_PATHS = ignoredPaths();

  private static final Map<String, String> HASHES = new LinkedHashMap<>();

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

  ModelRule parse(int number, Value value) throws MalformedPolicyException {
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
    NamePattern match = match(fields.require("match"));
    ModelRule.Mode mode = fields.word("mode", MODES, ModelRule.Mode.ENFORCE);
    if (mode == ModelRule.Mode.ENFORCE && !fields.has("signatures")) {
      throw value.refused(
          "expected the field 'signatures', which is missing: a rule that refuses says who must"
              + " have signed; 'mode: warn' does without");
    }
    return new ModelRule(
        number,
        value.place(),
        match,
        mode,
        fields.has("signatures")
            ? Optional.of(signatures(fields.require("signatures")))
            : Optional.empty(),
        AttestationParser.maxAge(fields),
        pin(fields),
        algorithms(fields),
        forbid(fields),
        attestations(fields));
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
    MapFields fields = value.fields("of", "at-least", "must-include");
    List<String> of = signers.of(fields.require("of"));
    int atLeast = 1;
    if (fields.has("at-least")) {
      atLeast = fields.require("at-least").number();
      if (atLeast < 1 || atLeast > of.size()) {
        throw fields
            .require("at-least")
            .refused(
                "expected 1 to %d, the number of signers in 'of'; found %d"
                    .formatted(of.size(), atLeast));
      }
    }
    List<String> mustInclude = new ArrayList<>();
    if (fields.has("must-include")) {
      Value included = fields.require("must-include");
      mustInclude.addAll(signers.of(included));
      for (String name : mustInclude) {
        if (!of.contains(name)) {
          throw included.refused(
              "expected signers of 'of', found " + Printable.quote(name) + ", which is not there");
        }
      }
    }
    return new SignatureRule(value.place(), of, atLeast, mustInclude);
  }

  private static List<String> pin(MapFields fields) throws MalformedPolicyException {
    return fields.has("pin")
        ? AttestationParser.digests(fields.require("pin").fields("digest").require("digest"))
        : List.of();
  }

  private static AlgorithmRule algorithms(MapFields fields) throws MalformedPolicyException {
    if (!fields.has("algorithms")) {
      return new AlgorithmRule(List.of(), List.of());
    }
    MapFields algorithms = fields.require("algorithms").fields("hash", "signature");
    return new AlgorithmRule(
        words(algorithms.texts("hash"), HASHES), words(algorithms.texts("signature"), SCHEMES));
  }

  private static List<String> words(List<Value> values, Map<String, String> words)
      throws MalformedPolicyException {
    List<String> found = new ArrayList<>();
    for (Value value : values) {
      found.add(value.word(words));
    }
    return found;
  }

  private static ForbidRule forbid(MapFields rule) throws MalformedPolicyException {
    if (!rule.has("forbid")) {
      return new ForbidRule(ForbidRule.IgnoredPaths.ALLOWED, true, false, Set.of());
    }
    MapFields fields =
        rule.require("forbid").fields("ignored-paths", "unsigned-files", "symlinks", "code");
    return new ForbidRule(
        fields.word("ignored-paths", IGNORED_PATHS, ForbidRule.IgnoredPaths.ALLOWED),
        fields.flag("unsigned-files", true),
        fields.flag("symlinks", false),
        code(fields.texts("code")));
  }

  private static Set<RunnableContent.Kind> code(List<Value> values)
      throws MalformedPolicyException {
    Set<RunnableContent.Kind> kinds = EnumSet.noneOf(RunnableContent.Kind.class);
    for (Value value : values) {
      for (RunnableContent.Kind kind : value.word(CODE)) {
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
      for (Value value :
          fields.require("attestations").list("a list of attestations", MAX_ATTESTATIONS)) {
        attestations.add(parser.parse(attestations.size(), value));
      }
    }
    return attestations;
  }
}
