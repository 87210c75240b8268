package dev.modelsigning.cli.method;

import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.cli.command.ShellCommand;
import dev.modelsigning.cli.keys.KeyArguments;
import dev.modelsigning.cli.keys.KeyName;
import dev.modelsigning.cli.keys.PasswordArguments;
import dev.modelsigning.key.KeySigner;
import dev.modelsigning.key.KeyVerifier;
import dev.modelsigning.manifest.ModelHasher;
import dev.modelsigning.signing.PayloadSigner;
import dev.modelsigning.signing.SignedPayload;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signing.UnusableTrustException;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.signingkey.KeyContext;
import dev.modelsigning.signingkey.SigningKey;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Signing with a private key. */
public final class KeyMethod extends SigningMethod {

  @Option(
      names = "--private-key",
      paramLabel = "KEY",
      required = true,
      description = KeyArguments.PRIVATE_KEY)
  private @Nullable KeyName privateKey;

  @Mixin private KeyArguments keys = new KeyArguments();

  @Mixin private PasswordArguments password = new PasswordArguments();

  @Mixin private TimestampingArguments timestamp = new TimestampingArguments();

  @Override
  public List<List<Path>> inputs(boolean quiet) throws IOException, SigningException {
    return List.of(keys.files(name(), context(quiet)), password.files(), timestamp.files());
  }

  @Override
  public Stream<Secret> secrets(ModelHasher hasher, boolean quiet)
      throws IOException, SigningException {
    return Stream.concat(
        Secret.in(name().secretContent(), keys.secretFiles(name(), context(quiet)), hasher),
        Secret.in("password", password.files(), hasher));
  }

  @Override
  public void open(boolean quiet, Use use)
      throws IOException,
          UnusableTrustException,
          SigningException,
          MalformedBundleException,
          VerificationException {
    UnaryOperator<PayloadSigner> stamping = timestamp.stamping(spec());
    try (SigningKey key = keys.open(name(), context(quiet))) {
      KeySigner signer = KeySigner.using(key);
      use.with(stamping.apply(signer), () -> KeyVerifier.using(signer.publicKey()));
    }
  }

  @Override
  public void addTrust(SignedPayload signed, ShellCommand command) {
    PublicKeyOption.add(name().publicFile(), signed.signer(), command);
    timestamp.addTrust(command);
  }

  private KeyName name() {
    return Objects.requireNonNull(privateKey);
  }

  private KeyContext context(boolean quiet) {
    return keys.context(password.source(spec()), spec(), quiet);
  }
}
