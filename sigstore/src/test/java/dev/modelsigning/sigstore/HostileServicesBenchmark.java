package dev.modelsigning.sigstore;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.hostile.HostileBundles;
import dev.modelsigning.hostile.HostileBundlesBenchmark;
import dev.modelsigning.hostile.HostileInput;
import dev.modelsigning.hostile.Measurement;

/** Measures the method {@code sigstore}; see {@code bench/README.md}. */
public final class HostileServicesBenchmark {

  private HostileServicesBenchmark() {}

  /** Prints tables; arguments as of {@link HostileBundlesBenchmark}. */
  public static void main(String[] args) throws Exception {
    Measurement measurement = HostileBundlesBenchmark.of(args);
    TestSigstore sigstore = new TestSigstore();
    SigstoreVerifier verifier =
        SigstoreVerifier.using(
            sigstore.trustedRoot(), IdentityPolicy.exactly("bob@example.com", TestSigstore.ISSUER));
    measurement.printHead("`verify sigstore`, a bundle of somebody else, logged as anybody can");
    for (HostileInput input : new HostileLogEntries(sigstore).all()) {
      measurement.run(input, json -> verifier.verify(Bundle.parse(Bytes.of(json))));
    }
    for (HostileInput input : HostileBundles.all()) {
      measurement.run(input, json -> verifier.verify(Bundle.parse(Bytes.of(json))));
    }
  }
}
