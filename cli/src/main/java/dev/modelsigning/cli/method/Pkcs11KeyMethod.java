package dev.modelsigning.cli.method;

import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.cli.command.ShellCommand;
import dev.modelsigning.cli.pkcs11.Pkcs11Arguments;
import dev.modelsigning.key.KeySigner;
import dev.modelsigning.key.KeyVerifier;
import dev.modelsigning.manifest.ModelHasher;
import dev.modelsigning.signing.PayloadSigner;
import dev.modelsigning.signing.SignedPayload;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signing.UnusableTrustException;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.signingkey.SigningKey;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import picocli.CommandLine.Mixin;

/** Signing with a private key on a hardware token. */
public final class Pkcs11KeyMethod extends SigningMethod {

  @Mixin private Pkcs11Arguments token = new Pkcs11Arguments();

  @Mixin private TimestampingArguments timestamp = new TimestampingArguments();

  @Override
  public void requireUsage() {
    token.require(spec());
  }

  @Override
  public List<List<Path>> inputs(boolean quiet) throws IOException, SigningException {
    return List.of(token.files(spec()), timestamp.files());
  }

  @Override
  public void addTrust(SignedPayload signed, ShellCommand command) {
    PublicKeyOption.add(Optional.empty(), signed.signer(), command);
    timestamp.addTrust(command);
  }

  @Override
  public Stream<Secret> secrets(ModelHasher hasher, boolean quiet)
      throws IOException, SigningException {
    return Secret.in("PIN", token.pinFiles(spec()), hasher);
  }

  @Override
  public void open(boolean quiet, Use use)
      throws IOException,
          UnusableTrustException,
          SigningException,
          MalformedBundleException,
          VerificationException {
    UnaryOperator<PayloadSigner> stamping = timestamp.stamping(spec());
    try (SigningKey key = token.open(spec(), quiet)) {
      KeySigner signer = KeySigner.using(key);
      use.with(stamping.apply(signer), () -> KeyVerifier.using(signer.publicKey()));
    }
  }
}
