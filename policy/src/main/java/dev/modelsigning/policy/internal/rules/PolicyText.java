package dev.modelsigning.policy.internal.rules;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A whole policy.
 *
 * @param signers the signers by their names, in the order of the file
 * @param rules the rules for models, of which the first that matches applies
 */
public record PolicyText(Map<String, SignerText> signers, List<ModelRule> rules) {

  /** Copies signers and rules. */
  public PolicyText {
    signers = Collections.unmodifiableMap(new LinkedHashMap<>(signers));
    rules = List.copyOf(rules);
  }

  /** The names of the signers of whom a rule speaks. */
  public Set<String> usedSigners() {
    Set<String> names = new LinkedHashSet<>();
    rules.forEach(rule -> names.addAll(rule.signers()));
    return names;
  }
}
