package dev.modelsigning.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Groups the methods of verification. */
@Command(
    name = "verify",
    synopsisSubcommandLabel = "[METHOD]",
    description = "Verify a model and its signature. Without METHOD: sigstore.",
    footer = {
      "",
      "Examples:",
      "  model-signing verify my-model --signature model.sig \\",
      "      --identity release@bank.example \\",
      "      --identity-provider https://accounts.google.com",
      "  model-signing verify key my-model --signature model.sig \\",
      "      --public-key key.pub",
      "  model-signing verify certificate my-model --signature model.sig \\",
      "      --certificate-chain ca.pem"
    })
final class VerifyCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  // Takes what stands in place of a method, to say something useful about it.
  @Parameters(arity = "0..*", hidden = true)
  private List<String> arguments = new ArrayList<>();

  @SuppressWarnings("NullAway.Init") // picocli sets the specification
  VerifyCommand() {}

  @Override
  public Integer call() {
    throw SigningMethods.notGiven(spec, arguments);
  }
}
