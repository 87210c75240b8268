package dev.modelsigning.cli.command;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What was given to a group of commands in place of a method: a misspelt method or model, say. */
public final class MissingMethod {

  @Spec(Spec.Target.MIXEE)
  private CommandSpec group;

  // Takes what stands in place of a method, to say something useful about it.
  @Parameters(arity = "0..*", hidden = true)
  private List<String> arguments = new ArrayList<>();

  /** What is wrong. */
  public ParameterException refusal() {
    return refusal(group, arguments);
  }

  /** What is wrong with arguments of this group that begin with none of its methods. */
  public static ParameterException refusal(CommandSpec group, List<String> arguments) {
    String choices = "methods are: " + String.join(", ", group.subcommands().keySet());
    if (arguments.isEmpty() || arguments.get(0).startsWith("-")) {
      return new WrongUsage(group, "no model given; " + choices);
    }
    List<String> meant = Harmless.meant(arguments.get(0), group.subcommands().keySet());
    return new WrongUsage(
        group,
        shown(group, arguments.get(0))
            + " is neither a signing method nor a model that exists; "
            + (meant.isEmpty() ? "" : "did you mean " + String.join(", ", meant) + "? ")
            + choices);
  }

  private static String shown(CommandSpec group, String argument) {
    return Harmless.name(argument, group.subcommands().keySet())
        .or(() -> Harmless.path(argument))
        .orElse("what follows '" + group.name() + "' (not shown, as it may be a secret)");
  }
}
