package dev.modelsigning.cli;

import dev.modelsigning.cli.command.Program;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints a script that completes command lines in a shell. */
@Command(
    name = "completion",
    description = "Print a completion script for bash and zsh.",
    footer = {"", "Example:", "  source <(model-signing completion)"})
final class CompletionCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Program.of(spec)
        .output(false)
        .data(
            withFilesForKeys(AutoComplete.bash("model-signing", spec.root().commandLine()))
                + "\ncomplete -F _complete_model-signing -o default model_signing\n");
    return 0;
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
