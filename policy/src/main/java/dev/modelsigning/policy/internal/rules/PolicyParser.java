package dev.modelsigning.policy.internal.rules;

import dev.modelsigning.policy.internal.tree.MapFields;
import dev.modelsigning.policy.internal.tree.TreeReader;
import dev.modelsigning.policy.internal.tree.Value;
import dev.modelsigning.policy.problem.MalformedPolicyException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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
    Value whole = new Value(file, TreeReader.read(file, bytes));
    MapFields fields = whole.fields("version", "signers", "models");
    if (fields.require("version").number() != 1) {
      throw fields.require("version").expected("version 1");
    }
    Map<String, SignerText> signers = signers(fields, directory);
    List<ModelRule> rules = new ArrayList<>();
    RuleParser parser = new RuleParser(new SignerNames(signers.keySet()));
    for (Value rule : fields.require("models").list("a list of rules", MAX_RULES)) {
      rules.add(parser.parse(rules.size(), rule));
    }
    return new PolicyText(signers, rules);
  }

  private static Map<String, SignerText> signers(MapFields fields, Path directory)
      throws MalformedPolicyException {
    Map<String, SignerText> signers = new LinkedHashMap<>();
    if (!fields.has("signers")) {
      return signers;
    }
    Value map = fields.require("signers");
    SignerParser parser = new SignerParser(directory);
    for (Map.Entry<String, Value> entry : map.entries("a map of signers").entrySet()) {
      String name = entry.getKey();
      if (name.isBlank() || name.length() > MAX_NAME) {
        throw entry
            .getValue()
            .refused("expected a signer's name of 1 to " + MAX_NAME + " characters");
      }
      if (signers.size() == MAX_SIGNERS) {
        throw entry.getValue().refused("expected at most " + MAX_SIGNERS + " signers");
      }
      signers.put(name, parser.parse(name, entry.getValue()));
    }
    return signers;
  }
}
