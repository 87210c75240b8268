package dev.modelsigning.cli.policy;

import dev.modelsigning.cli.command.Program;
import dev.modelsigning.cli.command.Task;
import dev.modelsigning.cli.command.WrongUsage;
import dev.modelsigning.cli.output.Output;
import dev.modelsigning.internal.file.WholeFile;
import dev.modelsigning.policy.importing.ModelServerPolicy;
import dev.modelsigning.policy.problem.MalformedPolicyException;
import dev.modelsigning.report.Facts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Translates the policy of a model server. */
@Command(
    name = "import",
    description = {
      "Translate the JSON policy of a model server: signers by name, and for each model and each"
          + " LoRA adapter who must have signed it.",
      "The result is never weaker. What cannot be said in it is refused, and what is different is in"
          + " its comments."
    },
    footer = {
      "",
      "Exit status: 0 if it was translated; 1 if something in it cannot be said.",
      "",
      "Examples:",
      "  model-signing policy import server.json --output policy.yaml",
      "  model-signing policy import server.json --output policy.yaml \\",
      "      --identity vendor=models@vendor.example"
    })
final class PolicyImportCommand implements Task {

  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "FILE", description = "The policy of a model server.")
  private @Nullable Path file;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description =
          "Where to write the policy; there must be nothing. Models and relative files are below its"
              + " directory. Default: standard output, and this directory.")
  private @Nullable Path result;

  @Option(
      names = "--identity",
      paramLabel = "IDENTITY",
      description =
          "Who a signer with a certificate is, NAME=IDENTITY: there, everybody is whom its"
              + " authorities certified. Can be repeated.")
  private List<String> identities = new ArrayList<>();

  private Optional<String> unnamed = Optional.empty();

  @Override
  public Integer call() throws IOException, NotAcceptedException {
    Map<String, String> who = identities();
    if (result != null) {
      WholeFile.requireAbsent(result);
    }
    Path directory = result == null ? null : result.toAbsolutePath().getParent();
    String policy;
    try {
      policy =
          ModelServerPolicy.translate(
              Objects.requireNonNull(file), directory == null ? Path.of("") : directory, who);
    } catch (MalformedPolicyException e) {
      unnamed = ModelServerPolicy.signerWithoutIdentity(e);
      throw new NotAcceptedException(String.valueOf(e.getMessage()), e);
    }
    Output output = Program.of(spec).output(false);
    byte[] bytes = policy.getBytes(StandardCharsets.UTF_8);
    if (result == null) {
      output.bytes(bytes);
    } else {
      WholeFile.create(result, bytes);
      output.result("Policy imported");
      output.info(new Facts().add("policy", result.toString()));
    }
    return ExitCode.OK;
  }

  private Map<String, String> identities() {
    Map<String, String> who = new LinkedHashMap<>();
    for (String each : identities) {
      int equals = each.indexOf('=');
      if (equals < 1 || each.substring(equals + 1).isBlank()) {
        throw new WrongUsage(spec, "--identity: expected NAME=IDENTITY");
      }
      if (who.put(each.substring(0, equals), each.substring(equals + 1)) != null) {
        throw new WrongUsage(spec, "--identity: given twice for one signer");
      }
    }
    return who;
  }

  @Override
  public Optional<String> noteOnFailure() {
    return unnamed.map(name -> "--identity " + name + "=IDENTITY says who that is");
  }

  @Override
  public String failure() {
    return "Importing the policy failed with error";
  }
}
