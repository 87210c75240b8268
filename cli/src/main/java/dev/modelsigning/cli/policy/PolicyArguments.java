package dev.modelsigning.cli.policy;

import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.cli.command.Place;
import dev.modelsigning.cli.command.WrongUsage;
import dev.modelsigning.policy.OtherPolicyException;
import dev.modelsigning.policy.Policy;
import dev.modelsigning.policy.problem.MalformedPolicyException;
import dev.modelsigning.signing.UnusableTrustException;
import dev.modelsigning.signing.VerificationException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The policy that decides about models in directories, too. */
final class PolicyArguments {

  @Mixin private PolicyFileArguments policy = new PolicyFileArguments();

  @Option(
      names = "--root",
      paramLabel = "DIR",
      description =
          "The directory that models are named below: patterns are compared with a model's path below"
              + " it. Default: the policy's directory.")
  private @Nullable Path root;

  /** Whether another directory than the policy's has the models. */
  boolean hasRoot() {
    return root != null;
  }

  /** The file of the policy. */
  Path file() {
    return policy.file();
  }

  /**
   * Refuses a digest that is none, a signature without a key, and a root where no model is below
   * it.
   */
  void requireUsage(CommandSpec command, List<Place> models) {
    if (root != null && models.stream().noneMatch(Place::isHere)) {
      throw new WrongUsage(
          command,
          "--root is for models in directories: one in a registry is named by its repository, one"
              + " in an object store by its bucket and prefix");
    }
    policy.requireUsage(command);
  }

  /** Reads the policy, which must be the one that is required. */
  Policy load()
      throws IOException,
          MalformedBundleException,
          MalformedPolicyException,
          OtherPolicyException,
          UnusableTrustException,
          VerificationException {
    Policy read = policy.load();
    return root == null ? read : read.namedBelow(root);
  }
}
