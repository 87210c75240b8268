package dev.modelsigning.hostile;

import dev.modelsigning.ModelVerifier;
import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.certificate.CertificateVerifier;
import dev.modelsigning.signing.BundleVerifier;
import dev.modelsigning.testing.Forge;
import dev.modelsigning.testing.TestCertificate;
import dev.modelsigning.timestamp.TimestampVerifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Measures the methods {@code key} and {@code certificate}; see {@code bench/README.md}. */
public final class HostileBundlesBenchmark {

  private HostileBundlesBenchmark() {}

  /**
   * Prints a table.
   *
   * @param args sizes in bytes with commas, the limit in seconds, part of the names of rows
   */
  public static void main(String[] args) throws Exception {
    Measurement measurement = of(args);
    BundleVerifier key = new Forge().verifier();
    measurement.printHead("`verify key`, a bundle of a stranger");
    for (HostileInput input : HostileBundles.all()) {
      measurement.run(input, json -> key.verify(Bundle.parse(Bytes.of(json))));
    }
    for (HostileInput statement : HostileStatements.all()) {
      measurement.run(
          HostileBundles.unsigned(statement), json -> key.verify(Bundle.parse(Bytes.of(json))));
    }
    measurement.printHead("`verify key`, a statement by a trusted signer");
    Forge forge = new Forge();
    Path model = Files.createTempDirectory("hostile");
    Files.writeString(model.resolve("f"), "x");
    ModelVerifier models = ModelVerifier.using(forge.verifier());
    for (HostileInput statement : HostileStatements.all()) {
      measurement.run(
          statement, payload -> models.verify(model, Bundle.parse(forge.bundle(payload).toJson())));
    }
    measurement.printHead("`verify certificate`, certificates and time stamps of a stranger");
    TestCertificate root = TestCertificate.root("CN=trusted");
    CertificateVerifier certificate =
        CertificateVerifier.builder()
            .trust(List.of(root.certificate()))
            .timestamps(TimestampVerifier.trusting(List.of(root.certificate())))
            .build();
    for (HostileInput input : HostileCertificates.all()) {
      measurement.run(input, json -> certificate.verify(Bundle.parse(Bytes.of(json))));
    }
  }

  /** The measurement that command line arguments ask for. */
  public static Measurement of(String... args) {
    long[] sizes =
        args.length > 0
            ? java.util.Arrays.stream(args[0].split(",", -1)).mapToLong(Long::parseLong).toArray()
            : new long[] {1_000_000, 4_000_000, 16_000_000};
    double limit = args.length > 1 ? Double.parseDouble(args[1]) : 3;
    return new Measurement(sizes, limit, args.length > 2 ? args[2] : "");
  }
}
