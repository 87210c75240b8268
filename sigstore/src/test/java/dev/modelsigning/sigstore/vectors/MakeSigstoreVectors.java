package dev.modelsigning.sigstore.vectors;

import dev.modelsigning.vectors.KeysForTests;
import dev.modelsigning.vectors.VectorFolder;
import dev.modelsigning.vectors.VectorSet;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * Makes the keyless vectors. It has the form of a test only to be run by {@code vectors/make}, and
 * no name by which a build takes it for one.
 */
class MakeSigstoreVectors {

  @Test
  void make() throws Exception {
    Path root = VectorSet.root();
    KeysForTests keys = new KeysForTests();
    VectorFolder folder = new VectorFolder(root, "sigstore");
    VectorKit kit = new VectorKit(folder, keys);
    new SignerVectors(kit).make();
    new LogVectors(kit).make();
    new TrustVectors(kit).make();
    folder.writeIndex(
        "Keyless bundles of small Sigstore instances. Certificates, log entries and time stamps are"
            + " validly signed, unless the description says otherwise.");
    keys.write(root.resolve("keys-for-tests-only"));
  }
}
