package dev.modelsigning.oci.internal.push;

import java.util.Locale;
import java.util.Set;

/** What a file is in a model, for its media type (ModelPack specification, "Layer Media Types"). */
enum LayerKind {
  WEIGHT("weight"),
  WEIGHT_CONFIG("weight.config"),
  DOC("doc"),
  CODE("code"),
  DATASET("dataset");

  /** Names without a telling end. */
  private static final Set<String> CONFIG_NAMES =
      Set.of("vocab.txt", "merges.txt", "tokenizer.model", "spiece.model", "modelfile", "kitfile");

  private static final Set<String> CONFIG_ENDS =
      Set.of(
          "json",
          "yaml",
          "yml",
          "toml",
          "ini",
          "cfg",
          "conf",
          "config",
          "xml",
          "jinja",
          "jinja2",
          "tiktoken",
          "vocab",
          "spm",
          "model",
          "proto");

  private static final Set<String> DOC_STARTS =
      Set.of("readme", "license", "licence", "notice", "copying", "changelog", "use_policy");

  private static final Set<String> DOC_ENDS =
      Set.of(
          "md", "txt", "rst", "pdf", "html", "htm", "png", "jpg", "jpeg", "gif", "svg", "webp",
          "docx");

  private static final Set<String> CODE_ENDS =
      Set.of(
          "py", "pyi", "ipynb", "sh", "bash", "js", "ts", "c", "h", "cc", "cpp", "hpp", "cu", "cuh",
          "java", "kt", "go", "rs", "rb", "r", "jl", "lua", "swift", "so", "dll", "dylib");

  private static final Set<String> DATASET_ENDS =
      Set.of("parquet", "csv", "tsv", "arrow", "jsonl", "ndjson", "tfrecord", "feather", "avro");

  private final String word;

  LayerKind(String word) {
    this.word = word;
  }

  /** The media type of a file of this kind as it is. */
  String mediaType() {
    return "application/vnd.cncf.model." + word + ".v1.raw";
  }

  /**
   * The kind of a file by its name: it decides nothing but how programs sort layers, and what is
   * not known is taken for weights.
   *
   * @param path its path in the model
   */
  static LayerKind of(String path) {
    String name = path.substring(path.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
    int dot = name.lastIndexOf('.');
    String end = dot < 0 ? "" : name.substring(dot + 1);
    String start = name.indexOf('.') < 0 ? name : name.substring(0, name.indexOf('.'));
    if (CONFIG_NAMES.contains(name)) {
      return WEIGHT_CONFIG;
    }
    if (DOC_STARTS.contains(start) || DOC_ENDS.contains(end)) {
      return DOC;
    }
    if (CONFIG_ENDS.contains(end)) {
      return WEIGHT_CONFIG;
    }
    if (CODE_ENDS.contains(end)) {
      return CODE;
    }
    return DATASET_ENDS.contains(end) ? DATASET : WEIGHT;
  }
}
