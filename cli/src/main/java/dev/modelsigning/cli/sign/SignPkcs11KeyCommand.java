package dev.modelsigning.cli.sign;

import dev.modelsigning.cli.command.Task;
import dev.modelsigning.cli.pkcs11.Pkcs11Arguments;
import dev.modelsigning.key.KeySigner;
import dev.modelsigning.signingkey.SigningKey;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Signs with a private key on a hardware token. */
@Command(
    name = "pkcs11-key",
    description =
        "Sign a model with a private key on P-256, P-384 or P-521 on a hardware token (PKCS #11).",
    footer = {
      "",
      "'verify key' verifies it, with the public key that 'pkcs11 public-key' prints.",
      "The PIN is tried once, before the model is hashed.",
      "",
      "Examples:",
      "  model-signing pkcs11 list",
      "  model-signing sign pkcs11-key my-model \\",
      "      --pkcs11-uri 'pkcs11:token=release;object=models'",
      "  model-signing sign pkcs11-key my-model --pkcs11-uri \\",
      "      'pkcs11:token=release;id=%%01?module-name=softhsm2&pin-source=file:/run/pin'"
    })
final class SignPkcs11KeyCommand implements Task {

  @Spec private CommandSpec spec;

  @Mixin private SignArguments signing = new SignArguments();

  @Mixin private Pkcs11Arguments token = new Pkcs11Arguments();

  @Mixin private TimestampingArguments timestamp = new TimestampingArguments();

  @Override
  public Integer call() throws Exception {
    token.require(spec);
    signing.requirePlace(token.files(spec), timestamp.files());
    try (SigningKey key = token.open(spec, quiet())) {
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
