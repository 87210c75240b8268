package dev.modelsigning.vectors;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Makes the vectors of the methods key and certificate, the known answers and the models. It has
 * the form of a test only to be run by {@code vectors/make}, and no name by which a build takes it
 * for one.
 */
class MakeVectors {

  @TempDir Path scratch;

  @Test
  void make() throws Exception {
    Path root = VectorSet.root();
    KeysForTests keys = new KeysForTests();
    VectorModels.write(root);
    KeyVectors.make(root, scratch, keys);
    CertificateVectors.make(root, keys);
    HashVectors.make(root);
    EcdsaVectors.make(root);
    keys.write(root.resolve("keys-for-tests-only"));
  }
}
