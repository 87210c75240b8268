package dev.modelsigning.cli.sign;

import dev.modelsigning.cli.command.Task;
import dev.modelsigning.cli.keys.KeyArguments;
import dev.modelsigning.cli.keys.KeyName;
import dev.modelsigning.cli.keys.PasswordArguments;
import dev.modelsigning.key.KeySigner;
import dev.modelsigning.signingkey.KeyContext;
import dev.modelsigning.signingkey.SecretSource;
import dev.modelsigning.signingkey.SigningKey;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Signs with a private key. */
@Command(
    name = "key",
    description = "Sign a model with a private key on P-256, P-384 or P-521.",
    footer = {
      "",
      "The password of an encrypted key is taken from --password, --password-file",
      "or the variable MODEL_SIGNING_PASSWORD, or asked for on a terminal. Others",
      "can see the arguments of a process, so prefer the other ways.",
      "",
      "The PIN of a token is taken from the file that the URI names (pin-source) or",
      "the variable PKCS11_PIN, or asked for. It is tried once, before the model is",
      "hashed.",
      "",
      "Examples:",
      "  model-signing sign key my-model --private-key key.pem",
      "  model-signing sign key my-model --private-key key.pem \\",
      "      --signature my-model/model.sig --ignore-paths my-model/cache",
      "  model-signing sign key my-model \\",
      "      --private-key 'pkcs11:token=release;object=models'"
    })
final class SignKeyCommand implements Task {

  @Spec private CommandSpec spec;

  @Mixin private SignArguments signing = new SignArguments();

  @Option(
      names = "--private-key",
      paramLabel = "KEY",
      required = true,
      description =
          "The private key: a file in PEM (PKCS #8 or SEC 1), or a URI such as"
              + " pkcs11:token=release;object=models.")
  private @Nullable KeyName privateKey;

  @Mixin private KeyArguments keys = new KeyArguments();

  @Mixin private PasswordArguments password = new PasswordArguments();

  @Mixin private TimestampingArguments timestamp = new TimestampingArguments();

  @Override
  public Integer call() throws Exception {
    KeyName name = Objects.requireNonNull(privateKey);
    SecretSource passwords = password.source(spec);
    KeyContext context = keys.context(passwords, spec, quiet());
    signing.requirePlace(keys.files(name, context), password.files(), timestamp.files());
    try (SigningKey key = keys.open(name, context)) {
      signing.sign(timestamp.stamping(KeySigner.using(key), spec), spec);
    }
    return 0;
  }

  @Override
  public String failure() {
    return "Signing failed with error";
  }

  @Override
  public boolean quiet() {
    return signing.quiet();
  }
}
