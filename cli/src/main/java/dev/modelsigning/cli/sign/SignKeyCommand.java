package dev.modelsigning.cli.sign;

import dev.modelsigning.cli.command.ShellCommand;
import dev.modelsigning.cli.keys.KeyArguments;
import dev.modelsigning.cli.keys.KeyName;
import dev.modelsigning.cli.keys.PasswordArguments;
import dev.modelsigning.key.KeySigner;
import dev.modelsigning.manifest.ModelHasher;
import dev.modelsigning.signing.PayloadSigner;
import dev.modelsigning.signing.SignedPayload;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signing.UnusableTrustException;
import dev.modelsigning.signingkey.KeyContext;
import dev.modelsigning.signingkey.SigningKey;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Signs with a private key. */
@Command(
    name = "key",
    description = "Sign a model with a private key on P-256, P-384 or P-521.",
    footer = {
      "",
      "The password of an encrypted key is taken from --password, --password-file or the"
          + " variable MODEL_SIGNING_PASSWORD, or asked for on a terminal. Others can see the"
          + " arguments of a process, so prefer the other ways.",
      "",
      "The PIN of a token is taken from the file that the URI names (pin-source) or the"
          + " variable PKCS11_PIN, or asked for. It is tried once, before the model is hashed.",
      "",
      "Examples:",
      "  model-signing sign key my-model --private-key key.pem",
      "  model-signing sign key my-model --private-key key.pem \\",
      "      --signature my-model/model.sig --ignore-paths my-model/cache",
      "  model-signing sign key my-model \\",
      "      --private-key 'pkcs11:token=release;object=models'"
    })
final class SignKeyCommand extends SigningCommand {

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
  List<List<Path>> inputs() throws IOException, SigningException {
    return List.of(keys.files(name(), context()), password.files(), timestamp.files());
  }

  @Override
  Stream<Secret> secrets(ModelHasher hasher) throws IOException, SigningException {
    return Stream.concat(
        Secret.in(name().secretContent(), keys.secretFiles(name(), context()), hasher),
        Secret.in("password", password.files(), hasher));
  }

  @Override
  void sign() throws IOException, UnusableTrustException, SigningException {
    UnaryOperator<PayloadSigner> stamping = timestamp.stamping(spec());
    try (SigningKey key = keys.open(name(), context())) {
      sign(stamping.apply(KeySigner.using(key)));
    }
  }

  @Override
  void addTrust(SignedPayload signed, ShellCommand command) {
    PublicKeyOption.add(name().publicFile(), signed.signer(), command);
    timestamp.addTrust(command);
  }

  private KeyName name() {
    return Objects.requireNonNull(privateKey);
  }

  private KeyContext context() {
    return keys.context(password.source(spec()), spec(), quiet());
  }
}
