package dev.modelsigning.report;

import dev.modelsigning.ModelSigner;
import dev.modelsigning.ModelVerifier;
import dev.modelsigning.key.KeyPairFiles;
import dev.modelsigning.key.KeySigner;
import dev.modelsigning.key.KeyVerifier;
import dev.modelsigning.local.DirectorySource;
import dev.modelsigning.signing.BundleVerifier;
import dev.modelsigning.signingkey.EcdsaScheme;
import dev.modelsigning.testing.Models;
import java.nio.file.Path;

/** A model with a signature, as an example for verdicts. */
record SignedExample(Path model, Path signature, Path privateKey, BundleVerifier verifier) {

  /** One of the files a and sub/b. */
  static SignedExample in(Path directory) throws Exception {
    return of(Models.write(directory.resolve("model"), "a", "alpha", "sub/b", "beta"), directory);
  }

  /** One that is there. */
  static SignedExample of(Path model, Path directory) throws Exception {
    Path privateKey = directory.resolve("key.pem");
    Path publicKey = directory.resolve("key.pub");
    KeyPairFiles.generate(EcdsaScheme.P256, privateKey, publicKey);
    SignedExample example =
        new SignedExample(
            model, directory.resolve("model.sig"), privateKey, KeyVerifier.load(publicKey));
    ModelSigner.using(KeySigner.load(privateKey)).sign(model, example.signature);
    return example;
  }

  /** Signs another model. */
  Path sign(Path other) throws Exception {
    Path file = signature.resolveSibling("other.sig");
    ModelSigner.using(KeySigner.load(privateKey)).sign(other, file);
    return file;
  }

  /** What there is to say now, with the sizes of files. */
  Verdict verdict() {
    return Verdict.of(
        ModelVerifier.builder(verifier)
            .keepSizes(true)
            .build()
            .examine(DirectorySource.of(model), signature));
  }
}
