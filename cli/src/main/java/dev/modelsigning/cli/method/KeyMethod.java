package dev.modelsigning.cli.method;

import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.cli.command.ShellCommand;
import dev.modelsigning.cli.keys.BeyondOms;
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
import dev.modelsigning.signingkey.EcdsaScheme;
import dev.modelsigning.signingkey.KeyContext;
import dev.modelsigning.signingkey.MlDsaScheme;
import dev.modelsigning.signingkey.SigningKey;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
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

  @Mixin private BeyondOms beyond = new BeyondOms();

  @Mixin private PasswordArguments password = new PasswordArguments();

  @Mixin private TimestampingArguments timestamp = new TimestampingArguments();

  /** The key of a second signature, if one is asked for. */
  private Optional<KeyName> also = Optional.empty();

  private @Nullable PayloadSigner second;

  private boolean beyondOms;

  /** Sets the key of a second signature, for ML-DSA. */
  public void also(Optional<KeyName> key) {
    also = key;
  }

  @Override
  public boolean hasSecond() {
    return also.isPresent();
  }

  @Override
  public Optional<PayloadSigner> second() {
    return Optional.ofNullable(second);
  }

  @Override
  public boolean isBeyondOms() {
    return beyondOms;
  }

  @Override
  public List<List<Path>> inputs(boolean quiet) throws IOException, SigningException {
    List<List<Path>> inputs = new ArrayList<>();
    inputs.add(keys.files(name(), context(quiet)));
    if (also.isPresent()) {
      inputs.add(keys.files(also.get(), context(quiet)));
    }
    inputs.add(password.files());
    inputs.add(timestamp.files());
    return inputs;
  }

  @Override
  public Stream<Secret> secrets(ModelHasher hasher, boolean quiet)
      throws IOException, SigningException {
    Stream.Builder<Stream<Secret>> secrets = Stream.builder();
    secrets.add(secrets(name(), hasher, quiet));
    if (also.isPresent()) {
      secrets.add(secrets(also.get(), hasher, quiet));
    }
    secrets.add(Secret.in("password", password.files(), hasher));
    return secrets.build().flatMap(each -> each);
  }

  private Stream<Secret> secrets(KeyName key, ModelHasher hasher, boolean quiet)
      throws IOException, SigningException {
    return Secret.in(key.secretContent(), keys.secretFiles(key, context(quiet)), hasher);
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
      KeySigner signer = beyond.signer(key);
      beyondOms = !(key.scheme() instanceof EcdsaScheme);
      if (also.isEmpty()) {
        use.with(stamping.apply(signer), () -> KeyVerifier.using(signer.publicKey()));
        return;
      }
      try (SigningKey other = openSecond(also.get(), key, quiet)) {
        second = stamping.apply(beyond.signer(other));
        use.with(stamping.apply(signer), () -> KeyVerifier.using(signer.publicKey()));
      } finally {
        second = null;
      }
    }
  }

  private SigningKey openSecond(KeyName name, SigningKey first, boolean quiet)
      throws IOException, SigningException {
    if (!beyond.isGiven()) {
      throw new SigningException(
          "--also makes a signature that OMS v1.0 does not have, and that other clients cannot"
              + " verify; add --beyond-oms if that is meant");
    }
    if (!(first.scheme() instanceof EcdsaScheme)) {
      throw new SigningException(
          "expected an elliptic-curve key with --private-key, as the second signature goes beside"
              + " one of OMS, found a key for "
              + first.scheme().name());
    }
    SigningKey key = keys.open(name, context(quiet));
    if (!(key.scheme() instanceof MlDsaScheme)) {
      String found = key.scheme().name();
      key.close();
      throw new SigningException(
          "expected a key for ML-DSA with --also, found one for "
              + found
              + "; to have a second signature of OMS, sign again and name another --signature");
    }
    return key;
  }

  @Override
  public void addTrust(SignedPayload signed, ShellCommand command) {
    PublicKeyOption.add(name().publicFile(), signed.signer(), command);
    timestamp.addTrust(command);
  }

  @Override
  public void addTrustInSecond(SignedPayload signed, ShellCommand command) {
    PublicKeyOption.add(also.flatMap(KeyName::publicFile), signed.signer(), command);
    timestamp.addTrust(command);
  }

  private KeyName name() {
    return Objects.requireNonNull(privateKey);
  }

  private KeyContext context(boolean quiet) {
    return keys.context(password.source(spec()), spec(), quiet);
  }
}
