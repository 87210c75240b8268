package dev.modelsigning.cli.policy;

import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.cli.command.Place;
import dev.modelsigning.cli.command.WrongUsage;
import dev.modelsigning.key.KeyVerifier;
import dev.modelsigning.policy.OtherPolicyException;
import dev.modelsigning.policy.Policy;
import dev.modelsigning.policy.PolicyIdentity;
import dev.modelsigning.policy.problem.MalformedPolicyException;
import dev.modelsigning.signing.UnusableTrustException;
import dev.modelsigning.signing.VerificationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The policy that decides, and how it is known to be the right one. */
final class PolicyArguments {

  @Option(
      names = "--policy",
      paramLabel = "FILE",
      required = true,
      description = "The policy, in YAML or JSON. Whoever can write it decides what is accepted.")
  private @Nullable Path file;

  @Option(
      names = "--policy-digest",
      paramLabel = "DIGEST",
      description = "Accept only the policy with this digest: 'sha256:' and 64 hexadecimal digits.")
  private @Nullable String digest;

  @Option(
      names = "--policy-signature",
      paramLabel = "FILE",
      description =
          "Accept only a policy that was signed, as a model of one file, with --policy-key.")
  private @Nullable Path signature;

  @Option(
      names = "--policy-key",
      paramLabel = "FILE",
      description = "The public key of whoever must have signed the policy.")
  private @Nullable Path key;

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
    return Objects.requireNonNull(file);
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
    if (digest != null && !PolicyIdentity.isDigest(digest)) {
      throw new WrongUsage(
          command, "--policy-digest: expected 'sha256:' and 64 hexadecimal digits");
    }
    if ((signature == null) != (key == null)) {
      throw new WrongUsage(command, "--policy-signature and --policy-key need each other");
    }
  }

  /** Reads the policy, which must be the one that is required. */
  Policy load()
      throws IOException,
          MalformedBundleException,
          MalformedPolicyException,
          OtherPolicyException,
          UnusableTrustException,
          VerificationException {
    if (Files.notExists(file())) {
      throw new NoSuchFileException(
          file().toString(),
          null,
          "no such file; --policy names the policy, a file in YAML or JSON");
    }
    Policy policy =
        signature == null || key == null
            ? Policy.load(file())
            : Policy.load(file(), signature, KeyVerifier.load(key));
    if (digest != null) {
      policy = policy.requireDigest(digest);
    }
    return root == null ? policy : policy.namedBelow(root);
  }
}
