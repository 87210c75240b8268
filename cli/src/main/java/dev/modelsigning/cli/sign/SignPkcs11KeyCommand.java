package dev.modelsigning.cli.sign;

import dev.modelsigning.cli.command.ShellCommand;
import dev.modelsigning.cli.pkcs11.Pkcs11Arguments;
import dev.modelsigning.key.KeySigner;
import dev.modelsigning.manifest.ModelHasher;
import dev.modelsigning.signing.PayloadSigner;
import dev.modelsigning.signing.SignedPayload;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signing.UnusableTrustException;
import dev.modelsigning.signingkey.SigningKey;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Signs with a private key on a hardware token. */
@Command(
    name = "pkcs11-key",
    description =
        "Sign a model with a private key on P-256, P-384 or P-521 on a hardware token (PKCS #11).",
    footer = {
      "",
      "'verify key' verifies it, with the public key that 'pkcs11 public-key' prints. The"
          + " PIN is tried once, before the model is hashed.",
      "",
      "Examples:",
      "  model-signing pkcs11 list",
      "  model-signing sign pkcs11-key my-model \\",
      "      --pkcs11-uri 'pkcs11:token=release;object=models'",
      "  model-signing sign pkcs11-key my-model \\",
      "      --module-path /usr/lib/softhsm/libsofthsm2.so \\",
      "      --pkcs11-uri 'pkcs11:token=release;id=%%01?pin-source=file:/run/pin'"
    })
final class SignPkcs11KeyCommand extends SigningCommand {

  @Mixin private Pkcs11Arguments token = new Pkcs11Arguments();

  @Mixin private TimestampingArguments timestamp = new TimestampingArguments();

  @Override
  void requireUsage() {
    token.require(spec());
  }

  @Override
  List<List<Path>> inputs() throws IOException, SigningException {
    return List.of(token.files(spec()), timestamp.files());
  }

  @Override
  void addTrust(SignedPayload signed, ShellCommand command) {
    PublicKeyOption.add(Optional.empty(), signed.signer(), command);
    timestamp.addTrust(command);
  }

  @Override
  Stream<Secret> secrets(ModelHasher hasher) throws IOException, SigningException {
    return Secret.in("PIN", token.pinFiles(spec()), hasher);
  }

  @Override
  void sign() throws IOException, UnusableTrustException, SigningException {
    UnaryOperator<PayloadSigner> stamping = timestamp.stamping(spec());
    try (SigningKey key = token.open(spec(), quiet())) {
      sign(stamping.apply(KeySigner.using(key)));
    }
  }
}
