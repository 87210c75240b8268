package dev.modelsigning.cli.serve;

import dev.modelsigning.cli.policy.PolicyFileArguments;
import dev.modelsigning.policy.Policy;
import dev.modelsigning.policy.problem.MalformedPolicyException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** What the files of a policy contain, those of its signers included. */
final class PolicyContents implements Supplier<String> {

  private final PolicyFileArguments policy;

  PolicyContents(PolicyFileArguments policy) {
    this.policy = policy;
  }

  @Override
  public String get() {
    List<Path> files = new ArrayList<>(policy.files());
    try {
      files.addAll(Policy.load(policy.file()).files());
    } catch (IOException | MalformedPolicyException e) {
      // It names no files then; whoever loads it says why.
      files.add(policy.file());
    }
    return Contents.of(files);
  }
}
