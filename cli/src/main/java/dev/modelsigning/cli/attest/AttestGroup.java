package dev.modelsigning.cli.attest;

import dev.modelsigning.cli.command.MissingMethod;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The group of methods to sign attestations. */
@Command(
    name = "attest",
    synopsisSubcommandLabel = "[METHOD] MODEL_PATH",
    description = {
      "Sign a statement about a signed model: provenance, licences, data, tests.",
      "Without METHOD: sigstore."
    },
    footer = {
      "",
      "Examples:",
      "  model-signing attest key my-model --signature model.sig \\",
      "      --private-key key.pem --predicate-type cyclonedx",
      "  model-signing attest key my-model --signature model.sig \\",
      "      --private-key key.pem --predicate-type test-result \\",
      "      --predicate results.json",
      "  model-signing attest my-model --signature model.sig \\",
      "      --use-ambient-credentials --predicate-type slsa",
      "  model-signing attest key oci://registry.example/my-model:1 \\",
      "      --private-key key.pem --predicate-type cyclonedx"
    })
final class AttestGroup implements Callable<Integer> {

  @Mixin private MissingMethod method = new MissingMethod();

  @Override
  public Integer call() {
    throw method.refusal();
  }
}
