package dev.modelsigning.cli.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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

  /** The steps of a text in Markdown. */
  public static List<DocumentedStep> in(String text) {
    List<DocumentedStep> steps = new ArrayList<>();
    List<MarkdownBlock> blocks = MarkdownBlock.in(text);
    for (int i = 0; i < blocks.size(); i++) {
      MarkdownBlock block = blocks.get(i);
      if (block.is("sh", "") || block.is("sh", "refused")) {
        Optional<String> shown =
            blocks.stream()
                .skip(i + 1)
                .limit(1)
                .filter(next -> next.is("text", "") && next.start() == block.end() + 2)
                .map(MarkdownBlock::code)
                .findFirst();
        steps.add(new DocumentedStep(block.code(), block.is("sh", "refused"), shown));
      }
    }
    return steps;
  }
}
