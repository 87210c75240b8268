package dev.modelsigning.policy.internal.rules;

import dev.modelsigning.policy.internal.tree.MapFields;
import dev.modelsigning.policy.internal.tree.Refusals;
import dev.modelsigning.policy.internal.tree.TreeReader;
import dev.modelsigning.policy.internal.tree.Value;
import dev.modelsigning.policy.problem.MalformedPolicyException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads a policy. Everything that is not understood is refused, at every level: a requirement that
 * is misspelt must not be a requirement less.
 */
public final class PolicyParser {

  /** The largest number of signers. */
  static final int MAX_SIGNERS = 1_000;

  /** The largest number of rules. */
  static final int MAX_RULES = 10_000;

  /** The largest number of characters of a signer's name. */
  static final int MAX_NAME = 100;

  /** What editors write at the top, with the address of the schema. */
  private static final String SCHEMA = "$schema";

  private PolicyParser() {}

  /**
   * Reads a policy. No other file is opened.
   *
   * @param file named in messages
   * @param directory the directory of relative paths
   * @param bytes YAML or JSON
   * @throws MalformedPolicyException if it is not a policy
   */
  public static PolicyText parse(String file, Path directory, byte[] bytes)
      throws MalformedPolicyException {
    PolicyDraft draft = read(file, directory, bytes);
    if (!draft.isWhole()) {
      throw draft.refusals().get(0);
    }
    return draft.understood();
  }

  /**
   * Reads as much of a policy as can be understood, and collects what is wrong with it.
   *
   * @param file named in messages
   * @param directory the directory of relative paths
   * @param bytes YAML or JSON
   */
  public static PolicyDraft read(String file, Path directory, byte[] bytes) {
    Refusals refusals = Refusals.collected();
    Map<String, SignerText> signers = new LinkedHashMap<>();
    List<ModelRule> rules = new ArrayList<>();
    try {
      read(TreeReader.value(file, bytes, refusals), directory, signers, rules);
    } catch (MalformedPolicyException e) {
      return new PolicyDraft(new PolicyText(signers, rules), ended(refusals, e), refusals.isFull());
    }
    return new PolicyDraft(new PolicyText(signers, rules), refusals.all(), false);
  }

  /** All refusals, the last of which ended the reading. */
  private static List<MalformedPolicyException> ended(
      Refusals refusals, MalformedPolicyException last) {
    try {
      refusals.add(last);
    } catch (MalformedPolicyException full) {
      // It is among the others, or one too many.
      return refusals.all();
    }
    return refusals.all();
  }

  private static void read(
      Value whole, Path directory, Map<String, SignerText> signers, List<ModelRule> rules)
      throws MalformedPolicyException {
    MapFields fields = whole.fields(List.of("version", "signers", "models"), List.of(SCHEMA));
    fields.attempt(1, () -> version(fields));
    if (fields.has(SCHEMA)) {
      // For editors only, which complete and check a policy by it.
      fields.attempt("", () -> fields.require(SCHEMA).text("the address of a schema"));
    }
    Optional<Map<String, Value>> named =
        fields.attempt(Optional.empty(), () -> Optional.of(signers(fields)));
    fields.attempt(0, () -> signers(named.orElse(Map.of()), new SignerParser(directory), signers));
    RuleParser parser = new RuleParser(new SignerNames(named.map(Map::keySet)));
    fields.attempt(0, () -> rules(fields.require("models"), parser, rules));
  }

  private static int version(MapFields fields) throws MalformedPolicyException {
    if (!fields.has("version")) {
      throw fields.missing(
          "version", "expected the field 'version', which is missing; write 'version: 1'");
    }
    Value value = fields.require("version");
    if (value.number("the number 1") != 1) {
      throw value.expected("version 1");
    }
    return 1;
  }

  /** The signers by their names; none if there is no such field. */
  private static Map<String, Value> signers(MapFields fields) throws MalformedPolicyException {
    return fields.has("signers") || fields.isMisspelt("signers")
        ? fields.require("signers").entries("a map of signers")
        : Map.of();
  }

  private static int signers(
      Map<String, Value> named, SignerParser parser, Map<String, SignerText> signers)
      throws MalformedPolicyException {
    int number = 0;
    for (Map.Entry<String, Value> entry : named.entrySet()) {
      String name = entry.getKey();
      Value value = entry.getValue();
      if (number == MAX_SIGNERS) {
        throw value.refused("expected at most " + MAX_SIGNERS + " signers");
      }
      number++;
      if (name.isBlank() || name.length() > MAX_NAME) {
        value
            .refusals()
            .add(value.refused("expected a signer's name of 1 to " + MAX_NAME + " characters"));
      } else {
        value
            .refusals()
            .attempt(Optional.<SignerText>empty(), () -> parser.parse(name, value))
            .ifPresent(signer -> signers.put(name, signer));
      }
    }
    return number;
  }

  private static int rules(Value list, RuleParser parser, List<ModelRule> rules)
      throws MalformedPolicyException {
    int number = 0;
    for (Value rule : list.list("a list of rules", MAX_RULES)) {
      int position = number;
      rule.refusals()
          .attempt(Optional.<ModelRule>empty(), () -> parser.parse(position, rule))
          .ifPresent(rules::add);
      number++;
    }
    return number;
  }
}
