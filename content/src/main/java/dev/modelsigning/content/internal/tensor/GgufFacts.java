package dev.modelsigning.content.internal.tensor;

import dev.modelsigning.content.internal.card.CardValues;
import dev.modelsigning.facts.CardEntry.Field;
import dev.modelsigning.facts.RunnableContent;
import dev.modelsigning.facts.RunnableContent.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Facts about the model in the keys and values of a GGUF file. */
final class GgufFacts {

  private static final String TEMPLATE = "tokenizer.chat_template";

  private static final Map<String, Field> FIELDS =
      Map.of(
          "general.license", Field.LICENSE,
          "general.license.name", Field.LICENSE_NAME,
          "general.license.link", Field.LICENSE_NAME,
          "general.datasets", Field.DATASETS,
          "general.languages", Field.LANGUAGE,
          "general.architecture", Field.ARCHITECTURE);

  private static final Pattern BASE_MODEL =
      Pattern.compile("general\\.base_model\\.[0-9]+\\.(name|repo_url)");
  private static final Pattern DATASET =
      Pattern.compile("general\\.dataset\\.[0-9]+\\.(name|repo_url)");

  private GgufFacts() {}

  /**
   * The templates that programs render with user input.
   *
   * @param keys the keys of the file
   */
  static List<RunnableContent> templates(String file, Iterable<String> keys) {
    List<String> names = new ArrayList<>();
    long more = 0;
    for (String key : keys) {
      if (!key.equals(TEMPLATE) && !key.startsWith(TEMPLATE + ".")) {
        continue;
      }
      if (names.size() < RunnableContent.MAX_NAMES) {
        names.add(key.substring(0, Math.min(key.length(), RunnableContent.MAX_NAME_LENGTH)));
      } else {
        more++;
      }
    }
    return names.isEmpty()
        ? List.of()
        : List.of(
            new RunnableContent(
                file,
                Optional.empty(),
                Kind.TEMPLATE,
                names.stream().sorted().toList(),
                more,
                false));
  }

  /**
   * The statements about the model.
   *
   * @param strings strings and lists of strings in the file, by key
   */
  static CardValues card(Map<String, List<String>> strings) {
    CardValues values = new CardValues();
    strings.forEach((key, list) -> {
      Field field = field(key);
      if (field != null) {
        list.forEach(value -> values.add(field, value));
      }
    });
    return values;
  }

  private static @Nullable Field field(String key) {
    if (BASE_MODEL.matcher(key).matches()) {
      return Field.BASE_MODEL;
    }
    return DATASET.matcher(key).matches() ? Field.DATASETS : FIELDS.get(key);
  }
}
