package dev.modelsigning.cli.sign;

import dev.modelsigning.cli.method.Pkcs11KeyMethod;
import dev.modelsigning.cli.method.SigningMethod;
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

  @Mixin private Pkcs11KeyMethod method = new Pkcs11KeyMethod();

  @Override
  SigningMethod method() {
    return method;
  }
}
