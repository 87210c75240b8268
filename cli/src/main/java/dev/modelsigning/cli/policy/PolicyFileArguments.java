package dev.modelsigning.cli.policy;

import dev.modelsigning.bundle.MalformedBundleException;
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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The file of the policy that decides, and how it is known to be the right one. */
public final class PolicyFileArguments {

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

  /** The file of the policy. */
  public Path file() {
    return Objects.requireNonNull(file);
  }

  /** The files that say which policy is the right one, and the policy itself. */
  public List<Path> files() {
    return Stream.of(file, signature, key).filter(Objects::nonNull).toList();
  }

  /** Refuses a digest that is none, and a signature without a key. */
  public void requireUsage(CommandSpec command) {
    if (digest != null && !PolicyIdentity.isDigest(digest)) {
      throw new WrongUsage(
          command, "--policy-digest: expected 'sha256:' and 64 hexadecimal digits");
    }
    if ((signature == null) != (key == null)) {
      throw new WrongUsage(command, "--policy-signature and --policy-key need each other");
    }
  }

  /** Reads the policy, which must be the one that is required. */
  public Policy load()
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
    return policy;
  }
}
