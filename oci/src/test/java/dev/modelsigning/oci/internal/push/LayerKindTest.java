package dev.modelsigning.oci.internal.push;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The kinds of files by their names. */
class LayerKindTest {

  @ParameterizedTest
  @CsvSource({
    "model.safetensors, WEIGHT",
    "sub/pytorch_model.bin, WEIGHT",
    "model.gguf, WEIGHT",
    "weights, WEIGHT",
    ".hidden, WEIGHT",
    "odd., WEIGHT",
    "config.json, WEIGHT_CONFIG",
    "sub/CONFIG.JSON, WEIGHT_CONFIG",
    "tokenizer.model, WEIGHT_CONFIG",
    "vocab.txt, WEIGHT_CONFIG",
    "chat_template.jinja, WEIGHT_CONFIG",
    "README, DOC",
    "README.md, DOC",
    "LICENSE.json, DOC",
    "notes.txt, DOC",
    "json/modeling.py, CODE",
    "train.parquet, DATASET",
    "data.json/train.csv, DATASET",
  })
  void kindOfAName(String path, LayerKind kind) {
    assertThat(LayerKind.of(path)).isEqualTo(kind);
  }

  @ParameterizedTest
  @CsvSource({
    "WEIGHT, application/vnd.cncf.model.weight.v1.raw",
    "WEIGHT_CONFIG, application/vnd.cncf.model.weight.config.v1.raw",
    "DOC, application/vnd.cncf.model.doc.v1.raw",
    "CODE, application/vnd.cncf.model.code.v1.raw",
    "DATASET, application/vnd.cncf.model.dataset.v1.raw",
  })
  void mediaTypeOfAKind(LayerKind kind, String type) {
    assertThat(kind.mediaType()).isEqualTo(type);
  }
}
