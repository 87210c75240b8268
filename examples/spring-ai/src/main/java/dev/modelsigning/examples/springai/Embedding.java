package dev.modelsigning.examples.springai;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import dev.modelsigning.ModelVerifier;
import dev.modelsigning.VerifiedModel;
import dev.modelsigning.key.KeyVerifier;
import java.nio.file.Files;
import java.nio.file.Path;
import org.springframework.ai.transformers.TransformersEmbeddingModel;

/** Spring AI takes a {@code Resource} for the model and for the tokenizer. */
public final class Embedding {

  private Embedding() {}

  /** Takes the directory of a model, its signature and the public key of its signer. */
  public static void main(String[] arguments) throws Exception {
    VerifiedModel verified =
        ModelVerifier.using(KeyVerifier.load(Path.of(arguments[2])))
            .verify(Path.of(arguments[0]), Path.of(arguments[1]));
    try (TransformersEmbeddingModel model = load(verified)) {
      System.out.println("numbers: " + model.embed("sign your models").length);
    }
  }

  static TransformersEmbeddingModel load(VerifiedModel verified) throws Exception {
    VerifiedResource resource = new VerifiedResource(verified, "model.onnx");
    requireNoOtherFiles(resource.getContentAsByteArray());
    TransformersEmbeddingModel model = new TransformersEmbeddingModel();
    model.setModelResource(resource);
    model.setTokenizerResource(new VerifiedResource(verified, "tokenizer.json"));
    model.setDisableCaching(true); // a cache of files would be read and not verified
    model.afterPropertiesSet(); // in an application context Spring calls it
    return model;
  }

  /** Spring AI cannot keep the runtime from reading what a model names in the current directory. */
  private static void requireNoOtherFiles(byte[] model) throws Exception {
    Path noFiles = Files.createTempDirectory("no-files");
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.addConfigEntry(
          "session.model_external_initializers_file_folder_path", noFiles.toString());
      OrtEnvironment.getEnvironment().createSession(model, options).close();
    } finally {
      Files.delete(noFiles);
    }
  }
}
