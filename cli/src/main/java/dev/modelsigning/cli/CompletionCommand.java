package dev.modelsigning.cli;

import dev.modelsigning.cli.command.Program;
import dev.modelsigning.cli.usage.FishScript;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
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
      "  source <(model-signing completion)",
      "  model-signing completion fish \\",
      "      > ~/.config/fish/completions/model-signing.fish"
    })
final class CompletionCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "SHELL",
      description = "The shell: ${COMPLETION-CANDIDATES}. Default: bash, which zsh understands.")
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
    Program.of(spec).output(false).data(shell == Shell.FISH ? fish() : bash());
    return 0;
  }

  private String fish() {
    return FishScript.of(spec.root(), SigningMethods.defaults());
  }

  /** For zsh too, which has bash's commands for this. */
  private String bash() {
    return withFilesForKeys(AutoComplete.bash("model-signing", spec.root().commandLine()))
        + "\ncomplete -F _complete_model-signing -o default model_signing\n";
  }

  /** A key is a path or a URI, so the library sees a text, but mostly it is a path. */
  private static String withFilesForKeys(String script) {
    String files =
        """
        $1$2local IFS=\\$'\\\\n'
        $2type compopt &>/dev/null && compopt -o filenames
        $2COMPREPLY=( \\$( compgen -f -- "\\${curr_word}" ) ) # files
        $2return \\$?
        """;
    return script.replaceAll("('--(?:private|public)-key'\\)\\R)( +)return\\R", files);
  }
}
