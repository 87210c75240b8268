package dev.modelsigning.cli.sign;

import dev.modelsigning.cli.method.SigningMethod;
import dev.modelsigning.cli.method.SigstoreMethod;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Signs keyless, with Sigstore. */
@Command(
    name = "sigstore",
    description = {
      "Sign a model with Sigstore, without a key to keep. This is the default method.",
      "You sign in, and a public log records your identity and the signature."
    },
    footer = {
      "",
      "Your identity, such as your e-mail address, becomes PUBLIC, in the signature and in"
          + " the log, for ever.",
      "",
      "The identity comes from --identity-token, --identity-token-file, the variable"
          + " SIGSTORE_ID_TOKEN, the build service (--use-ambient-credentials), or from signing"
          + " in with a browser, in this order. The model is hashed first.",
      "",
      "Examples:",
      "  model-signing sign my-model",
      "  model-signing sign sigstore my-model --use-ambient-credentials",
      "  model-signing sign sigstore my-model --trust-config private.json \\",
      "      --identity-token-file token.jwt"
    })
final class SignSigstoreCommand extends SigningCommand {

  @Mixin private SigstoreMethod method = new SigstoreMethod();

  @Override
  SigningMethod method() {
    return method;
  }
}
