package dev.modelsigning.cli;

import dev.modelsigning.cli.command.WrongUsage;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * A placeholder for the tour, which is a script next to the launcher: the launcher runs it
 * directly. Users who start the jar are told so.
 */
@Command(
    name = "quickstart",
    description = {
      "Show signing and verifying with a real model of 24 MB, in a new directory here.",
      "Every command is printed and then run. This is for a checkout, where the launcher starts it."
    },
    footer = {"", "Example:", "  model-signing quickstart"})
final class QuickstartCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    throw new WrongUsage(
        spec, "the tour is run by the launcher of a checkout: ./model-signing quickstart");
  }
}
