package dev.modelsigning.cli.testing;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A block of commands on a page, and what the page shows of their output. In the source of a page a
 * block begins with <code>```sh</code>, or with <code>```sh refused</code> where the last command
 * has to end with the exit status 1. A block <code>```text</code> right below it is what it prints;
 * a line with three dots leaves something out. <code>```sh not-run</code> is for commands that need
 * what no test has, such as the internet, and the text above it has to say so.
 *
 * @param script the commands
 * @param refused whether the last one has to refuse something
 * @param shown what the page shows of the output
 */
public record DocumentedStep(String script, boolean refused, Optional<String> shown) {

  static final Pattern BLOCK =
      Pattern.compile(
          "^```sh(| refused)\\n(.*?)^```\\n(?:\\n```text\\n(.*?)^```$)?",
          Pattern.DOTALL | Pattern.MULTILINE);

  /** The steps of a text in Markdown. */
  public static List<DocumentedStep> in(String text) {
    return BLOCK
        .matcher(text)
        .results()
        .map(found ->
            new DocumentedStep(
                found.group(2), !found.group(1).isEmpty(), Optional.ofNullable(found.group(3))))
        .toList();
  }
}
