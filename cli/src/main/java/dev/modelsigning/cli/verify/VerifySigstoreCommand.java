package dev.modelsigning.cli.verify;

import dev.modelsigning.cli.method.SigstoreVerification;
import dev.modelsigning.cli.method.VerificationMethod;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Verifies keyless signatures. */
@Command(
    name = "sigstore",
    description =
        "Verify a model that was signed with Sigstore, by who must have signed it. This is the"
            + " default method.",
    footer = {
      "",
      "Whom to trust is asked of the instance's repository and kept on disk; without a"
          + " network the last answer serves until it expires. With --trusted-root or"
          + " --trust-config there is no network at all.",
      "",
      "Examples:",
      "  model-signing verify my-model --signature model.sig \\",
      "      --identity release@bank.example \\",
      "      --identity-provider https://accounts.google.com",
      "  model-signing verify sigstore my-model --signature model.sig \\",
      "      --identity-regexp 'https://github\\.com/bank/.*@refs/heads/main' \\",
      "      --identity-provider https://token.actions.githubusercontent.com"
    })
final class VerifySigstoreCommand extends VerificationCommand {

  @Mixin private SigstoreVerification method = new SigstoreVerification();

  @Override
  VerificationMethod method() {
    return method;
  }

  @Override
  public Optional<String> adviceOnUntrustedCertificate() {
    return method.adviceOnUntrustedCertificate();
  }
}
