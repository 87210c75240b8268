package dev.modelsigning.content.internal.config;

import dev.modelsigning.content.internal.found.Budget;
import dev.modelsigning.content.internal.found.FileStart;
import dev.modelsigning.content.internal.found.FoundFacts;
import dev.modelsigning.content.internal.found.FoundNames;
import dev.modelsigning.content.internal.found.FoundNames.Rank;
import dev.modelsigning.content.internal.found.PartReader;
import dev.modelsigning.content.internal.found.ReadingRules;
import dev.modelsigning.facts.RunnableContent.Kind;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A configuration in JSON: classes in the model's own Python files ({@code auto_map} and the like),
 * Keras layers with code of their own, templates.
 */
public final class ConfigurationReader implements PartReader, LenientJson.Handler {

  /** The largest number of bytes that are read. Configurations have some thousands. */
  static final long MAX_LENGTH = Budget.MAX_CONFIGURATIONS;

  /**
   * Libraries of components of diffusers pipelines; any other name may be a Python file next to the
   * configuration.
   */
  private static final Set<String> PIPELINE_LIBRARIES =
      Set.of("diffusers", "transformers", "onnxruntime", "onnx_utils", "optimum", "peft");

  private final Optional<String> part;
  private final String name;
  private final long maxLength;
  private final Budget budget;
  private final LenientJson json =
      new LenientJson(
          this, "auto_map", "auto_mapping", "custom_pipelines", "chat_template", "types");
  private final FoundNames code = new FoundNames();
  private final FoundNames templates = new FoundNames();
  private final FoundNames layers = new FoundNames();
  private final FoundNames modules = new FoundNames();
  private boolean isKeras;
  private boolean hasForeignBytes;
  private long length;
  private boolean isTooLong;

  /** Creates a reader of a possible configuration. */
  public ConfigurationReader(FileStart file) {
    this(file, MAX_LENGTH);
  }

  ConfigurationReader(FileStart file, long maxLength) {
    this.part = file.part();
    this.name = file.baseName();
    this.maxLength = maxLength;
    this.budget = file.budget();
    // UTF-16 or UTF-32, which some loaders recognize, or a byte order mark.
    this.hasForeignBytes =
        file.at(0) == 0 || file.at(1) == 0 || file.at(0) == 0xef || file.at(0) >= 0xfe;
  }

  @Override
  public boolean accept(ByteBuffer block) {
    long room = Math.max(0, maxLength - length);
    length += block.remaining();
    int some = (int) Math.min(room, block.remaining());
    if (!budget.takeConfiguration(some)) {
      isTooLong = true;
      return false;
    }
    if (block.remaining() > some) {
      isTooLong = true;
      block.limit(block.position() + some);
    }
    json.accept(block);
    return length <= maxLength;
  }

  @Override
  public void value(LenientJson at, @Nullable String text) {
    if (text == null) {
      return;
    }
    String key = at.key(at.depth());
    if (at.isBelow("auto_map")
        || at.isBelow("auto_mapping")
        || (at.isBelow("custom_pipelines") && "impl".equals(key))) {
      code(text);
    }
    if (at.isBelow("chat_template")) {
      template(key, text);
    }
    if (name.equals("model_index.json")) {
      pipeline(at, text);
    }
    if (name.equals("modules.json")
        && "type".equals(key)
        && !text.startsWith("sentence_transformers.")) {
      code(text);
    }
    if (name.equals("router_config.json")
        && at.isBelow("types")
        && !text.startsWith("sentence_transformers.")) {
      code(text);
    }
    if ("activation_function".equals(key) && text.contains(".") && !text.startsWith("torch.")) {
      code(text);
    }
    if (key != null) {
      keras(key, text);
    }
  }

  /**
   * {@code file.Class}, or {@code repository--file.Class}, which is downloaded from another
   * repository.
   */
  private void code(String text) {
    if (text.contains("--")) {
      code.add(Rank.STRIKING, text + " (of another repository)");
    } else {
      code.add(Rank.UNUSUAL, text);
    }
  }

  private void template(@Nullable String key, String text) {
    if ("name".equals(key)) {
      templates.add(Rank.USUAL, "chat_template " + text);
    } else {
      templates.add(
          Rank.USUAL,
          key == null || key.equals("chat_template") || key.equals("template")
              ? "chat_template"
              : "chat_template " + key);
    }
  }

  /** A diffusers pipeline: the library and the class of each component. */
  private void pipeline(LenientJson at, String text) {
    boolean isLibrary = at.depth() == 2 && at.key(2) == null && at.index(2) == 0;
    if (isLibrary && !PIPELINE_LIBRARIES.contains(text)) {
      code(text + " (" + at.key(1) + ")");
    }
  }

  private void keras(String key, String text) {
    switch (key) {
      case "class_name" -> {
        isKeras = true;
        if (text.equals("Lambda") || text.equals("__lambda__")) {
          layers.add(Rank.UNUSUAL, "Lambda");
        } else if (text.equals("TFSMLayer")) {
          // Loads a TensorFlow graph from a path.
          layers.add(Rank.UNUSUAL, text);
        } else if (text.contains(">")) {
          modules.add(Rank.UNUSUAL, text);
        }
      }
      case "function_type" -> {
        if (text.equals("lambda")) {
          layers.add(Rank.UNUSUAL, "Lambda");
        }
      }
      case "module", "fn_module" -> {
        if (!isOfKeras(text)) {
          modules.add(Rank.UNUSUAL, text);
        }
      }
      case "registered_name" -> {
        if (text.contains(">")) {
          modules.add(Rank.UNUSUAL, text);
        }
      }
      default -> {}
    }
  }

  private static boolean isOfKeras(String module) {
    return module.equals("keras")
        || module.startsWith("keras.")
        || module.startsWith("tensorflow.keras.")
        || module.startsWith("tf_keras.");
  }

  @Override
  public void end(FoundFacts found) {
    json.end();
    if (!code.isEmpty()) {
      found.runs(part, Kind.CUSTOM_CODE, code);
    }
    if (isKeras) {
      layers.addAll(modules);
    }
    if (!layers.isEmpty()) {
      found.runs(part, Kind.KERAS_LAMBDA, layers);
    }
    if (!templates.isEmpty()) {
      found.runs(part, Kind.TEMPLATE, templates);
    }
    if (isTooLong) {
      found.finding(
          ReadingRules.CONTENT_NOT_SEARCHED, part, "it has more than " + maxLength + " bytes");
    } else if (hasForeignBytes || !json.isStrict() || !json.isWhole()) {
      found.finding(ReadingRules.CONFIGURATION_AMBIGUOUS, part, "expected one JSON value in UTF-8");
    }
  }
}
