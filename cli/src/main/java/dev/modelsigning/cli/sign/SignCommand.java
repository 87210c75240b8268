package dev.modelsigning.cli.sign;

import dev.modelsigning.cli.command.MissingMethod;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The group of signing methods. */
@Command(
    name = "sign",
    synopsisSubcommandLabel = "[METHOD] MODEL_PATH",
    description = {
      "Sign a model. Without METHOD: sigstore.",
      "Each method has options of its own; 'model-signing sign METHOD --help' shows them."
    },
    footer = {
      "",
      "Examples:",
      "  model-signing sign my-model",
      "  model-signing sign key my-model --private-key key.pem \\",
      "      --signature model.sig",
      "  model-signing sign certificate my-model --private-key key.pem \\",
      "      --signing-certificate cert.pem --certificate-chain ca.pem",
      "  model-signing sign key oci://registry.example/my-model:1 \\",
      "      --private-key key.pem"
    })
final class SignCommand implements Callable<Integer> {

  @Mixin private MissingMethod method = new MissingMethod();

  @Override
  public Integer call() {
    throw method.refusal();
  }
}
