package dev.modelsigning.cli.method;

import dev.modelsigning.cli.keys.BeyondOms;
import dev.modelsigning.cli.keys.KeyArguments;
import dev.modelsigning.cli.keys.KeyName;
import dev.modelsigning.cli.trust.TimestampArguments;
import dev.modelsigning.key.KeyVerifier;
import dev.modelsigning.signing.BundleVerifier;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signing.UnusableTrustException;
import dev.modelsigning.signingkey.KeyContext;
import dev.modelsigning.signingkey.SecretSource;
import dev.modelsigning.timestamp.TimestampedVerifier;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Verification with a public key. */
public final class KeyVerification extends VerificationMethod {

  @Option(
      names = "--public-key",
      paramLabel = "KEY",
      required = true,
      description = KeyArguments.PUBLIC_KEY)
  private @Nullable KeyName publicKey;

  @Mixin private KeyArguments keys = new KeyArguments();

  @Mixin private BeyondOms beyond = new BeyondOms();

  @Mixin private TimestampArguments timestamps = new TimestampArguments();

  @Override
  public List<Path> inputs(boolean quiet) throws IOException {
    try {
      return keys.files(
          Objects.requireNonNull(publicKey), keys.context(SecretSource.NONE, spec(), quiet));
    } catch (SigningException e) {
      return List.of(); // not a valid key name, which is reported when it is opened
    }
  }

  @Override
  public BundleVerifier verifier(boolean quiet) throws IOException, UnusableTrustException {
    KeyContext context = keys.context(SecretSource.NONE, spec(), quiet);
    KeyVerifier verifier = beyond.verifier(keys, Objects.requireNonNull(publicKey), context);
    return timestamps.isGiven()
        ? TimestampedVerifier.using(verifier, timestamps.verifier())
        : verifier;
  }
}
