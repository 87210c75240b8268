package dev.modelsigning.cli.sign;

import dev.modelsigning.cli.method.KeyMethod;
import dev.modelsigning.cli.method.SigningMethod;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

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
      "  model-signing sign key my-model --private-key key.pem \\",
      "      --also mldsa.pem --beyond-oms --signature model.sig",
      "  model-signing sign key my-model \\",
      "      --private-key 'pkcs11:token=release;object=models'",
      "  model-signing sign key oci://registry.example/my-model:1 \\",
      "      --private-key key.pem"
    })
final class SignKeyCommand extends SigningCommand {

  @Mixin private KeyMethod method = new KeyMethod();

  @Mixin private AlsoArguments also = new AlsoArguments();

  @Override
  SigningMethod method() {
    method.also(also.key());
    return method;
  }
}
