package dev.modelsigning.cli.attest;

import dev.modelsigning.cli.command.MissingMethod;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The group of methods to verify attestations. */
@Command(
    name = "verify-attestation",
    synopsisSubcommandLabel = "[METHOD] MODEL_PATH",
    description = {
      "Verify a model, its signature and what its signer attested about it.",
      "Without METHOD: sigstore."
    },
    footer = {
      "",
      "Examples:",
      "  model-signing verify-attestation key my-model --signature model.sig \\",
      "      --public-key key.pub --predicate-type cyclonedx",
      "  model-signing verify-attestation my-model --signature model.sig \\",
      "      --claims claims.jsonl --predicate-type slsa \\",
      "      --identity release@bank.example \\",
      "      --identity-provider https://accounts.google.com"
    })
final class VerifyAttestationGroup implements Callable<Integer> {

  @Mixin private MissingMethod method = new MissingMethod();

  @Override
  public Integer call() {
    throw method.refusal();
  }
}
