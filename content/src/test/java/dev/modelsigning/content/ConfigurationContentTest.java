package dev.modelsigning.content;

import static dev.modelsigning.content.Look.bytes;
import static dev.modelsigning.content.Look.kinds;
import static dev.modelsigning.content.Look.names;
import static dev.modelsigning.content.Look.rules;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.facts.FileFacts;
import dev.modelsigning.facts.RunnableContent.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Code, layers and templates that configurations name; programs. */
class ConfigurationContentTest {

  private static final String AUTO_MAP =
      "{\"auto_map\": {\"AutoModel\": \"modeling_x.X\", \"AutoTokenizer\": [null,"
          + " \"them/repo--tok.T\"]}}";

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 4096})
  void tellsWhichCodeAConfigurationNames(int blockSize) {
    FileFacts facts = Look.at("config.json", bytes(AUTO_MAP), blockSize);
    assertThat(kinds(facts)).containsExactly(Kind.CUSTOM_CODE);
    assertThat(names(facts))
        .containsExactly("them/repo--tok.T (of another repository)", "modeling_x.X");
    assertThat(facts.findings()).isEmpty();
  }

  /** A lenient loader takes them. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\": NaN, \"auto_map\": {\"A\": \"m.X\"}}",
        "{\"auto_map\": {\"A\": \"m.X\"},}",
        "{\"auto_map\": {\"A\": \"m.X\"}} trailing",
        "{\"\\u0061uto_map\": {\"A\": \"m.X\"}, 'x': 1}",
        "// comment\n{\"auto_map\": {\"A\": \"m.X\"}}",
        "{\"auto_map\": {\"A\": \"m.X\"}",
        "\u00ef\u00bb\u00bf{\"auto_map\": {\"A\": \"m.X\"}}",
        "{\"a\": \"\n\", \"auto_map\": {\"A\": \"m.X\"}}"
      })
  void isNotBlindedByWhatAStrictReaderRefuses(String json) {
    FileFacts facts = Look.at("config.json", json);
    assertThat(names(facts)).containsExactly("m.X");
    assertThat(rules(facts)).contains("CONFIGURATION_AMBIGUOUS").doesNotContain("CONTENT_BROKEN");
  }

  @Test
  void saysNothingOfPlainConfigurations() {
    FileFacts facts =
        Look.at(
            "config.json",
            "{\"model_type\": \"bert\", \"a\": [1, -2.5e3, true, null, \"x\\\"y\\u00e9\"], \"b\": {},"
                + " \"c\": []}\n");
    assertThat(facts.runnable()).isEmpty();
    assertThat(facts.findings()).isEmpty();
  }

  @Test
  void seesTheDuplicateOfAName() {
    assertThat(
            names(
                Look.at(
                    "config.json",
                    "{\"auto_map\": {\"A\": \"m.X\"}, \"auto_map\": {\"A\": \"n.Y\"}}")))
        .containsExactly("m.X", "n.Y");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "config.json|{'custom_pipelines': {'t': {'impl': 'p.P', 'pt': ['AutoModel']}}}|CUSTOM_CODE|p.P",
        "model_index.json|{'_class_name': ['pipeline', 'P'], 'unet': ['diffusers', 'U']}|CUSTOM_CODE|pipeline (_class_name)",
        "modules.json|[{'type': 'sentence_transformers.models.Pooling'}, {'type': 'custom.M'}]|CUSTOM_CODE|custom.M",
        "config.json|{'config': {'layers': [{'class_name': 'Lambda'}]}}|KERAS_LAMBDA|Lambda",
        "config.json|{'class_name': '__lambda__'}|KERAS_LAMBDA|Lambda",
        "config.json|{'class_name': 'D', 'module': 'keras.layers', 'x': {'class_name': 'function', 'module': 'os'}}|KERAS_LAMBDA|os",
        "config.json|{'class_name': 'D', 'registered_name': 'pkg>D'}|KERAS_LAMBDA|pkg>D",
        "tokenizer_config.json|{'chat_template': '{{ x }}'}|TEMPLATE|chat_template",
        "tokenizer_config.json|{'chat_template': [{'name': 'rag', 'template': ''}]}|TEMPLATE|chat_template rag",
      })
  void tellsWhatElseConfigurationsName(String file, String json, Kind kind, String name) {
    FileFacts facts = Look.at("sub/" + file, json.replace('\'', '"'));
    assertThat(kinds(facts)).containsExactly(kind);
    assertThat(names(facts)).contains(name);
    assertThat(facts.findings()).isEmpty();
  }

  @Test
  void survivesDepthAndLength() {
    FileFacts facts =
        Look.at(
            "config.json",
            "[".repeat(100_000) + "]".repeat(100_000) + ",{\"auto_map\": {\"A\": \"m.X\"}}");
    assertThat(names(facts)).containsExactly("m.X");
    assertThat(rules(facts)).contains("CONFIGURATION_AMBIGUOUS").doesNotContain("CONTENT_BROKEN");
    assertThat(rules(Look.at("config.json", "\"" + " ".repeat((64 << 20) + 1) + "\"")))
        .contains("CONTENT_NOT_SEARCHED");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 4096})
  void findsLambdaLayersInHdf5(int blockSize) {
    String file = "\u0089HDF\r\n\u001a\n" + "x".repeat(5000) + "{\"class_name\": \"Lambda\"}" + "y";
    FileFacts facts = Look.at("weights", bytes(file), blockSize);
    assertThat(kinds(facts)).containsExactly(Kind.KERAS_LAMBDA);
    assertThat(Look.at("a.h5", "\u0089HDF\r\n\u001a\n" + "\"Dense\"").runnable()).isEmpty();
  }

  @Test
  void findsOperationsOfGraphsThatGetAtFiles() {
    FileFacts facts = Look.at("saved_model.pb", "\n\u0001a\u0012\u0008ReadFile\u001a\u0001b");
    assertThat(kinds(facts)).containsExactly(Kind.PROGRAM);
    assertThat(names(facts)).containsExactly("ReadFile");
    assertThat(Look.at("saved_model.pb", "\n\u0001a\u0012\u0006MatMul").runnable()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "modeling_x.py, x = 1, PYTHON",
    "a.pyc, x, PYTHON",
    "lib/x.so, x, NATIVE_LIBRARY",
    "lib/x.so.6, x, NATIVE_LIBRARY",
    "X.DLL, x, NATIVE_LIBRARY",
    "run, '#!/bin/sh', PROGRAM",
    "run.sh, x, PROGRAM",
    "weights, '\u007fELF', NATIVE_LIBRARY",
    "weights, '\u00ca\u00fe\u00ba\u00be\0\0\0\u0002', NATIVE_LIBRARY",
    "weights, '\u00ca\u00fe\u00ba\u00be\0\0\0=', PROGRAM",
    "weights, '\u00cf\u00fa\u00ed\u00fe', NATIVE_LIBRARY",
    "chat_template.jinja, x, TEMPLATE",
    "additional_chat_templates/rag.jinja, x, TEMPLATE"
  })
  void knowsProgramsAndTemplates(String name, String bytes, Kind kind) {
    assertThat(kinds(Look.at(name, bytes))).containsExactly(kind);
  }

  @Test
  void knowsProgramsOfWindowsByMoreThanTwoLetters() {
    String start = "MZ" + "\0".repeat(58) + "@\0\0\0";
    assertThat(kinds(Look.at("weights", start + "PE\0\0"))).containsExactly(Kind.NATIVE_LIBRARY);
    assertThat(Look.at("weights", start + "text").runnable()).isEmpty();
    assertThat(Look.at("weights", "MZ is a text").runnable()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"readme.txt", "README.md", "vocab.txt", "tokenizer.json", "a/b/c", "x.csv"})
  void asksForNothingOfFilesWithoutInterest(String name) {
    FileFacts facts = Look.at(name, "hello");
    assertThat(facts.runnable()).isEmpty();
    assertThat(facts.findings()).isEmpty();
  }
}
