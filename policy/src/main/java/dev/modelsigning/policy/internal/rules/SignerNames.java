package dev.modelsigning.policy.internal.rules;

import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.policy.internal.tree.NearNames;
import dev.modelsigning.policy.internal.tree.Value;
import dev.modelsigning.policy.problem.MalformedPolicyException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The names of the signers of a policy.
 *
 * @param names all of them
 */
record SignerNames(Set<String> names) {

  private static final int MAX_LISTED = 10;

  /** The names of signers, each of which there is. */
  List<String> of(Value value) throws MalformedPolicyException {
    List<String> found = new ArrayList<>();
    for (Value each : value.texts()) {
      String name = each.text();
      if (names.contains(name)) {
        found.add(name);
      } else {
        each.refusals()
            .add(each.refused("no such signer: " + Printable.quote(name) + remedy(name)));
      }
    }
    return found;
  }

  private String remedy(String name) {
    String hint = NearNames.hint(name, names);
    if (!hint.isEmpty()) {
      return hint;
    }
    if (names.isEmpty()) {
      return "; there are no signers";
    }
    return "; signers are "
        + String.join(", ", names.stream().limit(MAX_LISTED).toList())
        + (names.size() > MAX_LISTED ? " and others" : "");
  }
}
