package dev.modelsigning.cli.testing;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A fenced code block of a page, such as one that begins with <code>```sh refused</code>.
 *
 * @param language the first word of the info string, which renderers know, such as {@code sh}
 * @param mark the rest of it, which only our tests read; empty if there is none
 * @param code the lines between the fences
 * @param start where the opening fence begins in the text
 * @param end where the closing fence ends
 */
public record MarkdownBlock(String language, String mark, String code, int start, int end) {

  private static final Pattern FENCED =
      Pattern.compile("^```(\\S*)(?: ([^\\n]+))?\\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);

  /** All blocks of a text, in their order. */
  public static List<MarkdownBlock> in(String text) {
    return FENCED
        .matcher(text)
        .results()
        .map(found ->
            new MarkdownBlock(
                found.group(1),
                Optional.ofNullable(found.group(2)).orElse(""),
                found.group(3),
                found.start(),
                found.end()))
        .toList();
  }

  /** Whether it is a block of this language with this mark. */
  public boolean is(String wantedLanguage, String wantedMark) {
    return language.equals(wantedLanguage) && mark.equals(wantedMark);
  }
}
