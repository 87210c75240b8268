package dev.modelsigning.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Groups the signing methods. */
@Command(
    name = "sign",
    synopsisSubcommandLabel = "[METHOD]",
    description = "Sign a model. Without METHOD: sigstore.",
    footer = {
      "",
      "Examples:",
      "  model-signing sign my-model",
      "  model-signing sign key my-model --private-key key.pem \\",
      "      --signature model.sig",
      "  model-signing sign certificate my-model --private-key key.pem \\",
      "      --signing-certificate cert.pem --certificate-chain ca.pem"
    })
final class SignCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  // Takes what stands in place of a method, to say something useful about it.
  @Parameters(arity = "0..*", hidden = true)
  private List<String> arguments = new ArrayList<>();

  @SuppressWarnings("NullAway.Init") // picocli sets the specification
  SignCommand() {}

  @Override
  public Integer call() {
    throw SigningMethods.notGiven(spec, arguments);
  }
}
