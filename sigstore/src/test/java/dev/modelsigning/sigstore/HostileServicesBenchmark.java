package dev.modelsigning.sigstore;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.hostile.HostileBundlesBenchmark;
import dev.modelsigning.hostile.HostileInput;
import dev.modelsigning.hostile.Measurement;
import dev.modelsigning.sigstore.internal.data.JsonFields;
import dev.modelsigning.sigstore.internal.trust.TufState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Optional;

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
    HostileDocuments documents = new HostileDocuments(sigstore);
    measurement.printHead("a trust configuration");
    for (HostileInput input : documents.trustConfigurations()) {
      measurement.run(input, json -> signing(ClientTrustConfig.of(parse(json)).signingConfig()));
    }
    measurement.printHead("the claims of an identity token, answers of services");
    for (HostileInput input : HostileDocuments.objects()) {
      measurement.run(input, json -> JsonFields.read("answer", json, 10_000).natural("exp"));
    }
    measurement.printHead("metadata of a TUF repository, before its signatures were verified");
    try (TestRepository repository = new TestRepository()) {
      String root = new String(repository.files.get("1.root.json"), StandardCharsets.UTF_8);
      String id = root.replaceFirst(".*?\"keyid\":\"([0-9a-f]+)\".*", "$1");
      for (HostileInput input : HostileDocuments.metadata()) {
        measurement.run(input, json -> update(root, id, json));
      }
    }
  }

  private static Object signing(SigningConfig config) throws Exception {
    return config.certificateAuthority() + " " + config.transparencyLogs(Optional.empty());
  }

  private static TrustConfigDocument parse(byte[] json) throws TrustConfigException {
    return TrustConfigDocument.parse("file", json);
  }

  /** Updates from a server that has only this, as its {@code timestamp.json}. */
  private static Object update(String root, String id, byte[] json) throws IOException {
    byte[] timestamp =
        new String(json, StandardCharsets.UTF_8)
            .replace("0".repeat(64) + "\",\"sig", id + "\",\"sig")
            .getBytes(StandardCharsets.UTF_8);
    new TufState(root)
        .update(
            (name, maxLength) ->
                name.equals("timestamp.json") ? Optional.of(timestamp) : Optional.empty(),
            Clock.systemUTC());
    return "updated";
  }
}
