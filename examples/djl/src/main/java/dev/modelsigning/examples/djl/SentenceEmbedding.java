package dev.modelsigning.examples.djl;

import ai.djl.Model;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.translator.TextEmbeddingTranslator;
import ai.djl.inference.Predictor;
import ai.onnxruntime.OrtSession;
import dev.modelsigning.ModelVerifier;
import dev.modelsigning.VerifiedModel;
import dev.modelsigning.key.KeyVerifier;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** DJL with its engine for ONNX Runtime: model and tokenizer are read from proved channels. */
public final class SentenceEmbedding implements AutoCloseable {

  private final Model model;
  private final HuggingFaceTokenizer tokenizer;
  private final Predictor<String, float[]> predictor;

  SentenceEmbedding(VerifiedModel verified) throws Exception {
    // What a model in ONNX names must not be looked for in the current directory.
    Path noFiles = Files.createTempDirectory("no-files");
    try (InputStream modelStream = Channels.newInputStream(verified.open("model.onnx"));
        InputStream tokenizerStream = Channels.newInputStream(verified.open("tokenizer.json"));
        OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.addConfigEntry(
          "session.model_external_initializers_file_folder_path", noFiles.toString());
      model = Model.newInstance("all-MiniLM-L6-v2", "OnnxRuntime");
      model.load(modelStream, Map.of("sessionOptions", options));
      tokenizer = HuggingFaceTokenizer.newInstance(tokenizerStream, Map.of());
    } finally {
      Files.delete(noFiles);
    }
    predictor =
        model.newPredictor(
            TextEmbeddingTranslator.builder(tokenizer).optIncludeTokenTypes(true).build());
  }

  /** Takes the directory of a model, its signature and the public key of its signer. */
  public static void main(String[] arguments) throws Exception {
    VerifiedModel verified =
        ModelVerifier.using(KeyVerifier.load(Path.of(arguments[2])))
            .verify(Path.of(arguments[0]), Path.of(arguments[1]));
    try (SentenceEmbedding embedding = new SentenceEmbedding(verified)) {
      System.out.println("numbers: " + embedding.of("sign your models").length);
    }
  }

  float[] of(String text) throws Exception {
    return predictor.predict(text);
  }

  @Override
  public void close() {
    predictor.close();
    tokenizer.close();
    model.close();
  }
}
