package dev.modelsigning.examples.langchain4j;

import dev.langchain4j.model.embedding.onnx.OnnxEmbeddingModel;
import dev.langchain4j.model.embedding.onnx.PoolingMode;
import dev.modelsigning.ModelMismatchException;
import dev.modelsigning.ModelVerifier;
import dev.modelsigning.VerifiedModel;
import dev.modelsigning.key.KeyVerifier;
import java.io.IOException;
import java.nio.file.Path;

/** LangChain4j takes paths, so it is given those of a private copy, written while it was hashed. */
public final class FromCopy {

  private FromCopy() {}

  /**
   * Takes the directory of a model, its signature, the public key of its signer, and where the copy
   * is to be, in a directory of yours.
   */
  public static void main(String[] arguments) throws Exception {
    VerifiedModel verified =
        ModelVerifier.using(KeyVerifier.load(Path.of(arguments[2])))
            .verify(Path.of(arguments[0]), Path.of(arguments[1]));
    OnnxEmbeddingModel model = load(verified, Path.of(arguments[3]));
    System.out.println("numbers: " + model.embed("sign your models").content().dimension());
  }

  /** Loads the model; its copy is not needed afterwards. */
  static OnnxEmbeddingModel load(VerifiedModel verified, Path copy)
      throws IOException, ModelMismatchException {
    verified.copyTo(copy);
    return new OnnxEmbeddingModel(
        copy.resolve("model.onnx"), copy.resolve("tokenizer.json"), PoolingMode.MEAN);
  }
}
