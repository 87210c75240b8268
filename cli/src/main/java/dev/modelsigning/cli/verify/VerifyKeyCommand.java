package dev.modelsigning.cli.verify;

import dev.modelsigning.cli.method.KeyVerification;
import dev.modelsigning.cli.method.VerificationMethod;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Verifies with a public key. */
@Command(
    name = "key",
    description = "Verify a model by the public key of its signer.",
    footer = {
      "",
      "Examples:",
      "  model-signing verify key my-model --signature model.sig \\",
      "      --public-key key.pub",
      "  model-signing verify key my-model --signature model.sig \\",
      "      --public-key key.pub --strict",
      "  model-signing verify key --each models --signature-name model.sig \\",
      "      --public-key key.pub",
      "  model-signing verify key my-model --signature model.sig \\",
      "      --public-key key.pub --report verdict.html",
      "  model-signing verify key my-model --signature model.sig \\",
      "      --public-key key.pub --format sarif > verdict.sarif",
      "  model-signing verify key my-model --signature model.sig \\",
      "      --public-key 'pkcs11:token=release;id=%%01'",
      "  model-signing verify key oci://registry.example/my-model:1 \\",
      "      --public-key key.pub --pull my-model"
    })
final class VerifyKeyCommand extends VerificationCommand {

  @Mixin private KeyVerification method = new KeyVerification();

  @Override
  VerificationMethod method() {
    return method;
  }
}
