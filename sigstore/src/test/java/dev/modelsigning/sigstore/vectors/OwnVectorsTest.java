package dev.modelsigning.sigstore.vectors;

import dev.modelsigning.signing.BundleVerifier;
import dev.modelsigning.sigstore.IdentityPolicy;
import dev.modelsigning.sigstore.SigstoreVerifier;
import dev.modelsigning.sigstore.TrustedRoot;
import dev.modelsigning.vectors.Vector;
import dev.modelsigning.vectors.VectorSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The project's own keyless vectors, each with its expected outcome. */
class OwnVectorsTest {

  @TempDir Path scratch;

  @TestFactory
  Stream<DynamicTest> sigstore() throws IOException {
    return VectorSet.tests("sigstore", scratch, OwnVectorsTest::verifier);
  }

  private static BundleVerifier verifier(Vector vector) throws IOException {
    Path root = VectorSet.root().resolve(vector.values("trusted-root").get(0));
    String issuer = vector.values("identity-provider").get(0);
    IdentityPolicy policy =
        vector.has("identity-regexp")
            ? IdentityPolicy.matching(
                Pattern.compile(vector.values("identity-regexp").get(0)), issuer)
            : IdentityPolicy.exactly(vector.values("identity").get(0), issuer);
    return SigstoreVerifier.using(TrustedRoot.load(root), policy);
  }
}
