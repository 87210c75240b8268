package dev.modelsigning.cli;

import dev.modelsigning.cli.command.Program;
import dev.modelsigning.cli.usage.BashScript;
import dev.modelsigning.cli.usage.FishScript;
import dev.modelsigning.cli.usage.ZshScript;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints a script that completes command lines in a shell. */
@Command(
    name = "completion",
    description = "Print a completion script for bash, zsh or fish.",
    footer = {
      "",
      "Examples:",
      "  source <(model-signing completion bash)",
      "  model-signing completion zsh > ~/.zsh/completions/_model-signing",
      "  model-signing completion fish \\",
      "      > ~/.config/fish/completions/model-signing.fish"
    })
final class CompletionCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "SHELL",
      description = "The shell: ${COMPLETION-CANDIDATES}. Default: bash.")
  private Shell shell = Shell.BASH;

  /** The shells that there is a script for. */
  private enum Shell {
    BASH,
    ZSH,
    FISH;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Override
  public Integer call() {
    Program.of(spec).output(false).data(script(spec.root(), shell));
    return 0;
  }

  /** The names of the shells. */
  static List<String> shells() {
    return Arrays.stream(Shell.values()).map(Shell::toString).toList();
  }

  /** The script for a shell, by its name. */
  static String script(CommandSpec root, String shell) {
    return script(root, Shell.valueOf(shell.toUpperCase(Locale.ROOT)));
  }

  private static String script(CommandSpec root, Shell shell) {
    Map<String, String> defaults = SigningMethods.defaults();
    return switch (shell) {
      case BASH -> BashScript.of(root, defaults);
      case ZSH -> ZshScript.of(root, defaults);
      case FISH -> FishScript.of(root, defaults);
    };
  }
}
