package dev.modelsigning.cli.verify;

import dev.modelsigning.cli.command.MissingMethod;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The group of verification methods. */
@Command(
    name = "verify",
    synopsisSubcommandLabel = "[METHOD] MODEL_PATH",
    description = {
      "Verify a model and its signature. Without METHOD: sigstore.",
      "Each method has options of its own; 'model-signing verify METHOD --help' shows them."
    },
    footer = {
      "",
      "Examples:",
      "  model-signing verify my-model --signature model.sig \\",
      "      --identity release@bank.example \\",
      "      --identity-provider https://accounts.google.com",
      "  model-signing verify key my-model --signature model.sig \\",
      "      --public-key key.pub",
      "  model-signing verify certificate my-model --signature model.sig \\",
      "      --certificate-chain ca.pem",
      "  model-signing verify key oci://registry.example/my-model:1 \\",
      "      --public-key key.pub --pull my-model"
    })
final class VerifyCommand implements Callable<Integer> {

  @Mixin private MissingMethod method = new MissingMethod();

  @Override
  public Integer call() {
    throw method.refusal();
  }
}
