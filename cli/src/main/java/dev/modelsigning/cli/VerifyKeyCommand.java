package dev.modelsigning.cli;

import dev.modelsigning.key.KeyVerifier;
import dev.modelsigning.signing.BundleVerifier;
import dev.modelsigning.timestamp.TimestampedVerifier;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Verifies by a public key. */
@Command(
    name = "key",
    description = "Verify a model by the public key of its signer.",
    footer = {
      "",
      "Examples:",
      "  model-signing verify key my-model --signature model.sig \\",
      "      --public-key key.pub",
      "  model-signing verify key my-model --signature model.sig \\",
      "      --public-key key.pub --strict"
    })
final class VerifyKeyCommand implements Callable<Integer>, Failures.Task {

  @Spec private CommandSpec spec;

  @Mixin private VerifyArguments verification = new VerifyArguments();

  @Option(
      names = "--public-key",
      paramLabel = "FILE",
      required = true,
      description = "The public key in PEM, on P-256, P-384 or P-521.")
  private @Nullable Path publicKey;

  @Mixin private TimestampArguments timestamps = new TimestampArguments();

  @SuppressWarnings("NullAway.Init") // picocli sets the specification
  VerifyKeyCommand() {}

  @Override
  public Integer call() throws Exception {
    Path file = Objects.requireNonNull(publicKey);
    verification.verify(() -> verifier(file), spec);
    return 0;
  }

  private BundleVerifier verifier(Path file) throws IOException, GeneralSecurityException {
    KeyVerifier verifier = KeyVerifier.load(file);
    return timestamps.isGiven()
        ? TimestampedVerifier.using(verifier, timestamps.verifier())
        : verifier;
  }

  @Override
  public String failure() {
    return "Verification failed with error";
  }

  @Override
  public boolean quiet() {
    return verification.model().quiet();
  }
}
