package dev.modelsigning.policy.internal.rules;

import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.policy.internal.tree.NearNames;
import dev.modelsigning.policy.internal.tree.Value;
import dev.modelsigning.policy.problem.MalformedPolicyException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The names of the signers of a policy.
 *
 * @param all all of them; empty if they are not known, as they could not be read
 */
record SignerNames(Optional<Set<String>> all) {

  private static final int MAX_LISTED = 10;

  /** The names of signers, each of which there is. */
  List<String> of(Value value) throws MalformedPolicyException {
    List<String> found = new ArrayList<>();
    for (Value each : value.texts()) {
      String name = each.text();
      if (all.isEmpty() || all.get().contains(name)) {
        found.add(name);
      } else {
        each.refusals()
            .add(
                each.refused("no such signer: " + Printable.quote(name) + remedy(name, all.get())));
      }
    }
    return found;
  }

  private static String remedy(String name, Set<String> names) {
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
