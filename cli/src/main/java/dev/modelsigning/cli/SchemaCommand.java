package dev.modelsigning.cli;

import dev.modelsigning.cli.command.Harmless;
import dev.modelsigning.cli.command.Program;
import dev.modelsigning.cli.command.Task;
import dev.modelsigning.cli.command.WrongUsage;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints the JSON Schema of a command's machine-readable output, or of policies. */
@Command(
    name = "schema",
    description = {
      "Print the JSON Schema of what a command prints with --format json.",
      "That named policy is the schema of policies, for editors."
    },
    footer = {
      "",
      "Examples:",
      "  model-signing schema",
      "  model-signing schema verify > verify.schema.json",
      "  model-signing schema policy > policy.schema.json"
    })
final class SchemaCommand implements Task {

  @Spec private CommandSpec spec;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "NAME",
      description = "The name of the schema. Default: list the names.")
  private @Nullable String name;

  @Override
  public Integer call() {
    Program.of(spec).output(false).data(name == null ? list() : schema(name));
    return 0;
  }

  private static String list() {
    return String.join("\n", Schemas.all()) + "\n";
  }

  private String schema(String typed) {
    return Schemas.text(typed).orElseThrow(() -> unknown(typed));
  }

  /** Repeats what was typed only if it is similar to one of the names. */
  private WrongUsage unknown(String typed) {
    List<String> names = Schemas.all();
    List<String> meant = Harmless.meant(typed, names);
    return new WrongUsage(
        spec,
        "there is no such schema"
            + Harmless.name(typed, names).map(each -> ": " + each).orElse("")
            + ", there are "
            + String.join(", ", names)
            + (meant.isEmpty() ? "" : "; did you mean " + String.join(", ", meant) + "?"));
  }

  @Override
  public String failure() {
    return "Printing the schema failed with error";
  }
}
